/** Text of people, made fit for print. */

/** Marks that do not show: a name that reorders its letters, or hides some, would read otherwise than it is. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/u;

/** What nearly every text is made of. */
const PLAIN = /^[\n\x20-\x7e]*$/;

/** The text with every character that the faces lack, or that does not show, written out: `[U+1F600]`. PDF/UA refuses
 *  a document with a glyph that is not there, so a single emoji in a vendor's name would otherwise keep the minutes of
 *  the whole opening from everybody. */
export function printable(text: string, has: (codePoint: number) => boolean): string {
  if (PLAIN.test(text)) return text;
  return Array.from(text.normalize('NFC'), (char) => {
    const code = char.codePointAt(0)!;
    if (char === '\n') return char;
    if (char === '\t' || char === '\r') return ' ';
    if (!HIDDEN.test(char) && has(code)) return char;
    return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  }).join('');
}

/** A document with all its texts made printable; its pictures and its attachment stay as they are. */
export function printableAll<T>(value: T, has: (codePoint: number) => boolean): T {
  const walk = (one: unknown, name?: string): unknown => {
    if (typeof one === 'string') return name === 'svg' ? one : printable(one, has);
    if (Array.isArray(one)) return one.map((member) => walk(member));
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(
      Object.entries(one).map(([key, member]) => [key, key === 'attached' ? member : walk(member, key)]),
    );
  };
  return walk(value) as T;
}
