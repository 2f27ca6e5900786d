import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  attestBox,
  checkKit,
  type KeyRing,
  promiseKeyOf,
  releaseShares,
  type SealingKit,
  verifyBidReceipt,
} from '@segel/acts';
import { toBase64, toHex, type CanonicalObject } from '@segel/encoding';
import { decryptSeedWithPassphrase, fileOf, openBidInMemory, PART_BYTES } from '@segel/sealing';
import { createReadStream } from 'node:fs';
import { ApiClient } from '../api-client.js';
import { openLog } from '../log-reader.js';
import { nodePrimitives } from '../primitives.js';
import { bytesOf, idOf, keyOf, type Appended, type SyntheticLog } from '../synthetic-log.js';
import {
  after,
  attest,
  closeBox,
  kitOf,
  LOT,
  openerKeys,
  OPENERS,
  people,
  publishNotice,
  registerOpeners,
  TENDER,
} from '../synthetic-tender.js';
import { FakeServer } from './bidding-fixture.js';
import { sealBid, type SealedBid } from './seal.js';
import { signsWith, submitBid } from './submit.js';

const keys: KeyRing = { signingSecret: bytesOf('vendor'), openerIdentities: [] };
const offer = { currency: 'IDR', answers: [], documents: [], prices: [], total: '100' };

jest.setTimeout(30_000);

