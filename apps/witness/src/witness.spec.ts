import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toBase64, utf8 } from '@segel/encoding';
import {
  consistencyProofOf,
  cosignatureTime,
  formatCheckpoint,
  leafHash,
  logKeyOf,
  parseSignatureLine,
  parseVkey,
  signatureLine,
  signNote,
  treeRoot,
} from '@segel/tlog';
import { startWitness, type RunningWitness } from './server.js';

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const log = { name: 'log.example/segel', seed: seed(1) };
const other = { name: 'log.example/other', seed: seed(2) };

/** Leaf hashes of one history; `from` on, another history. */
const history = (size: number, story = 'honest', from = 0): readonly Uint8Array[] =>
  Array.from({ length: size }, (_, i) => leafHash(utf8(`${i >= from ? story : 'honest'} ${i}`)));
const note = (leaves: readonly Uint8Array[], key = log): string =>
  signNote(formatCheckpoint({ origin: key.name, size: leaves.length, root: treeRoot(leaves) }), key);
const body = (old: number, proof: readonly Uint8Array[], checkpoint: string): string =>
  `${[`old ${old}`, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`;
const grow = (old: number, leaves: readonly Uint8Array[], key = log): string =>
  body(old, consistencyProofOf(leaves, old), note(leaves, key));

