/** Text of a PDF as our typesetter writes it, read without any other program: every run with where it ends. */
import { inflateSync } from 'node:zlib';

export type Run = { readonly page: number; readonly text: string; readonly rightPt: number };

type Face = { readonly letters: ReadonlyMap<number, string>; readonly widthOf: (glyph: number) => number };

const OBJECT = /(?:^|\n)(\d+) 0 obj\n/g;

/** The objects of the file, as Latin-1 text. */
function objectsOf(bytes: Uint8Array): ReadonlyMap<number, string> {
  const file = Buffer.from(bytes).toString('latin1');
  const starts = [...file.matchAll(OBJECT)];
  return new Map(
    starts.map((start, i) => [Number(start[1]), file.slice(start.index + start[0].length, starts[i + 1]?.index)]),
  );
}

function streamOf(object: string): Buffer {
  const start = object.indexOf('stream\n') + 'stream\n'.length;
  const length = Number(/\/Length (\d+)/.exec(object)![1]);
  const bytes = Buffer.from(object.slice(start, start + length), 'latin1');
  return object.slice(0, start).includes('/FlateDecode') ? inflateSync(bytes) : bytes;
}

const utf16 = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');

function faceOf(objects: ReadonlyMap<number, string>, id: number): Face {
  const reference = (from: string, name: string): string =>
    objects.get(Number(new RegExp(`/${name} \\[?(\\d+) 0 R`).exec(from)![1]))!;
  const font = objects.get(id)!;
  const map = streamOf(reference(font, 'ToUnicode')).toString('latin1');
  const letters = new Map(
    [...map.matchAll(/^<([0-9a-f]{4})> <([0-9a-f]+)>$/gim)].map(([, glyph, text]) => [
      parseInt(glyph!, 16),
      utf16(text!),
    ]),
  );
  const widths = /\/W \[([^\]]*)\]/.exec(reference(font, 'DescendantFonts'))![1]!.trim().split(/\s+/).map(Number);
  return {
    letters,
    widthOf: (glyph) => {
      for (let i = 0; i < widths.length; i += 3)
        if (glyph >= widths[i]! && glyph <= widths[i + 1]!) return widths[i + 2]!;
      return 0;
    },
  };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const literal = (string: string): string =>
  string.replace(/\\(\d{3}|[\s\S])/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );

/** Two bytes a glyph. */
const glyphsOf = (raw: string): readonly number[] =>
  Array.from({ length: raw.length / 2 }, (_, i) => raw.charCodeAt(2 * i) * 256 + raw.charCodeAt(2 * i + 1));

/** A place, a face, or shown text: literals, or hexadecimal where a byte is not ASCII. */
// Parentheses that are balanced stand in a literal without a backslash.
const nested = (inner: string): string => String.raw`\((?:\\[\s\S]|[^\\()]${inner})*\)`;
const STRING = `${nested(`|${nested(`|${nested(`|${nested('')}`)}`)}`)}|<[0-9A-Fa-f]*>`;
const SHOWN = new RegExp(
  String.raw`1 0 0 -1 ([\d.-]+) [\d.-]+ cm|\/(f\d+) ([\d.]+) Tf|\[((?:${STRING}|[^\]()<>])*)\] TJ|(${STRING}) Tj`,
  'g',
);

const bytesOf = (string: string): readonly number[] =>
  glyphsOf(
    string.startsWith('<') ? Buffer.from(string.slice(1, -1), 'hex').toString('latin1') : literal(string.slice(1, -1)),
  );

function* runsOf(page: number, content: string, faces: ReadonlyMap<string, Face>): Generator<Run> {
  let [x, size, face] = [0, 0, undefined as Face | undefined];
  for (const [, at, name, points, several, one] of content.matchAll(SHOWN)) {
    if (at !== undefined) x = Number(at);
    if (name !== undefined) [face, size] = [faces.get(name), Number(points)];
    const strings = (several ?? one ?? '').match(new RegExp(STRING, 'g')) ?? [];
    const glyphs = strings.flatMap(bytesOf);
    if (glyphs.length === 0 || face === undefined) continue;
    const { letters, widthOf } = face;
    const width = glyphs.reduce((sum, glyph) => sum + widthOf(glyph), 0);
    yield { page, text: glyphs.map((glyph) => letters.get(glyph) ?? '').join(''), rightPt: x + (width * size) / 1000 };
  }
}

/** The runs of text of all pages, in reading order. */
export function pdfRuns(bytes: Uint8Array): readonly Run[] {
  const objects = objectsOf(bytes);
  const pages = [...objects.values()].filter((object) => /\/Type \/Page\n/.test(object));
  return pages.flatMap((page, i) => {
    const fonts = [...page.matchAll(/\/(f\d+) (\d+) 0 R/g)];
    const faces = new Map(fonts.map(([, name, id]) => [name!, faceOf(objects, Number(id))]));
    const content = objects.get(Number(/\/Contents (\d+) 0 R/.exec(page)![1]))!;
    return [...runsOf(i, streamOf(content).toString('latin1'), faces)];
  });
}

const squeezed = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '');

/** Whether a document says something; lines break where they must, so spaces do not count. */
export function says(bytes: Uint8Array, text: string): boolean {
  return squeezed(
    pdfRuns(bytes)
      .map((run) => run.text)
      .join(''),
  ).includes(squeezed(text));
}

/** The files inside a PDF. */
export function attachedTexts(bytes: Uint8Array): readonly string[] {
  return [...objectsOf(bytes).values()]
    .filter((object) => object.includes('/Type /EmbeddedFile'))
    .map((object) => streamOf(object).toString('utf8'));
}
