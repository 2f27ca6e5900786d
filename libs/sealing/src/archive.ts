/** ustar (POSIX.1-1988) of regular files only. A header has one form, so a reader rebuilds it and compares: no pax,
 *  GNU or base-256 field, no link, no owner or time survives that. */
import { concatBytes, utf8 } from '@segel/encoding';
import { malformed } from './strict.js';

export const BLOCK_BYTES = 512;

/** Two zero blocks end an archive. */
export const TRAILER_BYTES = 2 * BLOCK_BYTES;

/** Eleven octal digits. */
export const MAX_MEMBER_BYTES = 8 ** 11 - 1;

/** One file: its path (at most 100 bytes of UTF-8) and its length. */
export type Member = { readonly path: string; readonly size: number };

const CHECKSUM_OFFSET = 148;

/** The 512 bytes before a member's content. Throws `malformed` over 8 GiB or 100 bytes of path. */
export function memberHeader({ path, size }: Member): Uint8Array {
  const name = utf8(path);
  if (name.length === 0 || name.length > 100) throw malformed('path', 'does not fit the archive');
  if (!Number.isSafeInteger(size) || size < 0 || size > MAX_MEMBER_BYTES) {
    throw malformed('size', 'does not fit the archive');
  }
  const header = new Uint8Array(BLOCK_BYTES);
  const put = (offset: number, field: string): void => header.set(utf8(field), offset);
  header.set(name, 0);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${size.toString(8).padStart(11, '0')}\0`);
  put(136, '00000000000\0');
  put(CHECKSUM_OFFSET, ' '.repeat(8));
  put(156, '0');
  put(257, 'ustar\x0000');
  put(329, '0000000\0');
  put(337, '0000000\0');
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  put(CHECKSUM_OFFSET, `${checksum.toString(8).padStart(6, '0')}\0 `);
  return header;
}

/** Zero bytes between a content of this length and the next block. */
export function blockFill(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** Length of an archive of these members, trailer included. */
export function archiveLength(contents: readonly Member[]): number {
  return contents.reduce((sum, { size }) => sum + BLOCK_BYTES + size + blockFill(size), TRAILER_BYTES);
}

/** A whole archive in memory: for tests and hostile vectors. */
export function archiveOf(contents: readonly { readonly path: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const pieces = contents.flatMap(({ path, bytes }) => [
    memberHeader({ path, size: bytes.length }),
    bytes,
    new Uint8Array(blockFill(bytes.length)),
  ]);
  return concatBytes(...pieces, new Uint8Array(TRAILER_BYTES));
}
