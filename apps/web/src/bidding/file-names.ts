/** Names of a vendor's files as they stand in a bid: what libs/sealing takes, on every system the same. */
export type NamedFile = { readonly name: string; readonly size: number };

const NAME_BYTES = 80;
// As libs/sealing refuses them, and what Windows cannot write when an evaluator saves the file.
const UNFIT = /[\\/:*?"<>|\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** One path for each file, in their order; the number in front keeps two files of one name apart. */
export function pathsOf(files: readonly (NamedFile | undefined)[]): readonly (string | undefined)[] {
  return files.map((file, i) => (file === undefined ? undefined : `${i + 1}-${fit(file.name)}`));
}

function fit(name: string): string {
  const clean = name.toWellFormed().normalize('NFC').replace(UNFIT, '-');
  const [, stem = clean, ending = ''] = /^(.+?)(\.\w{1,8})$/u.exec(clean) ?? [];
  return `${cut(stem, NAME_BYTES - ending.length)}${ending}`;
}

function cut(text: string, bytes: number): string {
  const encoder = new TextEncoder();
  let kept = '';
  for (const character of text) {
    if (encoder.encode(kept + character).length > bytes) break;
    kept += character;
  }
  return kept;
}
