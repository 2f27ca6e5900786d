/** The offline kit as the build left it: read once, with its hash. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ASSETS } from '../http/assets.js';

export type BuiltKit = {
  readonly bytes: Buffer;
  /** As the log writes it, and as programs print it. */
  readonly sha256: string;
  readonly hex: string;
};

let built: Promise<BuiltKit | undefined> | undefined;

/** Undefined when this server was built without it. */
export const builtKit = (): Promise<BuiltKit | undefined> => (built ??= read());

async function read(): Promise<BuiltKit | undefined> {
  const bytes = await readFile(path.join(ASSETS, 'segel-luring.html')).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const digest = createHash('sha256').update(bytes).digest();
  return { bytes, sha256: digest.toString('base64'), hex: digest.toString('hex') };
}
