import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatInstant, sealEnvelope, sha256, toBase64 } from '@segel/encoding';
import { run } from '../cli.js';
import { serveFolder, type StaticServer } from '../static-fixture.js';
import { bytesOf, idOf, SyntheticLog, type Appended } from '../synthetic-log.js';
import { after, closeBox, LOT, people, publishNotice, registerOpeners, TENDER } from '../synthetic-tender.js';
import { look } from './monitor.js';
import type { MonitorEvent } from './event.js';

describe('a monitor', () => {
  let home: string;
  let log: SyntheticLog;
  let notice: Appended;
  let server: StaticServer | undefined;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'segel-monitor-'));
    await mkdir(join(home, 'sealed'));
    log = people();
    notice = publishNotice(log, registerOpeners(log));
    fill(-3600);
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await rm(home, { recursive: true });
  });

  /** Padding up to the end of an interval, which the witness sees so many seconds after the deadline. */
  function fill(seconds: number): void {
    do log.append({ type: 'chaff', body: { padding: 'x' } }, true);
    while (log.entries.length % 8 !== 0);
    log.publish(after(seconds));
  }
  /** As the server does: the entry that closes the tender to bids stands below the cut. */
  function close(commitments: readonly string[]): void {
    const body = { deadline: formatInstant(after(0)) };
    log.append({ type: 'box.closing', tenderId: TENDER, body, at: after(1) });
    closeBox(log, notice, commitments);
  }
  const bid = (): Appended => {
    const hashes = {
      manifest_sha256: toBase64(bytesOf('m')),
      ct_root: toBase64(bytesOf('c')),
      notice_sha256: notice.sha256,
    };
    const ids = { offer_id: idOf('offer'), bid_id: idOf('bid'), vendor_id: idOf('vendor') };
    const body = { lot_id: LOT, envelope: 'single', ...ids, ...hashes };
    return log.append({ type: 'bid.submitted', tenderId: TENDER, body, signers: ['vendor'] }, true);
  };
  const keepReceipt = async (entry: Appended): Promise<void> =>
    writeFile(join(home, 'sealed', 'bid.receipt.tlog-proof'), await log.receipt(entry));
  async function told(now: number, own = false, from?: string): Promise<MonitorEvent[]> {
    const events: MonitorEvent[] = [];
    const folder = await log.write(join(home, 'log'));
    const watched = own ? { tenders: [], receipts: join(home, 'sealed') } : { tenders: [TENDER] };
    const stateFile = join(home, 'state.json');
    const options = { log: from ?? folder, policy: log.policy, stateFile, now: () => after(now), ...watched };
    await look(options, (event) => void events.push(event));
    return events;
  }
  const codes = (events: readonly MonitorEvent[]): string[] => events.map(({ code }) => code);

  it('tells what happens in a tender once, and goes on after a restart', async () => {
    const events = await told(-3500);
    expect(codes(events)).toEqual([
      'key.opener.registered',
      'key.opener.registered',
      'key.opener.registered',
      'tender.published',
    ]);
    expect(events[3]).toMatchObject({
      kind: 'entry',
      index: notice.index,
      sentence: expect.stringContaining('School roof'),
    });
    expect(await told(-3400)).toEqual([]);
    close([]);
    fill(5);
    const closed = await told(10);
    expect(codes(closed)).toEqual(['box.closing', 'box.closed']);
    expect(closed[1]!.sentence).toContain('count 0');
  });

  it('tells nothing of other tenders, and a tender watched later from its beginning', async () => {
    const empty = await look(
      {
        log: await log.write(join(home, 'log')),
        policy: log.policy,
        tenders: [idOf('other')],
        stateFile: join(home, 'state.json'),
        now: () => after(-3500),
      },
      (event) => expect(event).toBeUndefined(),
    );
    expect(empty).toBeUndefined();
    expect(codes(await told(-3400))).toContain('tender.published');
  });

  it('warns when the deadline passed and no box was closed, unless the tender was cancelled', async () => {
    fill(100);
    expect(codes(await told(110))).not.toContain('box_overdue');
    fill(200);
    expect(codes(await told(210))).toEqual(['box_overdue']);
    expect(await told(220)).toEqual([]);
    const body = { reason_code: 'no_need', reason: 'No need.', proposed_by: idOf('preparer') };
    log.append({ type: 'tender.cancelled', tenderId: TENDER, body });
    fill(300);
    expect(codes(await told(310))).toEqual(['tender.cancelled']);
  });

  it.each([
    ['early', -1, ['box.closing', 'box.closed', 'unwitnessed_in_time']],
    ['late, as far as this copy knows', 121, ['box.closing', 'box.closed', 'box_undated']],
    ['late, after a smaller tree was seen late', 125, ['box.closing', 'box.closed', 'unwitnessed_in_time']],
    ['in time', 5, ['box.closing', 'box.closed']],
  ])('looks at when the witnesses saw the box: %s', async (_, seconds, expected) => {
    await told(-3500);
    if (seconds === 125) fill(122);
    close([]);
    fill(seconds);
    expect(codes(await told(130))).toEqual(expected);
  });

  it('believes no single witness that is ahead: the log is silent, and the box not overdue', async () => {
    log = people(new SyntheticLog(undefined, ['w', 'v']));
    notice = publishNotice(log, registerOpeners(log));
    log.append({ type: 'chaff', body: { padding: 'x' } }, true);
    log.publish(after(100), undefined, [0, 900]);
    const said = codes(await told(1000));
    expect(said).toContain('log_silent');
    expect(said).not.toContain('box_overdue');
  });

  it('warns when the log stands still', async () => {
    expect(codes(await told(0))).toContain('log_silent');
  });

  it.each(['folder', 'static server'])(
    'says that a receipt holds, and that the bid is below the cut, over a %s',
    async (kind) => {
      const entry = bid();
      fill(-600);
      await keepReceipt(entry);
      server = await serveFolder(join(home, 'log'));
      const from = kind === 'folder' ? undefined : server.url;
      expect(codes(await told(-590, true, from))).toContain('receipt_holds');
      close([toBase64(entry.commitment!)]);
      fill(5);
      expect(codes(await told(10, true, from))).toEqual(['box.closing', 'box.closed', 'bid_before_cut']);
      expect(await told(20, true, from)).toEqual([]);
    },
  );

  it('warns when the box was cut below the bid', async () => {
    close([]);
    const entry = bid();
    fill(5);
    await keepReceipt(entry);
    expect(codes(await told(10, true))).toContain('bid_after_cut');
  });

  it('warns when the log no longer holds what a receipt proves', async () => {
    const entry = bid();
    fill(-600);
    await keepReceipt(entry);
    log.entries[entry.index] = { ...log.append({ type: 'log.heartbeat', body: { n: 1 } }), index: entry.index };
    fill(-500);
    await writeFile(join(home, 'tenders'), `${TENDER} # ours\n`);
    expect(codes(await told(-490, true))).toContain('receipt_contradicts');
  });

  it('raises the alarm when what it read before was changed, and when the log went back', async () => {
    await told(-3500);
    const last = log.entries.length - 1;
    log.entries[last] = { ...log.entries[last]!, data: log.entries[0]!.data };
    fill(-3400);
    await expect(told(-3390)).rejects.toMatchObject({ code: 'log_forked' });
    log.publish(after(-3300), 8);
    await expect(told(-3290)).rejects.toMatchObject({ code: 'log_rolled_back' });
  });

  it('accuses nobody while the log does not answer, and asks again', async () => {
    const promised = { v: 1, log_origin: log.origin, promised_at: formatInstant(after(-700)), mmd_s: 60 };
    const { commitment, data } = bid();
    const hashes = { commitment: toBase64(commitment!), leaf_sha256: toBase64(sha256(data)) };
    const promise = sealEnvelope('promise', { ...promised, ...hashes }, bytesOf('promise'));
    await writeFile(join(home, 'sealed', 'bid.promise.json'), JSON.stringify(promise));
    close([]);
    fill(5);
    server = await serveFolder(await log.write(join(home, 'log')));
    const { url } = server;
    const failing =
      (path: string): typeof fetch =>
      async (input, init) =>
        (input as string).includes(path) ? new Response('', { status: 503 }) : fetch(input, init);
    const asked = async (get: typeof fetch): Promise<string[]> => {
      const events: MonitorEvent[] = [];
      const options = { log: url, policy: log.policy, stateFile: join(home, 'state.json'), now: () => after(10) };
      const watched = { tenders: [TENDER], receipts: join(home, 'sealed'), fetch: get };
      await look({ ...options, ...watched }, (event) => void events.push(event));
      return codes(events.filter(({ kind }) => kind === 'warning'));
    };
    for (let i = 0; i < 2; i++) expect(await asked(failing('/checkpoints/'))).toEqual(['no_answer', 'no_answer']);
    expect(await asked(fetch)).toEqual([]);
  });

  it('warns of a promise that was not kept, with an exit code of its own', async () => {
    const promised = { v: 1, log_origin: log.origin, promised_at: formatInstant(after(-700)), mmd_s: 60 };
    const hashes = { commitment: toBase64(bytesOf('c')), leaf_sha256: toBase64(sha256(bytesOf('l'))) };
    const promise = sealEnvelope('promise', { ...promised, ...hashes }, bytesOf('promise'));
    await writeFile(join(home, 'sealed', 'bid.promise.json'), JSON.stringify(promise));
    expect(await told(-700, true)).not.toContainEqual(expect.objectContaining({ file: expect.anything() }));
    fill(-600);
    await log.write(join(home, 'log'));
    await writeFile(join(home, 'policy'), log.policy.text);
    let [out, err] = ['', ''];
    const streams = {
      stdout: { write: (t: string) => void (out += t) },
      stderr: { write: (t: string) => void (err += t) },
    };
    const files = ['--log', join(home, 'log'), '--policy', join(home, 'policy'), '--state', join(home, 'other.json')];
    const args = ['monitor', '--once', '--json', '--receipts', join(home, 'sealed'), ...files];
    expect(await run(args, streams, { SEGEL_HOME: home })).toBe(5);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as MonitorEvent);
    expect(codes(lines)).toContain('promise_broken');
    expect(err).toContain('WARNING');
    expect(await run(args, streams, { SEGEL_HOME: home })).toBe(0);
  });
});
