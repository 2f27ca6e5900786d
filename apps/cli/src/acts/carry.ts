/** A bid that was sealed by the offline kit and brought here in one file: unpacked, and compared with the log before
 *  anything of it is sent. */
import {
  check,
  checkKit,
  demandSealedUnder,
  fetchKit,
  readCarried,
  rulesOf,
  type CarriedBid,
  type LogReader,
} from '@segel/acts';
import { openManifest } from '@segel/sealing';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ApiClient } from '../api-client.js';
import { writePrivately } from '../home.js';
import { verifyWithNode } from '../primitives.js';
import { readSealedBid } from './seal.js';
import type { Signs } from './submit.js';

export type UnpackedBid = { readonly bid: CarriedBid; readonly manifestFile: string };

/** Unpacks a bundle beside itself, as `segel seal` leaves a bid. Throws CheckFailed `bundle_malformed`. */
export async function unpackBid(file: string): Promise<UnpackedBid> {
  const { bid, manifest, seedFile, sealedFrom } = await fromFile(file, readCarried);
  const path = (ending: string): string => join(dirname(file), `${bid.bidId}.${ending}`);
  await writePrivately(path('seed.age'), Buffer.from(seedFile));
  const end = sealedFrom + bid.size - 1;
  await pipeline(
    createReadStream(file, { start: sealedFrom, end }),
    createWriteStream(path('sealed'), { mode: 0o600 }),
  );
  await writePrivately(path('manifest.json'), `${JSON.stringify(manifest)}\n`);
  return { bid, manifestFile: path('manifest.json') };
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

/** The kit of a carried bid was in other hands: it must be sealed to the openers that the log names now. Throws the codes
 *  of checkKit and demandSealedUnder. */
export async function demandCarried(
  client: ApiClient,
  log: LogReader,
  { bid, manifestFile }: UnpackedBid,
): Promise<void> {
  const { envelope } = await readSealedBid(manifestFile);
  const { manifest } = openManifest(envelope, rulesOf(bid), verifyWithNode);
  const { kit } = await checkKit(await fetchKit(client, manifest.context.tender_id), log);
  demandSealedUnder(kit, manifest.context);
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
