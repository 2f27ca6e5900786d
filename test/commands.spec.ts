/** Commands of the command line for the bad days, over the wire to a real server: lost keys, lost bytes, openers who
 *  let their time pass. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fromBase64, toDocument } from '@segel/encoding';
import type { Offer } from '@segel/procurement';
import { partRoot } from '@segel/sealing';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../apps/cli/src/cli.js';
import { readKeyFile, writeKeyFile } from '../apps/cli/src/keys/key-file.js';
import type { KeyRing } from '@segel/acts';
import { Jobs } from '../apps/api/src/platform/jobs/jobs.js';
import { startHarness, type Harness, type Person } from './support/harness.js';
import { attestBox, closeBoxes, entryBodies, objectPath, outcomesOf } from './support/opening-day.js';
import { publishTender, type PublishedTender } from './support/published-tender.js';
import { approvedVendor, offerFor, type VendorUser } from './support/sealed-bid.js';

jest.setTimeout(180_000);

const PASSPHRASE = 'a passphrase of this test';

/** One call of the program: exit code and what it wrote. */
type Said = { readonly code: number; readonly out: string; readonly err: string; readonly problem: string };

describe('the command line on bad days', () => {
  let harness: Harness;
  let folder: string;

  beforeAll(async () => {
    harness = await startHarness({}, []);
  });
  beforeEach(async () => {
    // The program goes by the machine's clock.
    harness.clock.set(new Date());
    folder = await mkdtemp(path.join(tmpdir(), 'segel-commands-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await harness.verifyLog();
  });
  afterAll(() => harness.stop());

  const home = (who: Person): string => path.join(folder, who.id);
  const keyFile = (who: Person): string => path.join(home(who), 'keys.age');

  async function segel(who: Person, ...args: string[]): Promise<Said> {
    harness.clock.set(new Date());
    const said = { stdout: '', stderr: '' };
    const stream = (name: keyof typeof said) => ({
      isTTY: false,
      write: (text: string): boolean => Boolean((said[name] += text)),
    });
    const streams = { stdout: stream('stdout'), stderr: stream('stderr') } as unknown as NodeJS.Process;
    const code = await run([...args, '--policy', path.join(harness.folder, 'policy')], streams, {
      SEGEL_HOME: home(who),
      SEGEL_URL: harness.url,
      SEGEL_TOKEN: who.token,
      SEGEL_PASSPHRASE: PASSPHRASE,
      SEGEL_RECOVERY_PASSPHRASE: 'another passphrase entirely',
    });
    const problem = /^segel: .*$/m.exec(said.stderr)?.[0] ?? '';
    return { code, out: said.stdout, err: said.stderr, problem };
  }

  async function withKeys(who: Person, keys: KeyRing): Promise<void> {
    await mkdir(home(who), { recursive: true });
    await writeKeyFile(keyFile(who), keys, PASSPHRASE, { replace: true, workFactor: 10 });
  }

  /** Seals with the program; returns the path of the manifest. */
  async function sealed(vendor: VendorUser, tender: PublishedTender): Promise<{ manifest: string; kit: string }> {
    await harness.published();
    await withKeys(vendor, { signingSecret: vendor.secret, openerIdentities: [] });
    const [kit, offerFile, files] = ['kit.json', 'offer.json', 'files'].map((name) =>
      path.join(home(vendor), name),
    ) as [string, string, string];
    expect(await segel(vendor, 'kit', tender.tenderId, '--out', kit)).toMatchObject({ code: 0, problem: '' });
    const offer: Offer = offerFor(tender.terms, tender.tenderId, tender.lotIds[0]!, '');
    await writeFile(offerFile, JSON.stringify(toDocument(offer)));
    for (const { path: name } of offer.documents) {
      await mkdir(path.dirname(path.join(files, name)), { recursive: true });
      await writeFile(path.join(files, name), '%PDF-1.7 proposal');
    }
    const out = path.join(home(vendor), 'sealed');
    const said = await segel(vendor, 'seal', '--kit', kit, '--offer', offerFile, '--files', files, '--out', out);
    expect(said).toMatchObject({ code: 0, out: expect.stringContaining('NOT SUBMITTED yet') });
    const manifest = (await readdir(out)).find((name) => name.endsWith('.manifest.json'))!;
    return { manifest: path.join(out, manifest), kit };
  }

  it('proves an opener’s key, says that it is lost, and makes another that its recovery file brings back', async () => {
    const tender = await publishTender(harness);
    const [opener] = tender.people.openers as [(typeof tender.people.openers)[number]];
    const { tenderId } = tender;
    const { identity } = tender.openerIdentities[0]!;
    await withKeys(opener, { signingSecret: opener.secret, openerIdentities: [{ tenderId, identity }] });

    expect(await segel(opener, 'opener', 'drill', tenderId)).toMatchObject({ code: 0, problem: '' });
    expect(await entryBodies(harness, tenderId, 'opening.readiness')).toMatchObject([
      { stage: 'asked' },
      { stage: 'proved' },
    ]);
    expect(await segel(opener, 'opener', 'revoke', tenderId)).toMatchObject({ code: 0, problem: '' });
    expect(await segel(opener, 'opener', 'drill', tenderId)).toMatchObject({
      code: 1,
      err: expect.stringContaining('pins no key of yours'),
    });

    const recovery = path.join(folder, 'recovery.txt');
    const made = await segel(opener, 'opener', 'key', tenderId, '--suite', 'x1', '--recovery', recovery);
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining('is registered') });
    const fresh = await readKeyFile(keyFile(opener), PASSPHRASE);
    expect(new Set(fresh.openerIdentities.map((one) => one.identity)).size).toBe(2);

    await rm(keyFile(opener));
    const recovered = await segel(opener, 'opener', 'recover', recovery);
    expect(recovered).toMatchObject({ code: 0, problem: '' });
    expect(await readKeyFile(keyFile(opener), PASSPHRASE)).toEqual(fresh);
    expect(await segel(opener, 'opener', 'recover', recovery)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is there already'),
    });
  });

  it('sends the signed bid first and its sealed file after it, and puts back what the server lost', async () => {
    const tender = await publishTender(harness, { deadlineInMs: 60_000, terms: { precommit: { graceMinutes: 30 } } });
    const vendor = await approvedVendor(harness);
    const { manifest, kit } = await sealed(vendor, tender);
    const said = await segel(vendor, 'submit', manifest, '--kit', kit, '--precommit');
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/SUBMITTED: bid[^]*DELIVERED: the sealed file/) });
    expect(await entryBodies(harness, tender.tenderId, 'bid.delivered')).toHaveLength(1);
    expect(await segel(vendor, 'bid', 'restore', manifest)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing of bid'),
    });

    const { rows } = await harness.owner.query<{ sha256: Buffer; ct_root: Buffer }>(
      'SELECT p.sha256, b.ct_root FROM bid_part p JOIN bid b ON b.id = p.bid_id WHERE b.tender_id = $1',
      [tender.tenderId],
    );
    const part = path.join(harness.folder, objectPath(rows[0]!.sha256.toString('base64')));
    const whole = await readFile(part);
    await rm(part);
    await harness.app.get(Jobs).plan('storage.audit', harness.clock.now());
    await harness.runDueJobs();
    const restored = await segel(vendor, 'bid', 'restore', manifest);
    expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('RESTORED: 1 part(s)') });
    expect(await readFile(part)).toEqual(whole);
    expect(partRoot([rows[0]!.sha256])).toEqual(fromBase64(rows[0]!.ct_root.toString('base64')));

    // Another file than the one submitted changes nothing.
    await rm(part);
    await harness.app.get(Jobs).plan('storage.audit', harness.clock.now());
    await harness.runDueJobs();
    await writeFile(manifest.replace('.manifest.json', '.sealed'), whole.subarray(1));
    const other = await segel(vendor, 'bid', 'restore', manifest);
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('sealed_file_changed') });
  });

  it('discloses the seed of a bid whose openers let their time pass, and not before', async () => {
    const tender = await publishTender(harness);
    const vendor = await approvedVendor(harness);
    const { manifest, kit } = await sealed(vendor, tender);
    expect(await segel(vendor, 'submit', manifest, '--kit', kit)).toMatchObject({ code: 0, problem: '' });
    const seedFile = manifest.replace('.manifest.json', '.seed.age');
    expect(await segel(vendor, 'disclose-seed', seedFile)).toMatchObject({ code: 1 });
    await until(Date.parse(tender.terms.deadlineAt) + 1000);
    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    await harness.published();
    // The program says so by its own clock, the server by its; on a slow machine only the server's can still say it.
    harness.clock.set(new Date(Date.parse(tender.terms.deadlineAt) + 1000));
    const early = await segel(vendor, 'disclose-seed', seedFile);
    expect(early).toMatchObject({ code: 1, problem: expect.stringMatching(/openers_have_time|still have time/) });

    // Two days of this rule pack, two seconds each.
    await until(Date.parse(tender.terms.deadlineAt) + 4500);
    harness.clock.set(new Date());
    await harness.runDueJobs();
    expect(await entryBodies(harness, tender.tenderId, 'opening.delayed')).toMatchObject([
      { groups: [{ released: 0 }, { released: 0 }] },
    ]);
    expect(await segel(vendor, 'disclose-seed', seedFile)).toMatchObject({ code: 0, problem: '' });
    await harness.runDueJobs();
    const { bid_id: bidId } = (await entryBodies(harness, tender.tenderId, 'bid.submitted'))[0]!;
    expect(await outcomesOf(harness, tender)).toEqual({ [bidId as string]: 'opened' });
  });
});

async function until(instant: number): Promise<void> {
  await sleep(Math.max(0, instant - Date.now()));
}
