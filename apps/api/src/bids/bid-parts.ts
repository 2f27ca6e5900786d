/** Ciphertexts in the object store: their parts arrived (uploads.ts) before the bid that names them (house, section 3). */
import { canonicalBytes, fromBase64, toBase64, type Envelope } from '@segel/encoding';
import { Refusal } from '@segel/procurement';
import { PART_BYTES, partRoot, type Manifest } from '@segel/sealing';
import { Injectable } from '@nestjs/common';
import { failpoint } from '../platform/failpoint.js';
import { ObjectStore, contentKey } from '../platform/object-store/object-store.js';
import { sha256WithNode } from '../platform/log/sha256.js';
import { Database } from '../platform/database/database.js';
import { BidPart } from './bid-part.entity.js';
import type { Bid } from './bid.entity.js';

/** Store requests under way at a time for one caller. */
const AT_ONCE = 16;

@Injectable()
export class BidParts {
  constructor(
    private readonly store: ObjectStore,
    private readonly database: Database,
  ) {}

  /** Why these parts (base64 hashes) are not the manifest's stored ciphertext, or undefined when they are. Of files that
   *  may follow only the hashes are compared. */
  async problemOf(
    ciphertext: Pick<Manifest['ciphertext'], 'size' | 'parts' | 'root'>,
    hashes: readonly string[],
    { mayFollow }: { readonly mayFollow: boolean },
  ): Promise<Refusal | undefined> {
    const digests = hashes.map(hashOf);
    if (digests.length !== ciphertext.parts || toBase64(partRoot(digests)) !== ciphertext.root) {
      return new Refusal('manifest_mismatch', 'The parts are not those of the manifest.', { path: 'ciphertext.root' });
    }
    return mayFollow ? undefined : this.storedProblem(ciphertext.size, digests);
  }

  /** Why the store does not hold the whole ciphertext of a bid that was committed before, or undefined when it does. */
  async deliveryProblem({ id: bidId, ctRoot, sizeBytes }: Bid): Promise<Refusal | undefined> {
    const rows = await this.database.manager.find(BidPart, { where: { bidId }, order: { position: 'ASC' } });
    const ciphertext = { size: Number(sizeBytes), parts: rows.length, root: toBase64(ctRoot) };
    return this.problemOf(
      ciphertext,
      rows.map(({ sha256: part }) => toBase64(part)),
      { mayFollow: false },
    );
  }

  private async storedProblem(size: number, digests: readonly Uint8Array[]): Promise<Refusal | undefined> {
    const parts = digests.length;
    const sizes = await this.sizes(digests);
    const absent = sizes.filter((stored) => stored === undefined).length;
    if (absent > 0) return new Refusal('parts_missing', 'Parts of the bid have not arrived.', { missing: absent });
    const last = size - (parts - 1) * PART_BYTES;
    const fits = sizes.every((stored, i) => stored === (i === parts - 1 ? last : PART_BYTES));
    return fits
      ? undefined
      : new Refusal('manifest_mismatch', 'The parts have other sizes than the manifest says.', {
          path: 'ciphertext.size',
        });
  }

  /** Keeps the signed manifest; returns the hash it is stored under. */
  async keepManifest(envelope: Envelope): Promise<Uint8Array> {
    const bytes = canonicalBytes(envelope);
    const digest = sha256WithNode(bytes);
    await this.store.put(contentKey(digest), bytes);
    failpoint('bid.manifest_stored');
    return digest;
  }

  /** Keeps a part whose hash was compared before. */
  async keepPart(digest: Uint8Array, bytes: Uint8Array): Promise<void> {
    await this.store.put(contentKey(digest), bytes);
  }

  /** Size of each object in the store, or undefined when it is not there. */
  async sizes(digests: readonly Uint8Array[]): Promise<readonly (number | undefined)[]> {
    const sizes: (number | undefined)[] = [];
    for (let at = 0; at < digests.length; at += AT_ONCE) {
      const batch = digests.slice(at, at + AT_ONCE).map((digest) => this.store.size(contentKey(digest)));
      sizes.push(...(await Promise.all(batch)));
    }
    return sizes;
  }
}

function hashOf(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    throw new Refusal('request_malformed', 'A hash is not padded base64.');
  }
}
