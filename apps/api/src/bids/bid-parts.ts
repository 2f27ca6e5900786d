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
    await this.admission(actor, tenderId);
    const sizes = await this.sizes(hashes.map(hashOf));
    return hashes.filter((_, i) => sizes[i] === undefined);
  }

  /** Stores one part under its hash; the same part again changes nothing. */
  async put(actor: Actor, tenderId: string, digest: Uint8Array, bytes: Uint8Array): Promise<void> {
    const way = await this.admission(actor, tenderId, digest);
    if (bytes.length === 0) throw new Refusal('request_malformed', 'A part is not empty.');
    if (!equalBytes(sha256(bytes), digest)) {
      throw new Refusal('part_digest_mismatch', 'The part is not the one its address names; nothing was stored.');
    }
    await (way === 'restore' ? this.held.restore(digest, bytes) : this.store.put(contentKey(digest), bytes));
    failpoint('bid.part_stored');
  }

  /** Why these parts (base64 hashes) are not the manifest's stored ciphertext, or undefined when they are. */
  async problemOf(manifest: Manifest, hashes: readonly string[]): Promise<Refusal | undefined> {
    const { size, parts, root } = manifest.ciphertext;
    const digests = hashes.map(hashOf);
    if (digests.length !== parts || toBase64(partRoot(digests)) !== root) {
      return new Refusal('manifest_mismatch', 'The parts are not those of the manifest.', { path: 'ciphertext.root' });
    }
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

  /** How a part may come in. Storing is no act of the journal; its refusal leaves an entry all the same. */
  private async admission(actor: Actor, tenderId: string, digest?: Uint8Array): Promise<'arrive' | 'restore'> {
    const vendorId = vendorOf(actor);
    const window = await publishedTender(this.database.manager, tenderId);
    const vendor = await standingOf(this.database.manager, vendorId);
    const named = digest && (await this.held.named({ tenderId, vendorId }, window, digest));
    try {
      return admitPart({ window, vendor, named, now: this.clock.now() });
    } catch (refusal) {
      return this.journal.commit(actor, { on: 'none' }, () => Promise.reject(refusal as Error));
    }
  }
}

function hashOf(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    throw new Refusal('request_malformed', 'A hash is not padded base64.');
  }
}
