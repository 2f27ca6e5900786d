/** The faces of documents, from the npm packages: the same on every machine. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const FACES = [
  'noto-sans/400Regular/NotoSans_400Regular.ttf',
  'noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
  'noto-sans-mono/400Regular/NotoSansMono_400Regular.ttf',
] as const;

/** As long as each other: the table of names keeps its offsets. */
const [THEIRS, OURS] = ['Noto Sans', 'Segel Set'] as const;

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** The typesetter also looks into the machine's own fonts, where another version of the same family may be: under a
 *  name that nobody else uses the face that is meant is the only one. */
function renamed(font: Buffer): Buffer {
  const [from, to] = [utf16(THEIRS), utf16(OURS)];
  for (let i = font.indexOf(from); i >= 0; i = font.indexOf(from, i + to.length)) to.copy(font, i);
  return font;
}

/** The faces' files. */
export function readFonts(): readonly Buffer[] {
  const { resolve } = createRequire(import.meta.url);
  return FACES.map((face) => renamed(readFileSync(resolve(`@expo-google-fonts/${face}`))));
}

/** Whether every one of these faces has a glyph for a code point. */
export function coverage(fonts: readonly Buffer[]): (codePoint: number) => boolean {
  const known = fonts.map(rangesOf);
  return (codePoint) => known.every((ranges) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to));
}

type Range = readonly [from: number, to: number];

/** The segments of a TrueType `cmap` of format 12 or 4 (OpenType 1.9, cmap). */
function rangesOf(font: Buffer): readonly Range[] {
  const cmap = tableAt(font, 'cmap');
  const count = font.readUInt16BE(cmap + 2);
  const subtables = Array.from({ length: count }, (_, i) => cmap + font.readUInt32BE(cmap + 4 + 8 * i + 4));
  const at = (format: number): number | undefined => subtables.find((place) => font.readUInt16BE(place) === format);
  const [full, basic] = [at(12), at(4)];
  if (full !== undefined) return groups(font, full);
  if (basic !== undefined) return segments(font, basic);
  throw new Error('a font has no table of characters that we read');
}

function tableAt(font: Buffer, tag: string): number {
  for (let i = 0, record = 12; i < font.readUInt16BE(4); i++, record += 16)
    if (font.toString('latin1', record, record + 4) === tag) return font.readUInt32BE(record + 8);
  throw new Error(`a font has no table ${tag}`);
}

function groups(font: Buffer, table: number): readonly Range[] {
  return Array.from({ length: font.readUInt32BE(table + 12) }, (_, i) => {
    const group = table + 16 + 12 * i;
    return [font.readUInt32BE(group), font.readUInt32BE(group + 4)] as const;
  });
}

function segments(font: Buffer, table: number): readonly Range[] {
  const twice = font.readUInt16BE(table + 6);
  return Array.from({ length: twice / 2 - 1 }, (_, i) => {
    const end = table + 14 + 2 * i;
    return [font.readUInt16BE(end + twice + 2), font.readUInt16BE(end)] as const;
  });
}
