/** The web server before a test's API, as `npm start` puts them: one address for pages, API and log. */
import { randomBytes } from 'node:crypto';
import { createWebApplication } from '../../apps/web/src/application.js';
import { readWebSettings, WebConfig } from '../../apps/web/src/config.js';

export type WebApp = { readonly url: string; stop(): Promise<void> };

export async function startWebApp(
  harness: { readonly url: string; readonly clock: { now(): Date } },
  settings: Record<string, string> = {},
): Promise<WebApp> {
  const environment = { API_URL: harness.url, WEB_SECRET: randomBytes(32).toString('base64'), ...settings };
  const app = await createWebApplication(new WebConfig(readWebSettings(environment), () => harness.clock.now()));
  await app.listen(0, '127.0.0.1');
  return { url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), stop: async () => app.close() };
}
