/** The worker of the offline kit: the same sealing as on the bid page, with nothing of a network in it. */
import { carriedAround, check } from '@segel/acts';
import { fromBase64 } from '@segel/encoding';
import type { RequestOf } from '../worker-client.js';
import { serve } from '../worker-side.js';
import { teller } from './desk.js';
import type { SealingEvent } from './messages.js';
import type { OfflineActs, SavedBid } from './offline-messages.js';
import { browserPrimitives, newId } from './primitives.js';
import { sealUnder, type JustSealed } from './seal-under.js';
import { MemoryFile, type SealedFile } from './sealed-file.js';
import { MEMORY_BYTES } from './memory.js';
import { unlock } from './unlock.js';

const primitives = browserPrimitives();

/** Pages from a disk have no private file system: what is sealed is in memory until it is saved. */
const inMemory = {
  async begin(_: unknown, size: number): Promise<SealedFile> {
    check(size <= MEMORY_BYTES, 'no_space', 'The bid is too large for the memory of this page.');
    return new MemoryFile();
  },
  remove: async (): Promise<void> => undefined,
};

async function answer({ given }: RequestOf<OfflineActs>, say: (event: SealingEvent) => void): Promise<SavedBid> {
  const desk = { primitives: await primitives, shelf: inMemory, tell: teller(say, () => performance.now()) };
  const { kitFile, client } = given;
  const keys = await unlock(given);
  return sealUnder(desk, { kit: kitFile.kit, keys, client }, { ...given, bidId: newId() }, saved);
}

async function saved({ manifest, seedFile, ...bid }: JustSealed, file: SealedFile): Promise<SavedBid> {
  const { bidId, manifestSha256, sealedAt, size } = bid;
  const { head, tail } = carriedAround({ bid, manifest });
  const bundle = new Blob([head, await file.blob(), tail], { type: 'application/x-tar' });
  return { bidId, manifestSha256, sealedAt, size, bundle, seedFile: new Blob([Uint8Array.from(fromBase64(seedFile))]) };
}

serve<OfflineActs, SealingEvent>(answer);
