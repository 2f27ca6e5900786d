import { toHex } from './bytes.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** UUIDv7 (RFC 9562 section 5.7) from milliseconds since 1970 and 10 random bytes. */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  if (random.length !== 10) throw new Error('uuidV7 takes 10 random bytes');
  const bytes = new Uint8Array(16);
  for (let i = 5, rest = nowMs; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  bytes.set(random, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** True for a lower-case UUIDv7. */
export function isUuidV7(text: string): boolean {
  return UUID_V7.test(text);
}
