/** Ciphertexts in the object store: parts arrive before the bid that names them (house, section 3). */
import { canonicalBytes, equalBytes, fromBase64, sha256, toBase64, type Envelope } from '@segel/encoding';
import { admitPart, Refusal } from '@segel/procurement';
import { PART_BYTES, partRoot, type Manifest } from '@segel/sealing';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { failpoint } from '../platform/failpoint.js';
import { Journal } from '../platform/journal/journal.js';
import { ObjectStore, contentKey } from '../platform/object-store/object-store.js';
import { publishedTender, standingOf } from './bid-window.js';
import { vendorOf } from './bid-rows.js';
import { HeldBids } from './held-bids.js';
import { BidPart } from './bid-part.entity.js';
import type { Bid } from './bid.entity.js';

/** Store requests under way at a time for one caller. */
const AT_ONCE = 16;

@Injectable()
export class BidParts {
  constructor(
    private readonly store: ObjectStore,
    private readonly held: HeldBids,
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  /** Of these hashes (base64) those the store does not hold. */
  async missing(actor: Actor, tenderId: string, hashes: readonly string[]): Promise<readonly string[]> {
    const digests = hashes.map(hashOf);
    await this.admission(actor, tenderId, digests);
    const sizes = await this.sizes(digests);
    return hashes.filter((_, i) => sizes[i] === undefined);
  }

  /** Stores one part under its hash; the same part again changes nothing. */
  async put(actor: Actor, tenderId: string, digest: Uint8Array, bytes: Uint8Array): Promise<void> {
    const way = await this.admission(actor, tenderId, [digest]);
    if (bytes.length === 0) throw new Refusal('request_malformed', 'A part is not empty.');
    if (!equalBytes(sha256(bytes), digest)) {
      throw new Refusal('part_digest_mismatch', 'The part is not the one its address names; nothing was stored.');
    }
    await (way === 'restore' ? this.held.restore(digest, bytes) : this.store.put(contentKey(digest), bytes));
    failpoint('bid.part_stored');
  }

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
    const digest = sha256(bytes);
    await this.store.put(contentKey(digest), bytes);
    failpoint('bid.manifest_stored');
    return digest;
  }

  private async sizes(digests: readonly Uint8Array[]): Promise<readonly (number | undefined)[]> {
    const sizes: (number | undefined)[] = [];
    for (let at = 0; at < digests.length; at += AT_ONCE) {
      const batch = digests.slice(at, at + AT_ONCE).map((digest) => this.store.size(contentKey(digest)));
      sizes.push(...(await Promise.all(batch)));
    }
    return sizes;
  }

  /** How these parts may come in. Storing is no act of the journal; its refusal leaves an entry all the same. */
  private async admission(
    actor: Actor,
    tenderId: string,
    digests: readonly Uint8Array[],
  ): Promise<'arrive' | 'restore'> {
    const vendorId = vendorOf(actor);
    const window = await publishedTender(this.database.manager, tenderId);
    const vendor = await standingOf(this.database.manager, vendorId);
    const owed = window.precommit !== undefined && (await this.areOwed(tenderId, vendorId, digests));
    const [only, another] = digests;
    const named =
      owed || only === undefined || another !== undefined
        ? undefined
        : await this.held.named({ tenderId, vendorId }, window, only);
    try {
      return admitPart({ window, vendor, owed, named, now: this.clock.now() });
    } catch (refusal) {
      return this.journal.commit(actor, { on: 'none' }, () => Promise.reject(refusal as Error));
    }
  }

  /** True when bids that the vendor committed and did not deliver yet name all of these parts. */
  private async areOwed(tenderId: string, vendorId: string, digests: readonly Uint8Array[]): Promise<boolean> {
    const named = await this.database.query<{ sha256: Buffer }>(
      `SELECT DISTINCT p.sha256 FROM bid b JOIN bid_part p ON p.bid_id = b.id
       WHERE b.vendor_id = $1 AND b.tender_id = $2 AND b.precommit AND p.sha256 = ANY($3)
         AND NOT EXISTS (SELECT FROM bid_delivery d WHERE d.bid_id = b.id)`,
      [vendorId, tenderId, digests.map((digest) => Buffer.from(digest))],
    );
    return named.length === new Set(digests.map(toBase64)).size;
  }
}

function hashOf(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    throw new Refusal('request_malformed', 'A hash is not padded base64.');
  }
}
