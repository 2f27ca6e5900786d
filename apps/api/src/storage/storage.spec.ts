/** The nightly reading of the object store over a real tender: what it finds, whom it tells, how bytes come back. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { canonicalBytes, sha256, toBase64, toHex } from '@segel/encoding';
import { PART_BYTES } from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startHarness, type Answer, type Harness, type Person } from '../../../../test/support/harness.js';
import { attestBox, closeBoxes, objectPath, releaseShares } from '../../../../test/support/opening-day.js';
import { publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import { approvedVendor, sealAndSubmit, type SealedBid, type VendorUser } from '../../../../test/support/sealed-bid.js';
import { RowAudit } from '../audit/row-audit.service.js';
import { Jobs } from '../platform/jobs/jobs.js';
import type { StorageView } from './storage.dto.js';
import { StorageAudits } from './storage-audits.js';

jest.setTimeout(180_000);

type OwnBid = { readonly damagedParts: number; readonly state: string };

let harness: Harness;
let operator: Person;
beforeAll(async () => {
  harness = await startHarness({ RATE_LIMIT_PER_MINUTE: '100000' }, []);
  operator = await harness.person({ role: 'operator' });
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

const file = (hash: string): string => path.join(harness.folder, objectPath(hash));

/** As somebody who owns the disk. */
async function change(hash: string, to: (bytes: Buffer) => Buffer | undefined): Promise<void> {
  const bytes = to(await readFile(file(hash)));
  await rm(file(hash));
  if (bytes !== undefined) await writeFile(file(hash), bytes);
}
const flip = (bytes: Buffer): Buffer => {
  bytes[bytes.length >> 1]! ^= 1;
  return bytes;
};
const truncate = (bytes: Buffer): Buffer => bytes.subarray(0, -1);

async function audit(): Promise<void> {
  harness.clock.advance(1000);
  await harness.app.get(Jobs).plan('storage.audit', harness.clock.now());
  await harness.runDueJobs();
}

type Counts = { readonly id: string; readonly checked: number; readonly bytes: number };
type Shown = {
  readonly audits: readonly (Counts & { readonly damaged: number; readonly missing: number })[];
  readonly whole: boolean;
  readonly items: StorageView['items'];
};

/** As an operator sees it, with what the rows alone know. */
async function view(as: Person = operator): Promise<Shown> {
  const { body } = await harness.get<StorageView>('/api/storage', as);
  const { rows } = await harness.owner.query<Counts>('SELECT id, checked::int, bytes::int FROM storage_audit');
  const audits = body.audits.map((audit) => {
    // Two nights would tell how many bids came between them.
    expect(Object.keys(audit)).toEqual(expect.not.arrayContaining(['checked', 'bytes']));
    const { damaged, missing } = audit;
    return { ...rows.find(({ id }) => id === audit.id)!, damaged, missing };
  });
  return { audits, whole: body.whole, items: body.items };
}

async function send(
  tenderId: string,
  { bidId }: SealedBid,
  as: VendorUser,
  bytes: Uint8Array,
  hash = sha256(bytes),
): Promise<Answer> {
  return harness.call('PUT', `/api/tenders/${tenderId}/bids/${bidId}/damage/${toHex(hash)}`, { as, body: bytes });
}

const partsOf = ({ ciphertext }: SealedBid): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(ciphertext.length / PART_BYTES) }, (_, i) =>
    ciphertext.subarray(i * PART_BYTES, (i + 1) * PART_BYTES),
  );

async function entries(type: string): Promise<number> {
  return (await harness.owner.query('SELECT FROM trail WHERE type = $1', [type])).rowCount ?? 0;
}

async function rowFindings(): Promise<readonly unknown[]> {
  await harness.published();
  const { findings } = await harness.app.get(RowAudit).report(false);
  return findings.filter(({ table }) => ['object_damage', 'storage_audit'].includes(table));
}

