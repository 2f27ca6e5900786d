/** Where sealed bids wait until their receipt: on disk in the browser's private file system, so that a closed tab loses
 *  nothing, or in memory where that is refused. Only what the server may see lies here, and the seed under the vendor's
 *  passphrase: no plaintext, no key. */
import { check, type CarriedBid } from '@segel/acts';
import type { Envelope as DsseEnvelope } from '@segel/encoding';
import { MEMORY_BYTES } from './memory.js';
import type { Place } from './messages.js';
import { DiskFile, MemoryFile, type SealedFile } from './sealed-file.js';

/** What is known of a sealed bid that waits to be sent. */
export type KeptBid = CarriedBid & {
  readonly manifest: DsseEnvelope;
  /** Base64 of an age file under the vendor's passphrase. A bid that was carried here left it at the office. */
  readonly seedFile?: string;
  /** The promise key that the log named when the kit was checked. */
  readonly promiseKey: string;
};

const FOLDER = 'segel-sealed';

export class Shelf {
  readonly #inMemory = new Map<string, { bid?: KeptBid; file: SealedFile }>();

  /** An empty file for a bid of this size. Throws CheckFailed `no_space`. */
  async begin(place: Place, size: number): Promise<SealedFile> {
    const file = await this.#onDisk(place, size);
    if (file !== undefined) return file;
    check(
      size <= MEMORY_BYTES,
      'no_space',
      'This browser keeps no files here, and the bid is too large for its memory.',
    );
    const inMemory = new MemoryFile();
    this.#inMemory.set(place.bidId, { file: inMemory });
    return inMemory;
  }

  /** Only now the bid is one that may be sent. */
  async keep(bid: KeptBid): Promise<void> {
    const held = this.#inMemory.get(bid.bidId);
    if (held !== undefined) return void this.#inMemory.set(bid.bidId, { ...held, bid });
    const folder = await tenderFolder(bid.tenderId, true);
    const handle = await folder.getFileHandle(`${bid.bidId}.json`, { create: true });
    const access = await handle.createSyncAccessHandle();
    try {
      access.truncate(0);
      access.write(new TextEncoder().encode(JSON.stringify(bid)));
      access.flush();
    } finally {
      access.close();
    }
  }

  async find({ tenderId, bidId }: Place): Promise<{ readonly bid: KeptBid; readonly file: SealedFile } | undefined> {
    const held = this.#inMemory.get(bidId);
    if (held?.bid !== undefined) return { bid: held.bid, file: held.file };
    const folder = await tenderFolder(tenderId, false).catch(() => undefined);
    const bid = folder && (await readBid(folder, `${bidId}.json`));
    return bid && { bid, file: new DiskFile(await folder.getFileHandle(`${bidId}.sealed`)) };
  }

  /** Ids of bids that wait, oldest first. Sealed files without their document are of a sealing that was cut off or is
   *  under way in another tab; `isIdle` tells, and the first are removed. */
  async list(tenderId: string, isIdle: (bidId: string) => Promise<boolean>): Promise<readonly string[]> {
    const held = [...this.#inMemory].flatMap(([bidId, { bid }]) => (bid?.tenderId === tenderId ? [bidId] : []));
    const folder = await tenderFolder(tenderId, false).catch(() => undefined);
    if (folder === undefined) return held;
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    const complete = names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []));
    for (const name of names) {
      const bidId = name.replace(/\.\w+$/, '');
      if (!complete.includes(bidId) && (await isIdle(bidId))) await folder.removeEntry(name);
    }
    return [...held, ...complete].toSorted();
  }

  async remove({ tenderId, bidId }: Place): Promise<void> {
    if (this.#inMemory.delete(bidId)) return;
    const folder = await tenderFolder(tenderId, false).catch(() => undefined);
    // The document first: without it nothing is ever sent.
    for (const ending of ['json', 'sealed']) await folder?.removeEntry(`${bidId}.${ending}`).catch(() => undefined);
  }

  async #onDisk({ tenderId, bidId }: Place, size: number): Promise<SealedFile | undefined> {
    try {
      const folder = await tenderFolder(tenderId, true);
      const handle = await folder.getFileHandle(`${bidId}.sealed`, { create: true });
      (await handle.createSyncAccessHandle()).close();
      const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
      if (quota - usage > size) return new DiskFile(handle);
      await folder.removeEntry(`${bidId}.sealed`);
    } catch {
      // A private window, or a browser without such files.
    }
    return undefined;
  }
}

async function tenderFolder(tenderId: string, create: boolean): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const all = await root.getDirectoryHandle(FOLDER, { create });
  return all.getDirectoryHandle(tenderId, { create });
}

/** The document, or undefined when there is none or it was cut off while it was written. */
async function readBid(folder: FileSystemDirectoryHandle, name: string): Promise<KeptBid | undefined> {
  try {
    const file = await (await folder.getFileHandle(name)).getFile();
    return JSON.parse(await file.text()) as KeptBid;
  } catch {
    return undefined;
  }
}
