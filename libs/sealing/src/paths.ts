/** Names of the files in a bid: the same file on every system, and nothing that escapes a folder (section 3.6). */
import { utf8 } from '@segel/encoding';
import { malformed } from './strict.js';

export const SEAL_JSON_PATH = 'seal.json';
export const PAD_PATH = '.pad';

/** The file that holds the price form. */
export const PRICE_FORM_PATH = 'offer.json';

const MAX_PATH_BYTES = 100;
// Overrides of writing direction are refused too: they make `…exe` read as `…pdf` on an evaluator's screen.
const FORBIDDEN = /[\\\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** Throws `malformed` unless every path is NFC, at most 100 bytes, relative, without `.` or `..` segments, and they
 *  differ from each other and from our own two even when case is folded. `path` in the message is the list's. */
export function assertPaths(paths: readonly string[]): void {
  const seen = new Set([SEAL_JSON_PATH, PAD_PATH].map(foldCase));
  paths.forEach((path, i) => {
    const where = `files[${i}].path`;
    if (!path.isWellFormed() || path.normalize('NFC') !== path) throw malformed(where, 'is not NFC');
    if (utf8(path).length > MAX_PATH_BYTES) throw malformed(where, `is longer than ${MAX_PATH_BYTES} bytes`);
    if (FORBIDDEN.test(path)) throw malformed(where, 'has a forbidden character');
    if (/^[a-z]:/i.test(path)) throw malformed(where, 'is not relative');
    const segments = path.split('/');
    if (segments.some((s) => s === '' || s === '.' || s === '..'))
      throw malformed(where, 'is not a plain relative path');
    const folded = foldCase(path);
    if (seen.has(folded)) throw malformed(where, 'is there twice');
    seen.add(folded);
  });
  assertNoFileIsAFolder(seen);
}

/** Upper then lower case joins what only one of the two would, as `ß` and `SS`. */
function foldCase(path: string): string {
  return path.toUpperCase().toLowerCase().normalize('NFC');
}

function assertNoFileIsAFolder(folded: ReadonlySet<string>): void {
  for (const path of folded) {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (folded.has(path.slice(0, slash))) throw malformed('files', 'has one path as a file and as a folder');
    }
  }
}
