/** A real browser, where one is installed. */
import { spawnSync } from 'node:child_process';
import { chromium, type BrowserContext } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const SILENT = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Where the browser lies, or undefined. */
export const chromiumPath: string | undefined = NAMES.map((name) =>
  spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim(),
).find((found) => found !== '');

/** Says why tests are skipped where there is no browser. */
export const NO_CHROMIUM = 'chromium is not installed (Debian: chromium fonts-noto-core)';

/** A browser whose files stay in a folder from one page to the next. */
export function openBrowser(folder: string): Promise<BrowserContext> {
  if (chromiumPath === undefined) throw new Error(NO_CHROMIUM);
  return chromium.launchPersistentContext(folder, {
    executablePath: chromiumPath,
    headless: true,
    args: [...FLAGS, ...SILENT, '--font-render-hinting=none'],
  });
}