describe('a witness', () => {
  let folder: string;
  let witness: RunningWitness;
  let now: number;
  let reports: string[];

  const start = (): Promise<RunningWitness> =>
    startWitness({
      name: 'audit.example/w',
      seed: seed(7),
      dataDir: folder,
      logs: [logKeyOf(log).vkey, logKeyOf(other).vkey],
      now: () => now,
      report: (line) => reports.push(line),
    });
  const post = async (text: string | Uint8Array, url = witness.url) => {
    const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body: Buffer.from(text) });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
  const timeOf = (line: string, checkpoint: string): number | undefined => {
    const text = checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1);
    expect(line.endsWith('\n')).toBe(true);
    return cosignatureTime(text, parseSignatureLine(line.slice(0, -1)), parseVkey(witness.vkey));
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'witness-'));
    now = Date.parse('2026-01-02T03:04:05.678Z');
    reports = [];
    witness = await start();
  });
  afterEach(async () => {
    await witness.close();
    rmSync(folder, { recursive: true });
  });

  it('cosigns the first checkpoint it sees and every one that extends it', async () => {
    for (const [old, size] of [
      [0, 5],
      [5, 300],
      [300, 301],
    ] as const) {
      now += 1000;
      const leaves = history(size);
      const answer = await post(grow(old, leaves));
      expect(answer.status).toBe(200);
      expect(timeOf(answer.text, note(leaves))).toBe(Math.floor(now / 1000));
    }
  });

  it('cosigns the same checkpoint again at a later time', async () => {
    await post(grow(0, history(5)));
    now += 60_000;
    const again = await post(body(5, [], note(history(5))));
    expect(again.status).toBe(200);
    expect(timeOf(again.text, note(history(5)))).toBe(Math.floor(now / 1000));
  });

  it('cosigns an empty log, and only with the root of the empty tree', async () => {
    expect((await post(grow(0, []))).status).toBe(200);
    const wrong = signNote(formatCheckpoint({ origin: other.name, size: 0, root: seed(3) }), other);
    expect((await post(body(0, [], wrong))).status).toBe(422);
  });

  it('answers 409 with the size it knows when the old size is another', async () => {
    await post(grow(0, history(5)));
    for (const old of [0, 4]) {
      const answer = await post(grow(old, history(9)));
      expect(answer).toEqual({ status: 409, type: 'text/x.tlog.size', text: '5\n' });
    }
    const unknown = await post(grow(3, history(9, 'other'), other));
    expect(unknown).toEqual({ status: 409, type: 'text/x.tlog.size', text: '0\n' });
  });

  it('refuses a fork with 422, even with a proof that fits the forged history', async () => {
    await post(grow(0, history(5)));
    expect((await post(grow(5, history(9, 'forged', 3)))).status).toBe(422);
    expect((await post(body(5, [], note(history(9))))).status).toBe(422);
    const proof = [...consistencyProofOf(history(9), 5), seed(0)];
    expect((await post(body(5, proof, note(history(9))))).status).toBe(422);
    expect((await post(body(0, [seed(0)], note(history(3), other)))).status).toBe(422);
    expect((await post(grow(5, history(9)))).status).toBe(200);
  });

  it('refuses another root at a size it cosigned, keeps both notes and raises the alarm', async () => {
    await post(grow(0, history(5)));
    const answer = await post(body(5, [], note(history(5, 'forged'))));
    expect(answer.status).toBe(409);
    expect(answer.type).not.toBe('text/x.tlog.size');
    expect(reports.join()).toContain('ALARM');
    const kept = readdirSync(join(folder, 'evidence')).map((name) =>
      readFileSync(join(folder, 'evidence', name), 'utf8'),
    );
    expect(kept).toContain(note(history(5, 'forged')));
    expect(kept).toHaveLength(2);
  });

  it('refuses to go back to a smaller tree', async () => {
    await post(grow(0, history(9)));
    expect((await post(grow(0, history(5)))).text).toBe('9\n');
    expect((await post(grow(5, history(5)))).text).toBe('9\n');
    expect((await post(body(9, [], note(history(5))))).status).toBe(400);
  });

  it('keeps its state over a restart', async () => {
    const first = await post(grow(0, history(9)));
    expect(first.status).toBe(200);
    await witness.close();
    witness = await start();
    expect(await post(grow(0, history(12)))).toMatchObject({ status: 409, text: '9\n' });
    expect((await post(grow(9, history(12, 'forged', 2)))).status).toBe(422);
    expect((await post(grow(9, history(12)))).status).toBe(200);
  });

  it('has its state on the disk before it answers', async () => {
    await post(grow(0, history(9)));
    const [file] = readdirSync(join(folder, 'logs'));
    expect(readFileSync(join(folder, 'logs', file!), 'utf8')).toContain('\n9\n');
  });

  it('does not start over a state that is damaged or not its own', async () => {
    await post(grow(0, history(9)));
    await witness.close();
    const [file] = readdirSync(join(folder, 'logs'));
    const path = join(folder, 'logs', file!);
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, whole.replace('\n9\n', '\n3\n'));
    await expect(start()).rejects.toThrow('not a checkpoint cosigned by audit.example/w');
    writeFileSync(path, '');
    await expect(start()).rejects.toThrow();
    writeFileSync(path, whole);
    witness = await start();
    expect((await post(grow(9, history(10)))).status).toBe(200);
  });

  it('does not share its folder with a second witness', async () => {
    await expect(start()).rejects.toThrow('another witness uses');
  });

  it('takes over the lock of a process that was killed', async () => {
    await witness.close();
    writeFileSync(join(folder, 'lock'), '4194304\n');
    witness = await start();
    expect((await post(grow(0, history(1)))).status).toBe(200);
  });

  it('never cosigns two roots at one size, however many ask at once', async () => {
    await post(grow(0, history(5)));
    const stories = Array.from({ length: 16 }, (_, i) => history(9, `story ${i}`, 5));
    const answers = await Promise.all(stories.map((leaves) => post(grow(5, leaves))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status, text }) => status === 409 && text === '9\n')).toHaveLength(15);
    const winner = stories[answers.findIndex(({ status }) => status === 200)]!;
    const again = await Promise.all(stories.map((leaves) => post(body(9, [], note(leaves)))));
    expect(again.flatMap(({ status }, i) => (status === 200 ? [stories[i]] : []))).toEqual([winner]);
  });

  it('serves two logs at once without mixing them', async () => {
    const leaves = history(7, 'other');
    const [one, two] = await Promise.all([post(grow(0, history(5))), post(grow(0, leaves, other))]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect((await post(grow(5, history(6)))).status).toBe(200);
    expect((await post(grow(7, history(8, 'other'), other))).status).toBe(200);
  });

  it('answers 404 for a log it does not watch and 403 for a key it does not trust', async () => {
    const stranger = { name: 'log.example/stranger', seed: seed(3) };
    expect((await post(grow(0, history(5), stranger))).status).toBe(404);
    expect((await post(grow(0, history(5), { name: log.name, seed: seed(3) }))).status).toBe(403);
    const forged = signatureLine(logKeyOf(log), new Uint8Array(64));
    expect((await post(body(0, [], `${note(history(5)).split('\n\n')[0]}\n\n${forged}\n`))).status).toBe(403);
    expect((await post(body(0, [], `${note(history(5))}${forged}\n`))).status).toBe(403);
    expect((await post(grow(0, history(5)))).status).toBe(200);
  });

  it.each([
    ['nothing', ''],
    ['no old line', `\n\n${note(history(2))}`],
    ['no blank line', `old 0\n${note(history(2)).split('\n\n')[0]}\n`],
    ['leading zero', `old 00\n\n${note(history(2))}`],
    ['negative old size', `old -1\n\n${note(history(2))}`],
    ['old size beyond 2^53', `old 9007199254740992\n\n${note(history(2))}`],
    ['short hash', `old 0\nAAAA\n\n${note(history(2))}`],
    ['64 proof lines', body(0, Array<Uint8Array>(64).fill(seed(0)), note(history(2)))],
    ['no signature', `old 0\n\n${note(history(2)).split('\n\n')[0]}\n`],
    ['carriage returns', body(0, [], note(history(2))).replaceAll('\n', '\r\n')],
    ['no final newline', body(0, [], note(history(2))).slice(0, -1)],
    ['old size above the checkpoint', body(3, [], note(history(2)))],
    ['not UTF-8', Uint8Array.of(0x6f, 0x6c, 0x64, 0xff)],
  ])('answers 400 to a malformed request: %s', async (_, text) => {
    expect((await post(text)).status).toBe(400);
  });

  it('answers 413 to a body over 64 KiB and closes the connection', async () => {
    const response = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body: 'x'.repeat(65_537) }).then(
      ({ status }) => status,
      () => 'connection closed',
    );
    expect([413, 'connection closed']).toContain(response);
    expect((await post(grow(0, history(5)))).status).toBe(200);
  });

  it('answers nothing else', async () => {
    expect((await fetch(`${witness.url}/add-checkpoint`)).status).toBe(405);
    expect((await fetch(`${witness.url}/`)).status).toBe(404);
    expect((await fetch(`${witness.url}/vkey`, { method: 'DELETE' })).status).toBe(405);
  });

  it('does not cosign while its clock is behind its last cosignature', async () => {
    await post(grow(0, history(5)));
    now -= 10_000;
    expect((await post(grow(5, history(6)))).status).toBe(503);
    now += 10_000;
    expect((await post(grow(5, history(6)))).status).toBe(200);
  });

  it('says who it is, which logs it watches and how far', async () => {
    await post(grow(0, history(5)));
    expect(await (await fetch(`${witness.url}/vkey`)).text()).toBe(`${witness.vkey}\n`);
    expect(await (await fetch(`${witness.url}/health`)).json()).toEqual({
      name: 'audit.example/w',
      vkey: witness.vkey,
      logs: [
        {
          origin: log.name,
          vkey: logKeyOf(log).vkey,
          size: 5,
          cosignedAt: '2026-01-02T03:04:05.000Z',
          lastSeenAt: '2026-01-02T03:04:05.678Z',
        },
        { origin: other.name, vkey: logKeyOf(other).vkey, size: 0 },
      ],
    });
  });

  it('stops although a client holds a connection open', async () => {
    const socket = connect(Number(new URL(witness.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('POST /add-checkpoint HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nold');
    await witness.close();
    socket.destroy();
    witness = await start();
  });
});

describe('a witness without a given key', () => {
  it('makes one on its first start, readable by its owner only, and keeps it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'witness-'));
    const options = { name: 'a', dataDir: join(folder, 'new'), logs: [logKeyOf(log).vkey], prefix: '/w1' };
    const first = await startWitness(options);
    expect(first.url).toMatch(/\/w1$/);
    expect((await fetch(`${first.url}/health`)).status).toBe(200);
    await first.close();
    const second = await startWitness(options);
    expect(second.vkey).toBe(first.vkey);
    await second.close();
    expect(statSync(join(folder, 'new', 'witness.key')).mode & 0o777).toBe(0o600);
    await expect(startWitness({ ...options, logs: [] })).rejects.toThrow('at least one log');
    await expect(startWitness({ ...options, name: 'a b' })).rejects.toThrow('key name');
    rmSync(folder, { recursive: true });
  });
});
