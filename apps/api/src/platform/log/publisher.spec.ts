import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toBase64 } from '@segel/encoding';
import { logKeyOf, parsePolicy, verifyCheckpoint, witnessKeyOf } from '@segel/tlog';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startHarness, type Harness } from '../../../../../test/support/harness.js';
import { startWitness, type RunningWitness } from '../../../../witness/src/server.js';
import { LogRunner } from './log.runner.js';
import { WitnessClient } from './witness-client.js';

const ORIGIN = 'test.example/segel';
const NAMES = ['audit', 'competition', 'treasury', 'ngo', 'press', 'university'] as const;

/** A witness of the policy that can be stopped and started again with its key, its memory and its address. */
class Member {
  private readonly seed = new Uint8Array(randomBytes(32));
  private running: RunningWitness | undefined;
  private port = 0;

  constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly logVkey: string,
  ) {}

  async start(): Promise<void> {
    this.running = await startWitness({
      name: `witness.example/${this.name}`,
      seed: this.seed,
      dataDir: path.join(this.folder, this.name),
      logs: [this.logVkey],
      port: this.port,
      host: '127.0.0.1',
    });
    this.port = Number(new URL(this.running.url).port);
  }

  async stop(): Promise<void> {
    await this.running?.close();
    this.running = undefined;
  }

  get line(): string {
    const { vkey } = witnessKeyOf({ name: `witness.example/${this.name}`, seed: this.seed });
    return `witness ${this.name} ${vkey} http://127.0.0.1:${this.port}`;
  }
}

describe('the publisher', () => {
  let folder: string;
  let members: Member[];
  let harness: Harness;
  let policy: string;
  let stuck: Server;
  let inFlight: number;
  let mostInFlight: number;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'segel-publisher-'));
    const seed = new Uint8Array(randomBytes(32));
    const { vkey } = logKeyOf({ name: ORIGIN, seed });
    members = NAMES.map((name) => new Member(name, folder, vkey));
    await Promise.all(members.map((member) => member.start()));
    // An optional witness that takes every request and answers none.
    [inFlight, mostInFlight] = [0, 0];
    stuck = createServer((request) => {
      mostInFlight = Math.max(mostInFlight, ++inFlight);
      request.on('close', () => inFlight--);
    });
    await new Promise<void>((resolve) => stuck.listen(0, '127.0.0.1', resolve));
    const optional = witnessKeyOf({ name: 'witness.example/stuck', seed: new Uint8Array(randomBytes(32)) }).vkey;
    policy = [
      `log ${vkey}`,
      ...members.map(({ line }) => line),
      `witness stuck ${optional} http://127.0.0.1:${(stuck.address() as AddressInfo).port}`,
      'group state 2 audit competition treasury',
      'group civil 2 ngo press university',
      'group both all state civil',
      'quorum both',
      '',
    ].join('\n');
    await writeFile(path.join(folder, 'policy'), policy);
    harness = await startHarness(
      { LOG_POLICY_FILE: path.join(folder, 'policy'), LOG_SIGNER_SEED: toBase64(seed), LOG_ORIGIN: ORIGIN },
      ['fatal'],
    );
  });
  afterEach(async () => {
    await harness.stop();
    stuck.closeAllConnections();
    stuck.close();
    await Promise.all(members.map((member) => member.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  const append = (): Promise<void> => harness.app.get(LogRunner).journal.endInterval(3);
  const member = (name: (typeof NAMES)[number]): Member => members.find((each) => each.name === name)!;
  const signers = async (): Promise<readonly string[]> => {
    const { cosignatures } = verifyCheckpoint(parsePolicy(policy), (await harness.get('/log/checkpoint')).text);
    return cosignatures.map(({ witness }) => witness).sort();
  };

  /** The newest signed checkpoint, and a client of the witness `audit` that remembers nothing. */
  async function newestSigned(): Promise<{
    newest: { size: number; note: string };
    auditClient: (isTimely: (time: number) => boolean) => WitnessClient;
  }> {
    const { database, policy: own } = harness.app.get(LogRunner);
    const [newest] = await database.query<{ size: number; note: string }>(
      'SELECT size, note FROM tlog.checkpoint ORDER BY size DESC LIMIT 1',
    );
    const audit = own.policy.witnesses.find(({ name }) => name === 'audit')!;
    return { newest: newest!, auditClient: (isTimely) => new WitnessClient(audit, database.readTile, isTimely) };
  }

  it('publishes with k of every group, while the others are away and one never answers', async () => {
    await member('treasury').stop();
    await member('ngo').stop();
    await append();
    await harness.published();
    expect(await signers()).toEqual(['audit', 'competition', 'press', 'university']);
  });

  it('takes the cosignatures of all who answer in time, not only of a quorum', async () => {
    await append();
    await harness.published();
    expect(await signers()).toEqual([...NAMES].sort());
  });

  it('publishes nothing without a quorum of every group, raises the alarm, and goes on when it is back', async () => {
    await harness.published();
    const before = (await harness.get('/log/checkpoint')).text;
    await member('press').stop();
    await member('university').stop();
    await append();
    await expect(harness.published(8)).rejects.toThrow(/not public/);
    expect((await harness.get('/log/checkpoint')).text).toBe(before);
    expect(harness.app.get(LogRunner).publisher.lateMs).toBeGreaterThan(5_000);
    const { rows } = await harness.owner.query(
      'SELECT max(size) > (SELECT max(size) FROM tlog.published) AS waiting FROM tlog.checkpoint',
    );
    expect(rows).toEqual([{ waiting: true }]);
    await member('press').start();
    await harness.published();
    expect(await signers()).toEqual(expect.arrayContaining(['ngo', 'press']));
  });

  it('has one request in flight to a witness, however slow it is', async () => {
    for (let i = 0; i < 8; i++) {
      await append();
      await harness.published();
    }
    expect(mostInFlight).toBe(1);
  });

  it('counts no cosignature of a witness whose clock is far from ours', async () => {
    await append();
    await harness.published();
    const { newest, auditClient } = await newestSigned();
    const asked: number[] = [];
    const strict = auditClient((time) => asked.push(time) === 0);
    await expect(strict.cosign(newest.size, newest.note)).rejects.toThrow(/clock that is far from ours/);
    expect(Math.abs(asked[0]! - Date.now() / 1000)).toBeLessThan(60);
  });

  it('adopts the size of a witness that knows more than it remembers, as after a restart', async () => {
    await append();
    await harness.published();
    const { newest, auditClient } = await newestSigned();
    const forgetful = auditClient(() => true);
    expect(await forgetful.cosign(newest.size, newest.note)).toMatch(/^— witness.example\/audit /);
  });
});
