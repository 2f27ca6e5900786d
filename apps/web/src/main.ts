/** The web server: pages, and /api and /log passed on. It holds no credential of the database. */
import { createWebApplication } from './application.js';
import { readWebSettings, WebConfig } from './config.js';

const config = new WebConfig(readWebSettings(process.env));
const app = await createWebApplication(config);
await app.listen({ port: config.settings.WEB_PORT, host: config.settings.WEB_HOST });

if (process.env['WATCH_STDIN'] === '1') {
  // Whoever started us holds the other end: when it dies, however hard, we stop too.
  process.stdin.resume().on('end', () => process.kill(process.pid, 'SIGTERM'));
}
