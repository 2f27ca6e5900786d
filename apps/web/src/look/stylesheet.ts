/** Makes the one stylesheet out of its files: for the pages of the server, and for the offline kit. */

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
export function stylesheet(style: string, tokens: string, forms: string): string {
  const [order, ...rules] = style.split('\n');
  return squeezed(`${order}${themed(tokens)}${rules.join('\n')}${forms}`);
}
