import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatInstant, sealEnvelope, sha256, toBase64, type CanonicalObject } from '@segel/encoding';
import { run } from '../cli.js';
import { serveFolder, type StaticServer } from '../static-fixture.js';
import { bytesOf, SyntheticLog, type Appended } from '../synthetic-log.js';
import { after, people } from '../synthetic-tender.js';

/** Promised at the deadline, due a minute later. */
const PROMISED = 0;
const DUE = 60;

describe('a promise', () => {
  let home: string;
  let log: SyntheticLog;
  let server: StaticServer | undefined;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'segel-promise-'));
    log = people();
    fill();
    log.publish(after(PROMISED));
    await writeFile(join(home, 'policy'), log.policy.text);
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await rm(home, { recursive: true });
  });

  const bid = (blinded = true): Appended => log.append({ type: 'log.heartbeat', body: { n: 7 } }, blinded);
  /** Padding up to the end of an interval. */
  const fill = (): void => {
    do log.append({ type: 'chaff', body: { padding: 'x' } }, true);
    while (log.entries.length % 8 !== 0);
  };
  const promiseOf = (
    { data, commitment, sha256: entryHash }: Appended,
    more: CanonicalObject = {},
    signer = 'promise',
  ): string => {
    const hashes = {
      commitment: commitment === undefined ? entryHash : toBase64(commitment),
      leaf_sha256: toBase64(sha256(data)),
    };
    const promised = { v: 1, log_origin: log.origin, promised_at: formatInstant(after(PROMISED)), mmd_s: DUE };
    return JSON.stringify(sealEnvelope('promise', { ...promised, ...hashes, ...more }, bytesOf(signer)));
  };
  async function judged(promise: string, ...more: string[]): Promise<{ code: number; text: string }> {
    let text = '';
    const streams = {
      stdout: { write: (t: string) => void (text += t) },
      stderr: { write: (t: string) => void (text += t) },
    };
    await writeFile(join(home, 'promise'), promise);
    const folder = more.includes('--log') ? [] : ['--log', await log.write(join(home, 'log'))];
    const args = ['receipt', 'verify', join(home, 'promise'), '--policy', join(home, 'policy'), ...folder, ...more];
    return { code: await run(args, streams, { SEGEL_HOME: home }), text };
  }
  const absent = (): Appended => {
    const entry = bid();
    log.entries.pop();
    return entry;
  };

  it.each([
    ['blinded', true],
    ['clear', false],
  ])('of a %s entry was kept in time', async (_, blinded) => {
    const promise = promiseOf(bid(blinded));
    fill();
    log.publish(after(30));
    expect(await judged(promise)).toMatchObject({ code: 0, text: expect.stringMatching(/KEPT: entry 16, in time/) });
  });

  it('that is too young proves nothing yet', async () => {
    const promise = promiseOf(absent());
    fill();
    log.publish(after(DUE - 1));
    expect(await judged(promise)).toMatchObject({ code: 1, text: expect.stringContaining('proves nothing yet') });
  });

  it('is not broken because one witness of the quorum is ahead of the due time', async () => {
    log = people(new SyntheticLog(undefined, ['w', 'v']));
    await writeFile(join(home, 'policy'), log.policy.text);
    const promise = promiseOf(absent());
    fill();
    log.publish(after(DUE - 1), undefined, [0, 1000]);
    expect(await judged(promise)).toMatchObject({ code: 1, text: expect.stringContaining('proves nothing yet') });
    log.publish(after(DUE), undefined, [0, 1000]);
    expect((await judged(promise)).code).toBe(5);
  });

  it('was broken when a checkpoint from its due time on does not hold the entry, and the proof can be repeated', async () => {
    const promise = promiseOf(absent());
    fill();
    log.publish(after(DUE));
    const file = join(home, 'proof.json');
    expect(await judged(promise, '--proof', file)).toMatchObject({
      code: 5,
      text: expect.stringMatching(/PROMISE BROKEN.*\(promise_broken\)/),
    });
    const proof = JSON.parse(await readFile(file, 'utf8')) as { promise: object; checkpoint: string };
    // Somebody else, with the log as it is much later, in which the entry did appear.
    bid();
    fill();
    log.publish(after(DUE + 1000));
    await writeFile(join(home, 'checkpoint'), proof.checkpoint);
    const repeated = await judged(JSON.stringify(proof.promise), '--checkpoint', join(home, 'checkpoint'));
    expect(repeated.code).toBe(5);
  });

  it.each(['folder', 'static server'])('was kept late, which is broken too: by a %s', async (source) => {
    const entry = absent();
    fill();
    log.publish(after(DUE + 5));
    log.entries.push({ ...entry, index: log.entries.length });
    fill();
    log.publish(after(DUE + 15));
    server = await serveFolder(await log.write(join(home, 'log')));
    const from = source === 'folder' ? [] : ['--log', server.url];
    const late = { code: 5, text: expect.stringContaining('It came later, as entry 24') };
    expect(await judged(promiseOf(entry), ...from)).toMatchObject(late);
  });

  it('that no kept checkpoint dates is kept, and no more is said', async () => {
    const promise = promiseOf(bid());
    fill();
    log.publish(after(DUE + 15));
    expect(await judged(promise)).toMatchObject({ code: 0, text: expect.stringContaining('cannot tell') });
  });

  it('does not hold under another key, of another log, or with a member missing', async () => {
    const entry = bid();
    fill();
    log.publish(after(30));
    const bad = [promiseOf(entry, {}, 'stranger'), promiseOf(entry, { log_origin: 'log.example/other' })];
    for (const promise of [...bad, promiseOf(entry, { mmd_s: 'soon' })])
      expect(await judged(promise)).toMatchObject({ code: 1, text: expect.stringContaining('promise_invalid') });
  });

  it('of a commitment is not kept by another leaf whose hash it names', async () => {
    const entry = absent();
    const other = bid(false);
    fill();
    log.publish(after(DUE));
    const twisted = promiseOf(entry, { leaf_sha256: toBase64(sha256(other.data)) });
    expect((await judged(twisted)).code).toBe(5);
  });
});
