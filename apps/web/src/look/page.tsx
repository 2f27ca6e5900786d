/** One function renders every page. */
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { scriptsOf } from '../http/assets.js';
import type { Visitor } from '../http/visitor.js';
import { Shell } from './shell.js';
import { CSS, CSS_HASH } from './styles.js';

/** The strictest: nothing foreign, one stylesheet whose hash is said, and no script but an island's own. */
const policy = (scripts: readonly string[]): string =>
  [
    "default-src 'none'",
    `style-src ${CSS_HASH}`,
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    ...scripts,
  ].join('; ');
const STILL = policy(["trusted-types 'none'"]);
/** The one policy of Trusted Types makes addresses of our own workers (islands/trusted.ts). */
const LIVE = policy([
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  'trusted-types segel',
]);

/** On every answer of ours; pages add their content policy. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'strict-transport-security': 'max-age=31536000',
} as const;

/** What the browser itself must do on a page: the folder of islands/ that does it, and what it needs to know. */
export type Island = { readonly name: string; readonly data: unknown };

/** What a controller answers with. */
export class Page {
  constructor(
    readonly title: string,
    readonly body: ReactNode,
    readonly options: {
      /** Which entry of the navigation leads here. */
      readonly at?: string;
      readonly feed?: string;
      /** Fills the width, without the page's margins: the body brings its own. */
      readonly bare?: boolean;
      readonly islands?: readonly Island[];
    } = {},
  ) {}
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 30 30'%3E%3Crect width='30' height='30' rx='6' fill='%230a4d4a'/%3E%3Cpath d='M7 12h16v10H7zl8 6 8-6' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E";

/** The page as this visitor gets it, with the headers that belong to it. */
export function render(visitor: Visitor, page: Page): string {
  const { locale, theme, t, reply } = visitor;
  const { islands = [] } = page.options;
  const scripts = islands.map(({ name }) => scriptsOf(name));
  const html = renderToStaticMarkup(
    <html lang={locale} data-theme={theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{`${page.title} · ${t('site.name')}`}</title>
        <link rel="icon" href={ICON} />
        {page.options.feed !== undefined && (
          <link rel="alternate" type="application/atom+xml" title={page.title} href={page.options.feed} />
        )}
        <style dangerouslySetInnerHTML={{ __html: CSS }} />
        {[...new Set(scripts.flatMap(({ preload }) => preload))].map((address) => (
          <link key={address} rel="modulepreload" href={address} />
        ))}
      </head>
      <body>
        <Shell visitor={visitor} at={page.options.at}>
          <main id="isi" className={page.options.bare === true ? undefined : 'wide'}>
            {page.body}
          </main>
        </Shell>
        {islands.map(({ name, data }, i) => (
          <IslandParts key={name} name={name} data={data} script={scripts[i]?.script} />
        ))}
      </body>
    </html>,
  );
  void reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', islands.length > 0 ? LIVE : STILL)
    .header('content-language', locale)
    .header('cache-control', visitor.me === undefined ? 'private, no-cache' : 'no-store');
  return `<!doctype html>${html}`;
}

/** Its data, which no browser runs, and its script. */
function IslandParts({ name, data, script }: Island & { readonly script: string | undefined }): ReactNode {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return (
    <>
      <script type="application/json" id={`island-${name}`} dangerouslySetInnerHTML={{ __html: json }} />
      <script type="module" src={script} />
    </>
  );
}
