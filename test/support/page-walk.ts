/** Follows links from page to page, as somebody does who knows no address, and says what is wrong with each page. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { axe } from './browser.js';

export type Seen = {
  readonly path: string;
  readonly title: string;
  readonly links: readonly string[];
  readonly wrong: readonly string[];
  /** Whether the page carries an island. */
  readonly island: boolean;
};

/** `whole`: with axe in both themes. `frame`: title, heading, language, width, errors of the console. */
export type Look = 'whole' | 'frame';

export class PageWalk {
  /** @param kindOf pages of one kind are looked at once: the first speaks for the others */
  constructor(
    private readonly url: string,
    private readonly kindOf: (href: string) => string = kindOfEntry,
  ) {}

  /** Every page that links lead to from these, but those of a kind that was seen before. */
  async from(
    starts: readonly string[],
    page: Page,
    { before = [], how = () => 'whole' }: { before?: Iterable<string>; how?: (href: string) => Look } = {},
  ): Promise<readonly Seen[]> {
    const found: Seen[] = [];
    const kinds = new Set([...before].map(this.kindOf));
    for (const queue = [...starts]; queue.length > 0;) {
      const href = queue.shift()!;
      if (kinds.has(this.kindOf(href))) continue;
      kinds.add(this.kindOf(href));
      const one = await this.look(page, href, how(href));
      found.push(one);
      queue.push(...one.links);
    }
    return found;
  }

  private async look(page: Page, href: string, how: Look): Promise<Seen> {
    const wrong: string[] = [];
    const listen = (message: { type(): string; text(): string }): void => {
      if (message.type() === 'error') wrong.push(`console: ${message.text()}`);
    };
    page.on('console', listen);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(this.url + href);
    const [title, language, headings, width, links, scripts] = [
      await page.title(),
      await page.getAttribute('html', 'lang'),
      await page.locator('h1').count(),
      await page.evaluate<number>('document.documentElement.scrollWidth'),
      await linksOf(page),
      await page.locator('script[src]').count(),
    ];
    page.off('console', listen);
    if (title === '' || title.startsWith(' ')) wrong.push('no title');
    if (language !== (isEnglish(href) ? 'en' : 'id')) wrong.push(`language ${language}`);
    if (headings !== 1) wrong.push(`${headings} first headings`);
    if (width > 320) wrong.push(`${width} px wide at 320`);
    if (how === 'whole') {
      wrong.push(...(await axe(page)));
      await page.emulateMedia({ colorScheme: 'dark' });
      wrong.push(...(await axe(page, 'colours')).map((finding) => `dark: ${finding}`));
    }
    return { path: href, title, links, wrong, island: scripts > 0 };
  }
}

export const isEnglish = (href: string): boolean => /^\/en(\/|\?|$)/.test(href);

/** Entries and searches are many. */
export const kindOfEntry = (href: string): string => href.replace(/(entri|\/r)\/\d+\b/, '$1').replace(/\?.*/, '?');

/** Nor does it matter of which tender, company or person a page is. */
export const kindOfThing = (href: string): string => kindOfEntry(href.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ''));

export const faultsOf = (pages: readonly Seen[]): readonly string[] =>
  pages.flatMap(({ path: at, wrong }) => wrong.map((fault) => `${at} ${fault}`));

/** Addresses of our pages on a page. */
async function linksOf(page: Page): Promise<readonly string[]> {
  const hrefs = await page.$$eval('a[href]', (links) => links.map((link) => link.getAttribute('href') ?? ''));
  return hrefs
    .filter((href) => href.startsWith('/') && !/^\/(api|log)\/|\.(csv|json|xlsx|html|atom|ics|pdf)(\?|$)/.test(href))
    .map((href) => href.split('#')[0]!);
}

const DEVICES = [
  ['phone', { width: 360, height: 740 }],
  ['desk', { width: 1280, height: 900 }],
] as const;

/** Leaves pictures of pages for people to look at: phone and desk, light and dark.
 *  @param who whose pages they are, and the session */
export async function takePictures(
  browser: Browser,
  url: string,
  hrefs: readonly string[],
  { folder, who, token }: { readonly folder: string; readonly who: string; readonly token?: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [device, viewport] of DEVICES)
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport, colorScheme });
      if (token !== undefined) await context.addCookies([{ name: 'segel', value: token, url }]);
      const page = await context.newPage();
      for (const [i, href] of hrefs.entries()) {
        await page.goto(url + href);
        const name = kindOfThing(href)
          .replace(/[^a-z]+/g, '-')
          .replace(/^-|-$/g, '');
        const file = `${who}-${i}-${name || 'home'}-${device}-${colorScheme}.png`;
        await page.screenshot({ path: path.join(folder, file), fullPage: true });
      }
      await context.close();
    }
}
