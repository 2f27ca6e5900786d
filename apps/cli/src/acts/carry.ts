/** A bid that was sealed by the offline kit and brought here in one file: unpacked, and compared with the log before
 *  anything of it is sent. */
import {
  check,
  checkKit,
  demandFresh,
  demandSealedUnder,
  fetchKit,
  openCarried,
  readCarried,
  rulesOf,
  type CarriedBid,
  type LogReader,
} from '@segel/acts';
import type { SealContext } from '@segel/sealing';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ApiClient } from '../api-client.js';
import { verifyWithNode } from '../primitives.js';
import type { Signs } from './submit.js';

export type UnpackedBid = {
  readonly bid: CarriedBid;
  readonly context: SealContext;
  readonly manifestFile: string;
};

/** Unpacks a bundle beside itself, as `segel seal` leaves a bid. It is examined before anything is written, and nothing
 *  that is there already is overwritten. Throws CheckFailed `bundle_malformed`, `bundle_unsigned`, `file_exists`. */
export async function unpackBid(file: string): Promise<UnpackedBid> {
  const carried = await fromFile(file, readCarried);
  const { manifest: envelope, sealedFrom } = carried;
  const { bid, manifest } = openCarried(carried, rulesOf(carried.bid), verifyWithNode);
  const path = (ending: string): string => join(dirname(file), `${bid.bidId}.${ending}`);
  const where = { start: sealedFrom, end: sealedFrom + bid.size - 1 };
  await writeOnce(path('sealed'), async () => createReadStream(file, where));
  await writeOnce(path('manifest.json'), async () => Readable.from([`${JSON.stringify(envelope)}\n`]));
  return { bid, context: manifest.context, manifestFile: path('manifest.json') };
}

/** Writes a new file; one that is there already must hold the same bytes. */
async function writeOnce(path: string, open: () => Promise<Readable>): Promise<void> {
  try {
    await pipeline(await open(), createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      // Half a file would be taken for another one the next time.
      await rm(path, { force: true });
      throw error;
    }
    const [here, carried] = await Promise.all([digestOf(createReadStream(path)), digestOf(await open())]);
    check(here === carried, 'file_exists', `${path} is there already and holds something else. Move it away first.`);
  }
}

async function digestOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of stream) hash.update(piece as Uint8Array | string);
  return hash.digest('hex');
}

async function fromFile<T>(
  path: string,
  work: (source: { size: number; read: (at: number, length: number) => Promise<Uint8Array> }) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const read = async (at: number, length: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
      return buffer.subarray(0, bytesRead);
    };
    return await work({ size, read });
  } finally {
    await file.close();
  }
}

/** The kit of a carried bid was in other hands: it must be sealed to the openers that the log names now, and that log must
 *  have been witnessed lately unless `evenOld`. Throws the codes of checkKit, demandFresh and demandSealedUnder. */
export async function demandCarried(
  client: ApiClient,
  log: LogReader,
  { context }: Pick<UnpackedBid, 'context'>,
  { evenOld = false, now = new Date() }: { readonly evenOld?: boolean; readonly now?: Date } = {},
): Promise<void> {
  const checked = await checkKit(await fetchKit(client, context.tender_id), log);
  demandSealedUnder(checked.kit, context);
  demandFresh(checked, now, evenOld);
}

/** The signatures that were made when the bid was sealed. */
export function signsAs({ bodySig, committingSig }: CarriedBid): Signs {
  return {
    key: bodySig.key,
    sign(_, precommit) {
      const signature = precommit ? committingSig : bodySig;
      check(signature !== undefined, 'not_allowed', 'The bid was not signed to go ahead of its sealed file.');
      return signature;
    },
  };
}
