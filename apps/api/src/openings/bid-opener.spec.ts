import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  canonicalBytes,
  ed25519PublicKey,
  fromBase64,
  sha256,
  toBase64,
  toDocument,
  utf8,
  uuidV7,
} from '@segel/encoding';
import {
  buildManifest,
  collect,
  deal,
  decodeRecipient,
  decryptAge,
  decodeIdentity,
  drawSealRandomness,
  encryptAge,
  fileOf,
  hashParts,
  PART_BYTES,
  recipientOf,
  sealBidInMemory,
  shareCommitment,
  streamOf,
  type Dealing,
  type Manifest,
  type ReleasedShare,
  type SealContext,
  type SealRandomness,
  type Suite,
} from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, unlink, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FolderStore } from '../platform/object-store/folder-store.js';
import { contentKey } from '../platform/object-store/object-store.js';
import { nodePrimitives } from './node-primitives.js';
import { CiphertextDamaged, openSealedBid, type BidToOpen } from './bid-opener.js';

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const id = (): string => uuidV7(Date.now(), random(10));
const CLIENT = { name: 'spec', version: '1.0.0', bundle_sha256: toBase64(random(32)) };
const SEALED_AT = '2026-12-01T02:00:00.000Z';
const SHAPES = [
  { name: 'buyer', k: 2, n: 3 },
  { name: 'audit', k: 1, n: 2 },
];

function contextOf(suite: Suite): SealContext {
  const vendorSecret = random(32);
  return {
    v: 1,
    suite,
    log_origin: 'test.example/segel',
    tender_id: id(),
    notice_sha256: toBase64(random(32)),
    lot_id: id(),
    envelope: 'single',
    vendor_id: id(),
    vendor_key: toBase64(ed25519PublicKey(vendorSecret)),
    offer_id: id(),
    bid_id: id(),
    groups: SHAPES.map(({ name, k, n }) => ({
      name,
      k,
      openers: Array.from({ length: n }, () => ({ opener_id: id(), recipient: recipientOf(suite, random(32)) })),
    })),
  };
}

function offerOf({ tender_id: tenderId, lot_id: lotId, bid_id: bidId }: SealContext): Uint8Array {
  const offer = {
    v: 1,
    tenderId,
    lotId,
    bidId,
    currency: 'EUR',
    answers: [],
    documents: [],
    prices: [],
    total: '10.00',
  };
  return canonicalBytes(toDocument(offer));
}

type Sealed = {
  readonly manifest: Manifest;
  readonly dealing: Dealing;
  readonly randomness: SealRandomness;
  readonly ciphertext: Uint8Array;
  readonly bid: Omit<BidToOpen, 'key'>;
};

jest.setTimeout(30_000);