describe('a bid', () => {
  let folder: string;
  let log: SyntheticLog;
  let openerEntries: readonly Appended[];
  let notice: Appended;
  let kit: SealingKit;
  let server: FakeServer;
  let client: ApiClient;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'segel-bid-'));
    log = people();
    openerEntries = registerOpeners(log);
    notice = publishNotice(log, openerEntries);
    log.publish(after(-1800));
    kit = kitOf(log, notice, openerEntries);
    server = new FakeServer(log);
    client = new ApiClient({ url: await server.start(), sleep: async () => undefined });
  });
  afterEach(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const seal = (bytes = 1000): Promise<SealedBid> =>
    sealBid({
      kit,
      lotId: LOT,
      vendorId: idOf('vendor'),
      keys,
      offer,
      files: [fileOf('documents/plan.pdf', new Uint8Array(bytes).fill(7))],
      outDir: join(folder, 'sealed'),
      passphrase: 'a long passphrase',
      workFactor: 4,
    });
  const submit = (sealed: SealedBid, patienceMs = 2000, promiseKey = keyOf('promise')): ReturnType<typeof submitBid> =>
    submitBid(client, {
      manifestFile: sealed.manifestFile,
      signs: signsWith(keys),
      policy: log.policy,
      promiseKey,
      patienceMs,
    });
  const reader = async (): ReturnType<typeof openLog> => openLog(await log.write(join(folder, 'log')), log.policy);

  it('is not submitted against a promise of another key than the log names', async () => {
    const sealed = await seal();
    await expect(submit(sealed, 2000, keyOf('somebody'))).rejects.toMatchObject({ code: 'promise_invalid' });
  });

  it('finds the promise key in the first entry of the log', async () => {
    expect(await promiseKeyOf(await reader())).toBe(keyOf('promise'));
  });

  it('is sealed from a kit that the log confirms', async () => {
    expect(await checkKit(kit, await reader())).toMatchObject({ attestationRequired: true, noticeIndex: notice.index });
  });

  it.each([
    [
      'an opener was given another key',
      (k: SealingKit) => {
        const [group] = k.groups;
        const openers = group!.openers.map((o, i) => ({ ...o, recipient: group!.openers[(i + 1) % 3]!.recipient }));
        return { ...k, groups: [{ ...group!, openers }] };
      },
      'kit_differs',
    ],
    ['the deadline was moved', (k: SealingKit) => ({ ...k, deadlineAt: after(60).toISOString() }), 'kit_differs'],
    ['it names another policy', (k: SealingKit) => ({ ...k, policy: `${k.policy}#\n` }), 'policy_differs'],
    [
      'it is of a notice that is not in the log',
      (k: SealingKit) => ({ ...k, noticeSha256: `${'A'.repeat(43)}=` }),
      'notice_outdated',
    ],
  ] as const)('is not sealed when %s', async (_, alter, code) => {
    await expect(checkKit(alter(kit), await reader())).rejects.toMatchObject({ code });
  });

  it('is not sealed when an opener key was registered by somebody else', async () => {
    const forged = people();
    const entries = registerOpeners(forged, 'opener b');
    const forgedNotice = publishNotice(forged, entries);
    forged.publish(after(-1800));
    const opened = await openLog(await forged.write(join(folder, 'forged')), forged.policy);
    await expect(checkKit(kitOf(forged, forgedNotice, entries), opened)).rejects.toMatchObject({
      code: 'opener_key_invalid',
    });
  });

  it('can be opened again by its vendor with the seed file', async () => {
    const sealed = await seal();
    const { seed } = await decryptSeedWithPassphrase(await readFile(sealed.seedFile), 'a long passphrase');
    const ciphertext = createReadStream(sealed.sealedFile);
    const { result, files } = await openBidInMemory({
      manifest: sealed.manifest,
      key: { seed },
      ciphertext,
      primitives: nodePrimitives,
    });
    expect(result.outcome).toBe('opened');
    expect([...files.keys()]).toEqual(['offer.json', 'documents/plan.pdf']);
    const stored = JSON.parse(new TextDecoder().decode(files.get('offer.json'))) as CanonicalObject;
    expect(stored).toMatchObject({ tender_id: TENDER, bid_id: sealed.bidId, total: '100' });
  });

  it('is submitted only with a verified receipt, which is kept', async () => {
    const sealed = await seal();
    const submitted = await submit(sealed);
    expect(submitted.checked.entry.type).toBe('bid.submitted');
    const kept = await readFile(submitted.receiptFile, 'utf8');
    expect(kept).toBe(await log.receipt(server.bids[0]!.entry));
    expect((await stat(submitted.promiseFile)).size).toBeGreaterThan(100);
  });

  it('goes in one request when it is small, and in parts when that one did not get through', async () => {
    const sealed = await seal();
    const posted = (): string[] => server.requests.filter((request) => request.startsWith('POST'));
    await submit(sealed);
    expect(posted()).toEqual([`POST /api/tenders/${TENDER}/bids`]);
    expect([...server.parts.keys()]).toEqual(sealed.partHashes.map(toHex));
    server.requests.length = 0;
    server.bids.length = 0;
    server.parts.clear();
    server.failWhole = true;
    expect((await submit(sealed)).sentParts).toBe(1);
    expect(posted().map((request) => request.split('/').slice(4, 5)[0])).toEqual([
      'bids',
      'uploads',
      'uploads',
      'bids',
    ]);
    expect([...server.parts.keys()]).toEqual(sealed.partHashes.map(toHex));
  });

  it('goes on uploading where it was interrupted', async () => {
    const sealed = await seal(2 * PART_BYTES);
    const first = toHex(sealed.partHashes[0]!);
    server.parts.set(first, new Uint8Array());
    server.failPuts = 1;
    const { sentParts } = await submit(sealed);
    expect(sentParts).toBe(sealed.partHashes.length - 1);
    expect(server.requests.some((request) => request.endsWith(first))).toBe(false);
    // Whoever was told nothing asks first how much arrived.
    expect(server.requests.filter((request) => request.startsWith('HEAD'))).toHaveLength(1);
  });

  it('is not sent when its file was changed after the sealing', async () => {
    const sealed = await seal();
    const bytes = await readFile(sealed.sealedFile);
    bytes[5000]! ^= 1;
    await writeFile(sealed.sealedFile, bytes);
    await expect(submit(sealed)).rejects.toMatchObject({ code: 'sealed_file_changed' });
    expect(server.requests).toEqual([]);
  });

  it('is not called submitted when the receipt is of another entry', async () => {
    const sealed = await seal();
    const other = {
      lot_id: LOT,
      envelope: 'single',
      bid_id: idOf('x'),
      vendor_id: idOf('vendor'),
      manifest_sha256: toBase64(bytesOf('m')),
    };
    const stranger = log.append({ type: 'bid.withdrawn', tenderId: TENDER, body: other, signers: ['vendor'] }, true);
    server.hostile = () => stranger;
    await expect(submit(sealed)).rejects.toMatchObject({ code: 'receipt_mismatch' });
  });

  it('is not called submitted when the receipt is not in the tree', async () => {
    const sealed = await seal();
    server.hostile = (bid) => ({ ...bid, salt: bytesOf('another salt') });
    await expect(submit(sealed)).rejects.toMatchObject({ code: 'receipt_invalid' });
  });

  it('has a receipt that fails for every member that differs', async () => {
    const { checked, receiptFile } = await submit(await seal());
    const text = await readFile(receiptFile, 'utf8');
    const expected = { types: ['bid.submitted'], tenderId: TENDER, body: checked.entry.body } as const;
    expect(verifyBidReceipt(text, log.policy, expected).entrySha256).toBe(checked.entrySha256);
    for (const name of ['lot_id', 'envelope', 'bid_id', 'manifest_sha256']) {
      const body = { ...checked.entry.body, [name]: 'another' };
      expect(() => verifyBidReceipt(text, log.policy, { ...expected, body })).toThrow(name);
    }
    expect(() => verifyBidReceipt(text, log.policy, { ...expected, tenderId: idOf('y') })).toThrow('tender');
    expect(() => verifyBidReceipt(text, log.policy, { ...expected, types: ['bid.replaced'] })).toThrow('type');
  });

  describe('in the closed box', () => {
    let sealed: SealedBid;
    beforeEach(async () => {
      sealed = await seal();
      await submit(sealed);
      server.box = closeBox(log, notice, [toBase64(server.bids[0]!.entry.commitment!)]);
      log.publish(after(5));
    });
    const auditor: KeyRing = { signingSecret: bytesOf('auditor'), openerIdentities: [] };
    const attestIt = async (): ReturnType<typeof attestBox> =>
      attestBox(client, auditor, { tenderId: TENDER, boxId: idOf('box'), log: await reader() });
    const release = async (opener: string = OPENERS[0]): ReturnType<typeof releaseShares> => {
      attest(log, server.box!);
      log.publish(after(90));
      const request = {
        tenderId: TENDER,
        boxId: idOf('box'),
        openerId: idOf(opener),
        log: await reader(),
        now: after(95),
      };
      return releaseShares(client, openerKeys(opener), request);
    };

    it('is counted by the auditor, who opened every entry', async () => {
      expect(await attestIt()).toMatchObject({ count: 1, opened: 1 });
      expect(server.attested).toBe(1);
    });

    it('is missed by the auditor when the box leaves it out', async () => {
      const forged = closeBox(log, notice, []);
      log.entries.splice(server.box!.index, 1);
      log.entries.pop();
      void forged;
      closeBox(log, notice, []);
      log.publish(after(6));
      await expect(attestIt()).rejects.toMatchObject({ code: 'set_differs' });
      expect(server.attested).toBe(0);
    });

    it('is missed by the auditor when the server does not open an entry', async () => {
      const { index } = server.bids[0]!.entry;
      const { salt: _, ...closed } = log.entries[index]!;
      log.entries[index] = closed;
      await expect(attestIt()).rejects.toMatchObject({ code: 'leaf_unopened' });
    });

    it('is missed by the auditor when an entry says that it was erased as something else', async () => {
      const { index, commitment } = server.bids[0]!.entry;
      const { salt: _, ...closed } = log.entries[index]!;
      log.entries[index] = closed;
      const body = { commitment: toBase64(commitment!), type: 'access.denied', reason: 'subject_request' };
      log.append({ type: 'opening.erased', body: { ...body, requested_by: idOf('clerk') } });
      log.publish(after(6));
      await expect(attestIt()).rejects.toMatchObject({ code: 'leaf_unopened' });
      expect(server.attested).toBe(0);
    });

    it('gets the shares of every opener named in the notice', async () => {
      expect(await release()).toMatchObject({ bids: 1, group: 'buyer' });
      expect(server.released[0]!.shares.map(({ bidId }) => bidId)).toEqual([sealed.bidId]);
    });

    it('gets no share when the set is not the one in the log', async () => {
      server.bids.push(server.bids[0]!);
      await expect(release()).rejects.toMatchObject({ code: 'set_differs' });
      expect(server.released).toEqual([]);
    });

    it('gets no share when its manifest was exchanged', async () => {
      const other = await seal();
      server.bids[0] = { ...server.bids[0]!, envelope: { ...other.envelope, payload: sealed.envelope.payload } };
      await expect(release()).rejects.toMatchObject({ code: 'bid_mismatch' });
      expect(server.released).toEqual([]);
    });
  });
});
