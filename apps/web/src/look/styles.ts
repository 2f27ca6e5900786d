/** The one stylesheet, inlined into every page: on a slow line a second request costs two seconds. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const read = (name: string): string => readFileSync(path.join(import.meta.dirname, name), 'utf8');

const squeezed = (css: string): string =>
  css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/: /g, ':')
    .replaceAll(';}', '}')
    .trim();

const PAIR = /(--[\w-]+): light-dark\(([^,()]+), ([^,()]+)\)/g;

/** Phones of 2022 do not know `light-dark()`: the pairs of the token file are written out for both themes. */
function themed(tokens: string): string {
  const dark = [...tokens.matchAll(PAIR)].map(([, name, , value]) => `${name}: ${value};`).join(' ');
  const light = tokens.replace(PAIR, '$1: $2');
  return `${light} @layer tokens { @media screen { [data-theme='dark'] { ${dark} } }
    @media screen and (prefers-color-scheme: dark) { :root:not([data-theme='light']) { ${dark} } } }`;
}

/** The order of layers is said first, before the tokens come. */
const [order, ...rules] = read('style.css').split('\n');
export const CSS = squeezed(`${order}${themed(read('tokens.css'))}${rules.join('\n')}${read('forms.css')}`);
export const CSS_HASH = `'sha256-${createHash('sha256').update(CSS).digest('base64')}'`;
