/** The offline kit as the build left it: read once, with its hash and its compressed forms. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ASSETS } from '../http/assets.js';

export type BuiltKit = {
  readonly bytes: Buffer;
  /** Compressed by the build, as hard as it goes: every download would compress the same bytes again. */
  readonly compressed: Readonly<Record<Coding, Buffer>>;
  /** As the log writes it, and as programs print it. */
  readonly sha256: string;
  readonly hex: string;
};

export type Coding = 'br' | 'gzip';

let built: Promise<BuiltKit | undefined> | undefined;

/** Undefined when this server was built without it. */
export const builtKit = (): Promise<BuiltKit | undefined> => (built ??= read());

async function read(): Promise<BuiltKit | undefined> {
  const file = path.join(ASSETS, 'segel-luring.html');
  const forms = ['', '.br', '.gz'].map((ending) => readFile(`${file}${ending}`));
  const [bytes, br, gzip] = await Promise.all(forms).catch(() => []);
  if (bytes === undefined || br === undefined || gzip === undefined) return undefined;
  const digest = createHash('sha256').update(bytes).digest();
  return { bytes, compressed: { br, gzip }, sha256: digest.toString('base64'), hex: digest.toString('hex') };
}
