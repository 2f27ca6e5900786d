/** Chromium, where there is one. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** The shell first: the same engine without windows, which cost a second of processor time for every new page. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const QUIET = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const ARGS = ['--no-sandbox', ...QUIET, '--disable-component-update', '--disable-sync', '--font-render-hinting=none'];

/** The program on the PATH; undefined where nobody installed it. */
export const chromiumPath: string | undefined = NAMES.flatMap((name) =>
  (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name)),
).find((file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** Says why tests are skipped where there is no browser. */
export const NO_CHROMIUM = 'chromium is not installed (Debian: chromium-headless-shell fonts-noto-core)';

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: installed(), args: ARGS });
}

/** A browser whose files stay in a folder from one page to the next. */
export async function openBrowser(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { executablePath: installed(), args: ARGS });
}

function installed(): string {
  if (chromiumPath === undefined) throw new Error(NO_CHROMIUM);
  return chromiumPath;
}

/** The line that browsers' own tools call Slow 3G: 2 s until an answer begins, 400 kbit/s after it. */
const SLOW_3G = { offline: false, latency: 2000, downloadThroughput: 50_000, uploadThroughput: 50_000 };

/** Milliseconds until a page, cold, shows its first text on {@link SLOW_3G}, and until it is whole. */
export async function onSlow3G(
  page: Page,
  url: string,
): Promise<{ readonly shownMs: number; readonly wholeMs: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Network.emulateNetworkConditions', SLOW_3G);
  await page.goto(url, { waitUntil: 'load' });
  // Painting follows the next frame.
  await page.screenshot();
  const shown = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0";
  const whole = "performance.getEntriesByType('navigation')[0].loadEventStart";
  const [shownMs, wholeMs] = [await page.evaluate<number>(shown), await page.evaluate<number>(whole)];
  await session.detach();
  return { shownMs: Math.round(shownMs), wholeMs: Math.round(wholeMs) };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

type AxeRun = {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
};

/** What axe finds on the page as it is now, one line each; with the other theme only colours can differ. */
export async function axe(page: Page, what: 'everything' | 'colours' = 'everything'): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const options = JSON.stringify({
    preload: false,
    // With the other theme only what level AA asks of colours: the category has level AAA besides.
    runOnly:
      what === 'colours'
        ? { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
        : { type: 'tag', values: TAGS },
  });
  const { violations } = await page.evaluate<AxeRun>(`axe.run(document, ${options})`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** Bytes that went over the wire for a page, cold: heads and compressed bodies of all its requests. */
export async function wireBytes(
  page: Page,
  url: string,
): Promise<{ readonly bytes: number; readonly requests: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  let [bytes, requests] = [0, 0];
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  await session.detach();
  return { bytes, requests };
}