describe('a tender whose sealed bids are damaged in the store', () => {
  let tender: PublishedTender;
  let vendor: VendorUser;
  let other: VendorUser;
  let bid: SealedBid;
  let otherBid: SealedBid;

  beforeAll(async () => {
    tender = await publishTender(harness, { deadlineInMs: 60_000 });
    vendor = await approvedVendor(harness, 'First');
    other = await approvedVendor(harness, 'Second');
    const files = [{ path: 'plans.bin', bytes: new Uint8Array(randomBytes(17 * 2 ** 20)) }];
    bid = await sealAndSubmit(harness, tender, vendor, { files });
    otherBid = await sealAndSubmit(harness, tender, other);
  });

  const own = async (as = vendor, of = bid): Promise<OwnBid> =>
    (await harness.get<OwnBid>(`/api/tenders/${tender.tenderId}/bids/${of.bidId}`, as)).body;

  it('is read as a whole, recorded, and kept locked ahead', async () => {
    await audit();
    const { audits, whole, items } = await view();
    expect([whole, items]).toEqual([true, []]);
    // Three parts and one, two manifests, the terms.
    expect(audits[0]).toMatchObject({ checked: 7, damaged: 0, missing: 0 });
    expect(audits[0]!.bytes).toBeGreaterThan(17 * 2 ** 20);
    const { mtimeMs } = await stat(file(bid.parts[0]!));
    expect(mtimeMs).toBe(harness.clock.now().getTime() + 86_400_000);
    expect(await entries('storage.audited')).toBe(1);
    expect((await harness.get('/api/storage', vendor)).status).toBe(403);
    expect((await harness.get('/api/storage', tender.people.auditor)).status).toBe(200);
  });

  it('has a flipped bit, a missing and a truncated object named, once each, and says nothing about who bids', async () => {
    await change(bid.parts[0]!, flip);
    await change(bid.parts[1]!, () => undefined);
    await change(bid.parts[2]!, truncate);
    await audit();
    await audit();
    const { audits, whole, items } = await view();
    expect(audits[0]).toMatchObject({ checked: 7, damaged: 2, missing: 1 });
    expect(whole).toBe(false);
    const found = Object.fromEntries(items.map((item) => [item.sha256, item.found]));
    expect(found).toEqual({ [bid.parts[0]!]: 'differs', [bid.parts[1]!]: 'missing', [bid.parts[2]!]: 'differs' });
    // A curious administrator, before the deadline.
    for (const item of items) expect(item).not.toHaveProperty('tenderId');
    for (const item of items) expect(item).not.toHaveProperty('vendorId');
    expect(await entries('storage.damaged')).toBe(3);
    expect((await own()).damagedParts).toBe(3);
    expect((await own(other, otherBid)).damagedParts).toBe(0);
    const notices = async (as: Person): Promise<readonly string[]> =>
      (await harness.get<{ items: { code: string }[] }>('/api/notifications', as)).body.items.map(({ code }) => code);
    expect((await notices(vendor)).filter((code) => code === 'bid_damaged')).toHaveLength(3);
    expect((await notices(other)).filter((code) => code === 'bid_damaged')).toHaveLength(0);
    expect((await notices(operator)).filter((code) => code === 'object_damaged')).toHaveLength(3);
    expect(await rowFindings()).toEqual([]);
  });

  it('takes the same bytes from its vendor after the deadline, and no others, and from nobody else', async () => {
    await closeBoxes(harness, tender);
    const parts = partsOf(bid);
    const refusals = async (answer: Promise<Answer>): Promise<unknown> => {
      const { status, body } = await answer;
      return [status, body['code']];
    };
    const { tenderId } = tender;
    expect(await refusals(send(tenderId, bid, other, parts[0]!))).toEqual([404, 'bid_unknown']);
    expect(await refusals(send(tenderId, bid, vendor, partsOf(otherBid)[0]!))).toEqual([404, 'bid_unknown']);
    expect(await refusals(send(tenderId, otherBid, other, partsOf(otherBid)[0]!))).toEqual([409, 'wrong_state']);
    const wrong = Uint8Array.from(parts[0]!);
    wrong[0]! ^= 1;
    expect(await refusals(send(tenderId, bid, vendor, wrong))).toEqual([404, 'bid_unknown']);
    expect(await refusals(send(tenderId, bid, vendor, wrong, sha256(parts[0]!)))).toEqual([
      460,
      'part_digest_mismatch',
    ]);
    expect(await entries('storage.restored')).toBe(0);

    const damage = `/api/tenders/${tenderId}/bids/${bid.bidId}/damage`;
    expect((await harness.get<{ damaged: string[] }>(damage, vendor)).body.damaged.toSorted()).toEqual(
      [...bid.parts].sort(),
    );
    expect((await harness.get(damage, other)).status).toBe(404);
    expect((await send(tenderId, bid, vendor, parts[0]!)).status).toBe(204);
    expect(Buffer.from(await readFile(file(bid.parts[0]!))).equals(Buffer.from(parts[0]!))).toBe(true);
    expect((await own()).damagedParts).toBe(2);
    // What is whole again is late again.
    expect(await refusals(send(tenderId, bid, vendor, parts[0]!))).toEqual([409, 'wrong_state']);
    expect(await entries('storage.restored')).toBe(1);
  });

  it('waits with the opening of the whole box, and opens it when the bytes are back', async () => {
    const [box] = (await harness.get<Parameters<typeof attestBox>[2][]>(`/api/tenders/${tender.tenderId}/boxes`)).body;
    // Found by the opening itself, before any nightly reading.
    await change(otherBid.parts[0]!, flip);
    await attestBox(harness, tender, box!);
    await expect(releaseShares(harness, tender, box!, [0, 1, 3, 4])).rejects.toThrow('wait for their bytes');
    await harness.runDueJobs();
    expect((await own(other, otherBid)).damagedParts).toBe(1);
    expect((await own()).state).not.toBe('rejected');
    expect(await entries('bid.opened')).toBe(0);
    // The tender and its count are public now, whose bid it is not yet.
    const { items } = await view();
    expect(items).toHaveLength(3);
    for (const item of items) expect(item).toMatchObject({ tenderId: tender.tenderId });
    for (const item of items) expect(item).not.toHaveProperty('vendorId');

    for (const part of partsOf(bid).slice(1)) expect((await send(tender.tenderId, bid, vendor, part)).status).toBe(204);
    await expect(harness.runDueJobs()).rejects.toThrow('1 bid(s)');
    expect(await entries('opening.completed')).toBe(0);
    expect((await send(tender.tenderId, otherBid, other, partsOf(otherBid)[0]!)).status).toBe(204);
    await harness.runDueJobs();
    expect(await entries('opening.completed')).toBe(1);
    const { rows } = await harness.owner.query('SELECT DISTINCT outcome FROM opened_bid');
    expect(rows).toEqual([{ outcome: 'opened' }]);
    expect((await view()).whole).toBe(true);
    expect(await rowFindings()).toEqual([]);
  });

  it('takes the signed manifest back too, and notices what was put back past the server', async () => {
    const manifest = canonicalBytes(bid.envelope);
    const hash = toBase64(sha256(manifest));
    const bytes = await readFile(file(hash));
    await change(hash, () => undefined);
    expect((await send(tender.tenderId, bid, vendor, manifest)).status).toBe(204);
    expect((await readFile(file(hash))).equals(bytes)).toBe(true);
    await change(hash, truncate);
    await audit();
    expect((await view()).items).toMatchObject([{ sha256: hash, vendorId: vendor.vendorId }]);
    await rm(file(hash));
    await writeFile(file(hash), bytes);
    await audit();
    expect((await view()).whole).toBe(true);
    expect(await rowFindings()).toEqual([]);
  });

  it('has a row named that somebody writes past the log to hide a damage', async () => {
    await harness.owner.query("UPDATE object_damage SET restored_at = restored_at + interval '1 day'");
    expect(await rowFindings()).not.toEqual([]);
    await harness.owner.query("UPDATE object_damage SET restored_at = restored_at - interval '1 day'");
    expect(await rowFindings()).toEqual([]);
  });
});

