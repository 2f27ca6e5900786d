/** Requirements 1 to 8: what a thief of everything, an administrator and a curious reader learn before the opening. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromBase64, toBase64, toHex, utf8 } from '@segel/encoding';
import { decodeIdentity, decryptAge, encodeIdentity } from '@segel/sealing';
import type { ConsoleLoggerOptions } from '@nestjs/common';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { startHarness, type Harness, type Person } from './support/harness.js';
import { publishTender, type PublishedTender } from './support/published-tender.js';
import { approvedVendor, sealAndSubmit, type SealedBid, type VendorUser } from './support/sealed-bid.js';

const MARK = 'unmistakable words of a confidential proposal';

describe('before the opening', () => {
  let harness: Harness;
  let tender: PublishedTender;
  let vendors: readonly VendorUser[];
  let bids: readonly SealedBid[];
  const lines: string[] = [];

  beforeAll(async () => {
    const write = process.stdout.write.bind(process.stdout);
    const keep = (chunk: string | Uint8Array): boolean => lines.push(String(chunk)) > 0;
    harness = await startHarness({}, [
      'error',
      'warn',
      'log',
      'debug',
      'verbose',
    ] satisfies ConsoleLoggerOptions['logLevels']);
    tender = await publishTender(harness, { deadlineInMs: 60_000 });
    vendors = [
      await approvedVendor(harness, 'Sunda Surya Sentosa'),
      await approvedVendor(harness, 'Toba Tirta Teguh'),
      await approvedVendor(harness, 'Ujung Utama Usaha'),
    ];
    process.stdout.write = keep as typeof process.stdout.write;
    try {
      const sealed: SealedBid[] = [];
      for (const [i, vendor] of vendors.entries()) {
        const files = [{ path: 'secret.txt', bytes: utf8(`${MARK} ${i}`) }];
        sealed.push(await sealAndSubmit(harness, tender, vendor, { unitPrice: `7${i}31.17`, files }));
      }
      bids = sealed;
      await harness.published();
    } finally {
      process.stdout.write = write;
    }
  });
  afterAll(() => harness.stop());

  /** Everything a thief of the machine has: all rows as text with their bytes, all objects, all secrets. */
  async function everything(): Promise<Buffer> {
    const parts: Buffer[] = [];
    const tables = await harness.owner.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'tlog', 'graphile_worker')",
    );
    for (const { name } of tables.rows) {
      const { rows } = await harness.owner.query<Record<string, unknown>>(`SELECT * FROM ${name}`);
      for (const value of rows.flatMap((row) => Object.values(row)))
        parts.push(Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value) ?? ''));
    }
    for (const file of await objects()) parts.push(await readFile(path.join(harness.folder, 'objects', file)));
    parts.push(
      Buffer.from(JSON.stringify(harness.config.settings)),
      await readFile(path.join(harness.folder, 'signer.json')),
    );
    return Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')]));
  }

  async function objects(): Promise<readonly string[]> {
    const found = await readdir(path.join(harness.folder, 'objects'), { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(path.join(harness.folder, 'objects'), path.join(entry.parentPath, entry.name)));
  }

  it('holds no byte of a bid in the database, the store and the secrets together', async () => {
    const loot = await everything();
    expect(loot.length).toBeGreaterThan(3 * 256 * 1024);
    for (const [i, bid] of bids.entries()) {
      for (const secret of [utf8(`${MARK} ${i}`), utf8(`7${i}31.17`), utf8(bid.offer.total), bid.seed]) {
        expect(loot.includes(Buffer.from(secret))).toBe(false);
        expect(loot.includes(toBase64(secret))).toBe(false);
        expect(loot.includes(toHex(secret))).toBe(false);
      }
    }
  });

  it('opens with none of the server’s secrets, nor with those of one opener group', async () => {
    const { settings } = harness.config;
    const secrets = [settings.LOG_SIGNER_SEED, settings.PROMISE_SEED, settings.TOKEN_SECRET];
    const identities = [
      ...secrets.map((secret) => encodeIdentity('x1', secret)),
      ...tender.openerIdentities.map(({ identity }) => identity),
    ];
    for (const { ciphertext } of bids) {
      for (const identity of identities)
        await expect((async () => decryptAge('x1', decodeIdentity('x1', identity), ciphertext))()).rejects.toThrow();
    }
  });

  /** What would tell who bids: names, accounts, keys, and everything that identifies a bid. */
  function traces(): readonly string[] {
    const of = (base64: string): readonly string[] => [base64, toHex(fromBase64(base64)), encodeURIComponent(base64)];
    return [
      ...vendors.flatMap(({ id, vendorId, email, key }) => [id, vendorId, email, key]),
      'Sunda Surya Sentosa',
      'Toba Tirta Teguh',
      'Ujung Utama Usaha',
      ...bids.flatMap(({ bidId, manifest, manifestSha256 }) => [
        bidId,
        manifest.recipient,
        ...of(manifestSha256),
        ...of(manifest.ciphertext.root),
      ]),
    ];
  }

  it('tells nobody who bid: not strangers, not officials, not other vendors, on any route', async () => {
    const { body } = await harness.get<{ paths: Record<string, Record<string, unknown>> }>('/api/openapi.json');
    const { preparer, approver, awardAuthority, evaluators, openers } = tender.people;
    const readers: readonly (Person | undefined)[] = [
      undefined,
      preparer,
      approver,
      awardAuthority,
      evaluators[0],
      openers[0],
      await harness.person({ role: 'operator' }),
      await approvedVendor(harness, 'Another'),
    ];
    const routes = Object.entries(body.paths)
      .filter(([, methods]) => 'get' in methods)
      .map(([route]) => route);
    let read = 0;
    for (const route of routes) {
      // The register of companies says who is registered, to operators; not who bids.
      if (/^\/api\/(vendors|keys|security-events|openapi)/.test(route)) continue;
      const url = route
        .replaceAll('{tenderId}', tender.tenderId)
        .replaceAll('{lotId}', tender.lotIds[0]!)
        .replaceAll('{version}', '1')
        .replaceAll('{size}', '1')
        .replaceAll('{bidId}', bids[0]!.bidId)
        .replaceAll(/\{[A-Za-z0-9]+\}/g, tender.tenderId);
      for (const reader of readers) {
        const { text, headers } = await harness.get(url, reader);
        const seen = `${text}\n${JSON.stringify([...headers])}`;
        read++;
        // A problem document may repeat the address that was asked for.
        expect([url, traces().filter((trace) => seen.includes(trace) && !url.includes(trace))]).toEqual([url, []]);
      }
    }
    expect(read).toBeGreaterThan(100);
  });

  it('tells nobody how many bids there are before the close', async () => {
    const empty = await publishTender(harness, { deadlineInMs: 60_000 });
    await harness.published();
    const variable =
      /[A-Za-z0-9+/]{86}==|[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9+/]{43}=|\d{4}-\d\d-\d\dT[\d:.]+Z|age1[0-9a-z]+|"index":\d+/g;
    /** An answer with ids, hashes, keys and times blotted out: what is left must not depend on bids. */
    const shape = async (one: PublishedTender, what: string): Promise<string> => {
      const { status, text } = await harness.get(`/api/tenders/${one.tenderId}${what}`);
      return `${status} ${text.replaceAll(/"noticeReceipt":"[^"]*"/g, '').replaceAll(variable, '·')}`;
    };
    for (const what of ['', '/kit', '/boxes', '/notices', '/opening'])
      expect([what, await shape(empty, what)]).toEqual([what, await shape(tender, what)]);
    expect((await harness.get<unknown[]>(`/api/tenders/${tender.tenderId}/boxes`)).body).toEqual([]);
    for (const route of ['/metrics', '/api/metrics']) expect((await harness.get(route)).status).toBe(404);
  });

  it('writes no trace of a bid to its console', () => {
    const text = lines.join('');
    expect(traces().filter((trace) => text.includes(trace))).toEqual([]);
    expect(text).not.toContain(tender.tenderId);
  });

  it('names stored files by their content alone', async () => {
    // A file being written has a random name until it is complete.
    const names = (await objects()).filter((name) => !/^tmp\/[0-9a-f-]{36}$/.test(name));
    const byContent = /^objects\/[0-9a-f]{2}\/[0-9a-f]{62}$/;
    const ofTheLog =
      /^batches\/\d+(\.\d+)?$|^log\/(policy|vkey|checkpoint|checkpoints\/\d+|tile\/(\d+|entries)\/(x\d{3}\/)*\d{3}(\.p\/\d+)?)$/;
    // Written once a day to see whether the store takes anything.
    const probe = /^probes\/\d{4}-\d\d-\d\d$/;
    const told = [byContent, ofTheLog, probe];
    const speaking = names.filter((name) => !told.some((kind) => kind.test(name)));
    expect(speaking).toEqual([]);
    expect(names.length).toBeGreaterThan(3);
  });

  it('pads sizes: bids of different length look alike', () => {
    expect(new Set(bids.map(({ ciphertext }) => ciphertext.length)).size).toBe(1);
  });

  it('lets a vendor see its own bid and no other', async () => {
    const [own, other] = [bids[0]!, bids[1]!];
    expect((await harness.get(`/api/tenders/${tender.tenderId}/bids/${own.bidId}`, vendors[0])).status).toBe(200);
    for (const reader of [vendors[1], undefined, tender.people.auditor]) {
      expect(
        (await harness.get(`/api/tenders/${tender.tenderId}/bids/${own.bidId}`, reader)).status,
      ).toBeGreaterThanOrEqual(401);
    }
    expect(
      (await harness.get(`/api/tenders/${tender.tenderId}/bids/${other.bidId}/receipt`, vendors[0])).status,
    ).toBeGreaterThanOrEqual(403);
  });
});
