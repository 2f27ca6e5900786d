/** Sealed bids that wait on this device, read without the worker: people who only look at the page do not load it. */

/** What the shelf of the sealing worker keeps beside a sealed file. */
export type WaitingBid = {
  readonly tenderId: string;
  readonly bidId: string;
  readonly lotId: string;
  readonly vendorId: string;
  readonly sealedAt: string;
  readonly size: number;
  readonly manifestSha256: string;
};

export type Whose = Pick<WaitingBid, 'tenderId' | 'lotId' | 'vendorId'>;

/** Those of a vendor for a lot, the newest first. */
export async function waitingBids({ tenderId, lotId, vendorId }: Whose): Promise<readonly WaitingBid[]> {
  const found: WaitingBid[] = [];
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await (await root.getDirectoryHandle('segel-sealed')).getDirectoryHandle(tenderId);
    for await (const [name, handle] of folder.entries()) {
      if (!name.endsWith('.json') || !(handle instanceof FileSystemFileHandle)) continue;
      const bid = await read(handle);
      if (bid !== undefined && bid.lotId === lotId && bid.vendorId === vendorId) found.push(bid);
    }
  } catch {
    // None was ever sealed here, or the browser keeps no files.
  }
  return found.toSorted((a, b) => (a.sealedAt < b.sealedAt ? 1 : -1));
}

/** Undefined for a document that was cut off while it was written. */
async function read(handle: FileSystemFileHandle): Promise<WaitingBid | undefined> {
  try {
    return JSON.parse(await (await handle.getFile()).text()) as WaitingBid;
  } catch {
    return undefined;
  }
}