describe('a reading that is cut off', () => {
  it('goes on at its page, counts nothing twice and finds what lies behind', async () => {
    const tender = await publishTender(harness, { deadlineInMs: 60_000 });
    const vendor = await approvedVendor(harness);
    const bid = await sealAndSubmit(harness, tender, vendor);
    // Enough objects for three pages.
    for (let i = 0; i < 150; i++) {
      const bytes = randomBytes(10);
      const hash = sha256(bytes);
      await writeFile(await folderOf(hash), bytes);
      await harness.owner.query(
        `INSERT INTO opened_document (bid_id, position, path, sha256, size_bytes) VALUES ($1, $2, 'x', $3, 10)`,
        [bid.bidId, 1000 + i, Buffer.from(hash)],
      );
    }
    const audits = harness.app.get(StorageAudits);
    const whole = (await audits.next((await audits.next((await audits.next(audits.begin()))!))!))!;
    expect(await audits.next(whole)).toBeUndefined();

    const jobs = harness.app.get(Jobs);
    harness.clock.advance(1000);
    const before = (await view()).audits.length;
    await jobs.tasks['storage.audit']!({}, undefined as never);
    expect(await jobs.isPlanned('storage.audit.page')).toBe(true);
    // The process dies here; the night after finds the reading under way and leaves it alone.
    await jobs.tasks['storage.audit']!({}, undefined as never);
    const [page] = await pages();
    expect(page).toMatchObject({ checked: 64 });
    await harness.runDueJobs();
    const { audits: done } = await view();
    expect(done).toHaveLength(before + 1);
    expect(done[0]).toMatchObject({ checked: whole.checked, bytes: whole.bytes, damaged: 0, missing: 0 });
  });

  it('takes a store that does not answer for no damage', async () => {
    const folder = path.join(harness.folder, 'objects');
    const away = `${folder}-away`;
    await rename(folder, away);
    // A loop of links: neither there nor not there.
    await symlink(folder, folder);
    try {
      await expect(harness.app.get(StorageAudits).next(harness.app.get(StorageAudits).begin())).rejects.toThrow(
        'ELOOP',
      );
    } finally {
      await unlink(folder);
      await rename(away, folder);
    }
    expect((await view()).whole).toBe(true);
  });
});

async function pages(): Promise<readonly { readonly checked: number }[]> {
  const { rows } = await harness.owner.query<{ payload: { checked: number } }>(
    "SELECT payload FROM graphile_worker._private_jobs WHERE key = 'storage.audit.page'",
  );
  return rows.map(({ payload }) => payload);
}

async function folderOf(hash: Uint8Array): Promise<string> {
  const target = file(toBase64(hash));
  await mkdir(path.dirname(target), { recursive: true });
  return target;
}
