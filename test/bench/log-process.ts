/** The worker's part of the log as a process: sequencer and signer alone, or with publisher and heartbeat as in
 *  production. Says `ready`, then each size it signed and when. Started by throughput.ts and latency.ts. */
import { Logger } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { Clock } from '../../apps/api/src/platform/clock/clock.js';
import { Config, readSettings, type Settings } from '../../apps/api/src/platform/config/config.js';
import { JournalDatabase } from '../../apps/api/src/platform/database/database.js';
import { Journal } from '../../apps/api/src/platform/journal/journal.js';
import { LogCopies } from '../../apps/api/src/platform/log/log-copies.js';
import { LogDatabase } from '../../apps/api/src/platform/log/log-database.js';
import { LogRunner } from '../../apps/api/src/platform/log/log.runner.js';
import { LogPolicy } from '../../apps/api/src/platform/log/policy-file.js';
import { Sequencer } from '../../apps/api/src/platform/log/sequencer.js';
import { FileSigner, type SignRequest } from '../../apps/api/src/platform/log/signer.js';
import { FolderStore } from '../../apps/api/src/platform/object-store/folder-store.js';
import { machineMs } from './clock.js';

export type Signed = { readonly size: number; readonly atMs: number };
export type LogMessage = 'ready' | Signed;

const tell = (message: LogMessage): void => void process.send?.(message);

class TellingSigner extends FileSigner {
  override async sign(request: SignRequest): Promise<string> {
    const note = await super.sign(request);
    tell({ size: request.size, atMs: machineMs() });
    return note;
  }
}

async function openStore(settings: Settings): Promise<FolderStore> {
  const store = new FolderStore(settings.OBJECT_FOLDER);
  await store.start();
  return store;
}

async function sequencerAlone(settings: Settings, signer: FileSigner): Promise<void> {
  const database = new LogDatabase(settings.DATABASE_URL);
  const store = await openStore(settings);
  const sequencer = new Sequencer(database, signer, new LogCopies(database, store), false);
  if (!(await sequencer.start())) throw new Error('another process is the sequencer');
  tell('ready');
  for (;;) {
    await sequencer.tick();
    // On the grid of LogRunner.
    await setTimeout(settings.LOG_INTERVAL_MS - (performance.now() % settings.LOG_INTERVAL_MS));
  }
}

async function wholeLog(settings: Settings, signer: FileSigner): Promise<void> {
  const journalDatabase = new JournalDatabase(settings.DATABASE_URL, [], 2);
  await journalDatabase.open();
  const store = await openStore(settings);
  const clock = new Clock();
  const policy = LogPolicy.fromFile(settings.LOG_POLICY_FILE);
  const database = new LogDatabase(settings.DATABASE_URL);
  const journal = new Journal(journalDatabase, clock);
  const runner = new LogRunner(database, journal, new Config(settings), policy, signer, store, clock);
  await runner.onApplicationBootstrap();
  tell('ready');
}

Logger.overrideLogger(['error']);
const settings = readSettings(process.env);
const signer = new TellingSigner(settings.LOG_ORIGIN, settings.LOG_SIGNER_SEED, settings.SIGNER_STATE);
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
await (process.argv[2] === 'sequencer' ? sequencerAlone : wholeLog)(settings, signer);
