/** Entry bundles (C2SP tlog-tiles): entries one after the other, each behind its length as a big-endian uint16. */
import { concatBytes } from '@segel/encoding';
import { TILE_WIDTH } from './tile-path.js';

/** Longest entry that a bundle can hold. */
export const MAX_ENTRY_BYTES = 0xffff;

/** Bytes of a bundle of 1…256 entries. Throws on none, too many, or an entry over 65,535 bytes. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > TILE_WIDTH)
    throw new Error(`a bundle cannot hold ${entries.length} entries`);
  return concatBytes(
    ...entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES)
        throw new Error(`an entry of ${entry.length} bytes is over ${MAX_ENTRY_BYTES}`);
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** The entries of a bundle that must hold exactly `count` of them. Throws on truncation, on bytes left over and
 *  on another count. */
export function parseBundle(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  if (!Number.isInteger(count) || count < 1 || count > TILE_WIDTH)
    throw new Error(`a bundle cannot hold ${count} entries`);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 2 > bytes.length) throw new Error('bundle ends within a length');
    const end = at + 2 + bytes[at]! * 256 + bytes[at + 1]!;
    if (end > bytes.length) throw new Error('bundle ends within an entry');
    entries.push(bytes.slice(at + 2, end));
    at = end;
  }
  if (entries.length !== count) throw new Error(`bundle holds ${entries.length} entries, not ${count}`);
  return entries;
}
