/** The file in which a sealed bid is carried: read back as it was, nothing else is read as one, and nothing on the disk is
 *  lost to it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  bidEntry,
  carriedAround,
  demandFresh,
  kitFingerprint,
  readCarried,
  signBidEntry,
  termsOfKit,
  type CarriedBid,
  type SealingKit,
} from '@segel/acts';
import { canonicalBytes, sha256, toBase64, toDocument } from '@segel/encoding';
import type { TenderTerms } from '@segel/procurement';
import { drawSealRandomness, fileOf, memberHeader, sealBidInMemory, signManifest } from '@segel/sealing';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodePrimitives } from '../primitives.js';
import { bytesOf, idOf, secretOf } from '../verify/fixtures.js';
import { contextOf } from '../verify/seal-fixture.js';
import { unpackBid } from './carry.js';

const BID_ID = idOf('bid');
const SEALED_AT = '2026-03-01T10:00:00.000Z';

async function sealedBid(text = 'offer') {
  const context = contextOf('log.segel.example', 'vera', BID_ID, toBase64(bytesOf('notice')));
  const sealed = await sealBidInMemory({
    context,
    files: [fileOf('offer.json', Buffer.from(text))],
    randomness: drawSealRandomness('x1', (length) => bytesOf(`draw ${text} ${length}`, length)),
    client: { name: 'spec', version: '1', bundle_sha256: toBase64(bytesOf('client')) },
    sealedAt: SEALED_AT,
    primitives: nodePrimitives,
  });
  const { manifest, manifestSha256, ciphertext } = sealed;
  const keys = { signingSecret: secretOf('vera') };
  const bid: CarriedBid = {
    v: 1,
    tenderId: context.tender_id,
    lotId: context.lot_id,
    vendorId: context.vendor_id,
    bidId: BID_ID,
    manifestSha256: toBase64(manifestSha256),
    sealedAt: SEALED_AT,
    size: ciphertext.length,
    bodySig: signBidEntry(bidEntry(manifest, manifestSha256), keys),
    committingSig: signBidEntry(bidEntry(manifest, manifestSha256, true), keys),
  };
  return { bid, manifest: signManifest(manifest, keys.signingSecret), sealed: ciphertext };
}
type Whole = Awaited<ReturnType<typeof sealedBid>>;

function bundleOf({ bid, manifest, sealed }: Whole, changed: Partial<CarriedBid> = {}): Buffer {
  const { head, tail } = carriedAround({ bid: { ...bid, ...changed }, manifest });
  return Buffer.concat([head, sealed, tail]);
}

const read = (bytes: Buffer): ReturnType<typeof readCarried> =>
  readCarried({ size: bytes.length, read: async (at, length) => bytes.subarray(at, at + length) });

describe('a carried bid', () => {
  let folder: string;
  let whole: Whole;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'segel-carried-'));
    whole = await sealedBid();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const unpacked = async (name: string, bytes: Buffer): ReturnType<typeof unpackBid> => {
    const file = path.join(folder, name);
    await writeFile(file, bytes);
    return unpackBid(file);
  };

  it('is an ordinary tar file without a seed, and is unpacked as `segel seal` leaves a bid, also twice', async () => {
    for (let i = 0; i < 2; i++) {
      const { bid, manifestFile } = await unpacked('x.bid.tar', bundleOf(whole, { sealedAt: 'never' }));
      expect([bid, manifestFile]).toEqual([whole.bid, path.join(folder, `${BID_ID}.manifest.json`)]);
    }
    const names = execFileSync('tar', ['-tf', path.join(folder, 'x.bid.tar')], { encoding: 'utf8' });
    expect(names.trim().split('\n')).toEqual(['bid.json', 'manifest.json', 'sealed'].map((end) => `${BID_ID}.${end}`));
    expect(await readFile(path.join(folder, `${BID_ID}.sealed`))).toEqual(Buffer.from(whole.sealed));
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('takes the place of no other file, and leaves none behind when it does not hold', async () => {
    const other = await sealedBid('another offer');
    await expect(unpacked('y.bid.tar', bundleOf(other))).rejects.toMatchObject({ code: 'file_exists' });
    expect(await readFile(path.join(folder, `${BID_ID}.sealed`))).toEqual(Buffer.from(whole.sealed));
    await Promise.all((await readdir(folder)).map((name) => rm(path.join(folder, name))));
    const forged = { ...whole.bid.bodySig, sig: other.bid.bodySig.sig };
    const cases: [Partial<CarriedBid>, string][] = [
      [{ bodySig: forged }, 'bundle_unsigned'],
      [{ committingSig: whole.bid.bodySig }, 'bundle_unsigned'],
      [{ manifestSha256: other.bid.manifestSha256 }, 'bundle_malformed'],
    ];
    for (const [changed, code] of cases)
      await expect(unpacked('z.bid.tar', bundleOf(whole, changed))).rejects.toMatchObject({ code });
    expect(await readdir(folder)).toEqual(['z.bid.tar']);
  });

  it('is none that travels with its seed', async () => {
    const { head, tail } = carriedAround(whole);
    const end = head.length - 512;
    const seed = Buffer.alloc(512, 's');
    const header = memberHeader({ path: `${BID_ID}.seed.age`, size: seed.length });
    const bytes = Buffer.concat([head.subarray(0, end), header, seed, head.subarray(end), whole.sealed, tail]);
    await expect(read(bytes)).rejects.toMatchObject({ code: 'bundle_malformed' });
  });

  it('is nothing that was cut, lengthened, changed in a header, or named by a path', async () => {
    const bytes = bundleOf(whole);
    await expect(read(bytes)).resolves.toMatchObject({ bid: whole.bid });
    const renamed = Buffer.from(bytes);
    renamed[0] = 0x2f;
    const hostile = bundleOf(whole, { bidId: '../../x' });
    const cases = [bytes.subarray(0, -1), bytes.subarray(0, 700), Buffer.concat([bytes, bytes]), renamed, hostile];
    for (const wrong of [...cases, Buffer.alloc(0), bundleOf(whole, { size: 7 })])
      await expect(read(wrong)).rejects.toMatchObject({ code: 'bundle_malformed' });
  });
});

describe('a kit that was carried', () => {
  const terms = {
    rulePackId: 'generic-open',
    maxBidBytes: 1000,
    lots: [{ id: idOf('lot'), title: 'Roof' }],
    precommit: { graceMinutes: 60 },
  } as unknown as TenderTerms;
  const document = canonicalBytes(toDocument(terms));
  const kit = {
    tenderId: idOf('tender'),
    logOrigin: 'log',
    suite: 'x1',
    noticeSha256: 'n',
    deadlineAt: '2026-03-01T10:00:00.000Z',
    termsSha256: toBase64(sha256(document)),
    rulePackId: 'generic-open',
    maxBidBytes: 1000,
    lots: [{ id: idOf('lot'), title: 'Roof', envelopes: ['single'] }],
    groups: [{ name: 'buyer', k: 1, openers: [{ openerId: idOf('o'), recipient: 'age1x', keyEntrySha256: 'k' }] }],
    precommit: { graceMinutes: 60, ciphertextDueAt: '2026-03-01T11:00:00.000Z' },
  } as unknown as SealingKit;
  const { precommit: _, ...without } = kit;

  it('says what its hashed terms say, or is refused', () => {
    expect(termsOfKit(kit, document)).toMatchObject({ maxBidBytes: 1000 });
    const wrong: SealingKit[] = [
      { ...kit, maxBidBytes: 2000 },
      { ...kit, lots: [{ ...kit.lots[0]!, title: 'Floor' }] },
      { ...kit, precommit: { ...kit.precommit!, graceMinutes: 90 } },
      { ...kit, precommit: { ...kit.precommit!, ciphertextDueAt: '2026-03-01T12:00:00.000Z' } },
      without,
      { ...kit, rulePackId: 'demo' },
      { ...kit, termsSha256: toBase64(sha256(Buffer.from('other'))) },
    ];
    for (const one of wrong)
      expect(() => termsOfKit(one, document)).toThrow(expect.objectContaining({ code: 'kit_differs' }));
  });

  it('has another code with any other notice, terms, rule pack or opener', () => {
    const swapped = structuredClone(kit.groups) as unknown as { openers: { recipient: string }[] }[];
    swapped[0]!.openers[0]!.recipient = 'age1y';
    const codes = [
      kit,
      { ...kit, noticeSha256: 'm' },
      { ...kit, termsSha256: 't' },
      { ...kit, rulePackId: 'demo' },
      { ...kit, groups: swapped as unknown as SealingKit['groups'] },
    ].map(kitFingerprint);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes[0]).toMatch(/^[0-9a-f]{4}( [0-9a-f]{4}){3}$/);
  });

  it('waits for a word of the person when the log is an old one', () => {
    const now = new Date(SEALED_AT);
    const quorumTime = now.getTime() / 1000 - 16 * 60;
    const old = expect.objectContaining({ code: 'log_old' });
    expect(() => demandFresh({ quorumTime }, now)).toThrow(old);
    expect(() => demandFresh({ quorumTime: undefined }, now)).toThrow(old);
    expect(() => demandFresh({ quorumTime }, now, true)).not.toThrow();
    expect(() => demandFresh({ quorumTime: quorumTime + 120 }, now)).not.toThrow();
  });
});
