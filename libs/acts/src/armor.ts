/** An age file as text that can be printed and typed: the armor of the age format, strict when it is read. */
import { fromBase64, toBase64 } from '@segel/encoding';
import { check } from './failure.js';

const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';
const END = '-----END AGE ENCRYPTED FILE-----';
const COLUMNS = 64;

/** The text form of an age file. */
export function armored(file: Uint8Array): string {
  const text = toBase64(file);
  const lines = Array.from({ length: Math.ceil(text.length / COLUMNS) }, (_, i) =>
    text.slice(i * COLUMNS, (i + 1) * COLUMNS),
  );
  return [BEGIN, ...lines, END, ''].join('\n');
}

/** The bytes of an age file that may be in its text form; other bytes are returned as they are. Throws CheckFailed
 *  `key_file_malformed` for text that is none. */
export function dearmored(file: Uint8Array): Uint8Array {
  const head = new TextDecoder().decode(file.subarray(0, 200)).trimStart();
  if (!head.startsWith('-----BEGIN')) return file;
  const lines = new TextDecoder()
    .decode(file)
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim());
  const body = lines.slice(1, -1);
  check(lines[0] === BEGIN && lines.at(-1) === END, 'key_file_malformed', 'The file is not an age file in text form.');
  try {
    return fromBase64(body.join(''));
  } catch {
    check(false, 'key_file_malformed', 'The file is not an age file in text form.');
  }
}
