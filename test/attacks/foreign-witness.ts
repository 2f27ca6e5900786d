/** A log whose only witness belongs to somebody else: it has a clock of its own, and it can go away. */
import { toBase64 } from '@segel/encoding';
import { logKeyOf, witnessKeyOf } from '@segel/tlog';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startWitness, type RunningWitness } from '../../apps/witness/src/server.js';
import { TestClock } from '../support/clock.js';
import { startHarness, type Harness } from '../support/harness.js';

export type ForeignWitness = {
  readonly clock: TestClock;
  readonly goAway: () => Promise<void>;
  /** With its key, its memory and its address. */
  readonly comeBack: () => Promise<void>;
};

export type WitnessedHarness = {
  readonly harness: Harness;
  readonly witness: ForeignWitness;
  readonly end: () => Promise<void>;
};

const ORIGIN = 'test.example/segel';
const NAME = 'witness.example/abroad';

export async function startWithForeignWitness(): Promise<WitnessedHarness> {
  const folder = await mkdtemp(path.join(tmpdir(), 'segel-abroad-'));
  const [logSeed, seed] = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(32))];
  const log = logKeyOf({ name: ORIGIN, seed: logSeed }).vkey;
  const clock = new TestClock();
  const start = (port = 0): Promise<RunningWitness> =>
    startWitness({
      name: NAME,
      seed,
      dataDir: path.join(folder, 'witness'),
      logs: [log],
      port,
      now: () => clock.now().getTime(),
      report: () => undefined,
    });
  let running = await start();
  const { url } = running;
  const { vkey } = witnessKeyOf({ name: NAME, seed });
  const policy = path.join(folder, 'policy');
  await writeFile(policy, `log ${log}\nwitness abroad ${vkey} ${url}\nquorum abroad\n`);
  const settings = { LOG_POLICY_FILE: policy, LOG_SIGNER_SEED: toBase64(logSeed), LOG_ORIGIN: ORIGIN };
  const harness = await startHarness(settings, ['fatal']);
  const witness = {
    clock,
    goAway: () => running.close(),
    comeBack: async () => void (running = await start(Number(new URL(url).port))),
  };
  const end = async (): Promise<void> => {
    await harness.stop();
    await running.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { harness, witness, end };
}