describe('opening one bid', () => {
  let folder: string;
  let store: FolderStore;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'segel-opener-'));
    store = new FolderStore(folder);
    await store.start();
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  async function keep(ciphertext: Uint8Array): Promise<Uint8Array[]> {
    const hashes: Uint8Array[] = [];
    for (let at = 0; at < ciphertext.length; at += PART_BYTES) {
      const part = ciphertext.subarray(at, at + PART_BYTES);
      hashes.push(sha256(part));
      await store.put(contentKey(sha256(part)), part);
    }
    return hashes;
  }

  async function seal(suite: Suite = 'x1', offer = offerOf, extra = random(100_000)): Promise<Sealed> {
    const context = contextOf(suite);
    const randomness = drawSealRandomness(suite, random);
    const files = [fileOf('offer.json', offer(context)), fileOf('annex/plan.pdf', extra)];
    // The writer may clear its randomness: it gets its own.
    const drawn = structuredClone(randomness);
    const given = { context, files, randomness: drawn, client: CLIENT, sealedAt: SEALED_AT };
    const sealed = await sealBidInMemory({ ...given, primitives: nodePrimitives });
    const { manifest, ciphertext, sealing } = sealed;
    const bid = { manifest, parts: await keep(ciphertext) };
    return { manifest, dealing: sealing.dealing, randomness, ciphertext, bid };
  }

  function sharesOf(dealing: Dealing, chairs: readonly (readonly [group: number, x: number])[]): ReleasedShare[] {
    return chairs.map(([group, x]) => ({ group, x, share: dealing.groups[group]!.shares[x - 1]!.share }));
  }

  /** Every way to meet both quorums exactly: 2 of 3 and 1 of 2. */
  const QUORUMS = [1, 2].flatMap((audit) =>
    [
      [1, 2],
      [1, 3],
      [2, 3],
    ].map(([a, b]) => [[0, a!] as const, [0, b!] as const, [1, audit] as const]),
  );

  it('comes to the same documents whichever quorum released', async () => {
    const annex = random(300_000);
    const { manifest, dealing, bid } = await seal('x1', offerOf, annex);
    for (const chairs of QUORUMS) {
      const opening = await openSealedBid(store, { ...bid, key: { shares: sharesOf(dealing, chairs) } });
      if (opening.outcome !== 'opened') throw new Error(`${opening.outcome}: ${opening.detail}`);
      expect(opening.offer?.['total']).toBe('10.00');
      expect(opening.seal.context.bid_id).toBe(manifest.context.bid_id);
      expect(opening.seal.files.map((file) => file.path)).toEqual(['offer.json', 'annex/plan.pdf']);
      expect(Buffer.from(await store.bytes(contentKey(sha256(annex)))).equals(annex)).toBe(true);
    }
  });

  it('opens with the seed its vendor disclosed', async () => {
    const { bid, randomness } = await seal();
    expect((await openSealedBid(store, { ...bid, key: { seed: randomness.seed } })).outcome).toBe('opened');
  });

  it('opens post-quantum bids', async () => {
    const { dealing, bid } = await seal('pq1');
    expect((await openSealedBid(store, { ...bid, key: { shares: sharesOf(dealing, QUORUMS[0]!) } })).outcome).toBe(
      'opened',
    );
  });

  it('does not begin with one share fewer than any group needs', async () => {
    const { dealing, bid } = await seal();
    const short = [
      [
        [0, 1],
        [1, 1],
      ],
      [
        [0, 1],
        [0, 2],
        [0, 3],
      ],
      [
        [0, 2],
        [0, 2],
        [1, 2],
      ],
      [],
    ] as const;
    for (const chairs of short) {
      await expect(openSealedBid(store, { ...bid, key: { shares: sharesOf(dealing, chairs) } })).rejects.toThrow(
        'every group',
      );
    }
  });

  it('rejects a dishonest dealing whichever quorum released', async () => {
    const { manifest, dealing, bid } = await seal();
    // The vendor commits to a third share that lies on no polynomial with the others: each share passes on its own.
    const stray = new Uint8Array([...random(32), 3]);
    const commitment = toBase64(shareCommitment(dealing.ctx, 0, stray));
    const [buyer, audit] = manifest.groups;
    const shares = buyer!.shares.map((share) => (share.x === 3 ? { ...share, commitment } : share));
    const crooked = { ...manifest, groups: [{ ...buyer!, shares }, audit!] };
    for (const chairs of QUORUMS) {
      const released = sharesOf(dealing, chairs).map((share) =>
        share.group === 0 && share.x === 3 ? { ...share, share: stray } : share,
      );
      const opening = await openSealedBid(store, { ...bid, manifest: crooked, key: { shares: released } });
      expect(opening.outcome).toBe('invalid_dealing');
    }
  });

  it('never combines a share that is not the committed one', async () => {
    const { dealing, bid } = await seal();
    const shares = sharesOf(dealing, QUORUMS[0]!);
    const wrong = [{ ...shares[0]!, share: new Uint8Array([...random(32), 1]) }, ...shares.slice(1)];
    await expect(openSealedBid(store, { ...bid, key: { shares: wrong } })).rejects.toThrow('every group');
  });

  it('finds a payload made for another context', async () => {
    const own = await seal();
    const other = await seal();
    const identity = decodeIdentity('x1', other.dealing.identity);
    const payload = decryptAge('x1', identity, other.ciphertext);
    const { context } = own.manifest;
    const again = encryptAge(
      'x1',
      decodeRecipient('x1', own.manifest.recipient),
      drawSealRandomness('x1', random),
      payload,
    );
    const tree = await hashParts(streamOf(again));
    const manifest = buildManifest(context, deal(context, own.randomness.seed), tree, SEALED_AT, CLIENT);
    const parts = await keep(again);
    const opening = await openSealedBid(store, {
      manifest,
      parts,
      key: { shares: sharesOf(own.dealing, QUORUMS[0]!) },
    });
    expect(opening.outcome).toBe('context_mismatch');
  });

  it("cannot decrypt a competitor's ciphertext copied under another dealing", async () => {
    const competitor = await seal();
    const context = contextOf('x1');
    const dealing = deal(context, random(32));
    const tree = await hashParts(streamOf(competitor.ciphertext));
    const manifest = buildManifest(context, dealing, tree, SEALED_AT, CLIENT);
    const bid = { manifest, parts: competitor.bid.parts, key: { shares: sharesOf(dealing, QUORUMS[0]!) } };
    expect((await openSealedBid(store, bid)).outcome).toBe('undecryptable');
  });

  it('keeps a bid whose offer form is malformed, and says what is wrong with it', async () => {
    const forms = [utf8('not json'), canonicalBytes({ v: 1 }), utf8('{"v":1,"total":10.5}')];
    for (const form of forms) {
      const { dealing, bid } = await seal('x1', () => form);
      const opening = await openSealedBid(store, { ...bid, key: { shares: sharesOf(dealing, QUORUMS[0]!) } });
      expect([opening.outcome, 'offer' in opening]).toEqual(['opened', false]);
      expect(opening.detail).toBeTruthy();
    }
  });

  it('gives no outcome while stored bytes are missing or damaged: the vendor did not do that', async () => {
    const { dealing, bid } = await seal();
    const shares = sharesOf(dealing, QUORUMS[0]!);
    const file = path.join(folder, contentKey(bid.parts[0]!));
    const whole = await collect(await store.read(contentKey(bid.parts[0]!)));
    await unlink(file);
    await expect(openSealedBid(store, { ...bid, key: { shares } })).rejects.toThrow('objects/');
    const damaged = Uint8Array.from(whole);
    damaged[damaged.length - 40]! ^= 1;
    await writeFile(file, damaged);
    await expect(openSealedBid(store, { ...bid, key: { shares } })).rejects.toThrow(CiphertextDamaged);
    await writeFile(file, whole);
    await chmod(file, 0o440);
    expect((await openSealedBid(store, { ...bid, key: { shares } })).outcome).toBe('opened');
    await expect(openSealedBid(store, { ...bid, parts: [], key: { shares } })).rejects.toThrow(CiphertextDamaged);
    expect(await readdir(path.join(folder, 'tmp'))).toEqual([]);
  });

  it('opens a bid of many parts', async () => {
    const annex = new Uint8Array(3 * PART_BYTES);
    const { dealing, bid, manifest } = await seal('x1', offerOf, annex);
    expect(bid.parts.length).toBeGreaterThan(3);
    expect(manifest.ciphertext.parts).toBe(bid.parts.length);
    const opening = await openSealedBid(store, { ...bid, key: { shares: sharesOf(dealing, QUORUMS[3]!) } });
    expect(opening.outcome).toBe('opened');
    expect(await store.size(contentKey(sha256(annex)))).toBe(annex.length);
    expect(fromBase64(opening.outcome === 'opened' ? opening.seal.files[1]!.sha256 : '')).toEqual(sha256(annex));
  });
});
