/** Encrypts one file once, in a process of its own: arguments way, input, output. Says {@link SealingFigures}. */
import { noblePrimitives, sealBid, type Primitives } from '@segel/sealing';
import { createCipheriv } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileSource } from '../../../apps/cli/src/acts/seal.js';
import { nodePrimitives, random } from '../../../apps/cli/src/primitives.js';
import { bidOf } from '../../../libs/sealing/src/fixtures.js';

export type SealingWay = 'node' | 'noble' | 'raw';
export type SealingFigures = { readonly ms: number; readonly bytes: number; readonly peakMebibytes: number };

/** From file to file, as `segel seal` does it. */
async function seal(input: string, output: string, primitives: Primitives): Promise<void> {
  const files = [...bidOf('x1').files.slice(0, 1), await fileSource('annex.bin', input)];
  const sealing = await sealBid({ ...bidOf('x1'), files, primitives });
  await pipeline(Readable.from(sealing.ciphertext, { objectMode: false }), createWriteStream(output, { flush: true }));
  sealing.finish();
}

/** The cipher and nothing else: no chunks, no hashes, nothing written. */
async function encrypt(input: string): Promise<void> {
  const cipher = createCipheriv('chacha20-poly1305', random(32), random(12), { authTagLength: 16 });
  for await (const piece of createReadStream(input)) cipher.update(piece as Buffer);
  cipher.final();
}

const [way = '', input = '', output = ''] = process.argv.slice(2);
const { size: bytes } = await stat(input);
const began = performance.now();
await (way === 'raw' ? encrypt(input) : seal(input, output, way === 'noble' ? noblePrimitives : nodePrimitives));
const ms = performance.now() - began;
const peakMebibytes = process.resourceUsage().maxRSS / 1024;
process.send?.({ ms, bytes, peakMebibytes } satisfies SealingFigures, () => process.disconnect());
