/** The system of a campaign against submissions: every part a process that can be killed, and an open tender. */
import { parsePolicy } from '@segel/tlog';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { Config, readSettings } from '../../../apps/api/src/platform/config/config.js';
import { objectStore } from '../../../apps/api/src/platform/object-store/configured.js';
import { publishTender } from '../../support/published-tender.js';
import { objectServerLacks, startObjectServer, type ObjectServer } from '../../support/object-server.js';
import { BadLine, RealClock } from '../bad-line.js';
import type { Killable, Launcher } from '../scene.js';
import { CountingLine } from './counting-line.js';
import type { Witnesses } from './examination.js';
import type { VendorPlace } from './vendor.js';

export type SubmitScene = {
  readonly stack: Killable;
  readonly line: BadLine;
  readonly counting: CountingLine;
  readonly place: VendorPlace;
  readonly witnesses: Witnesses;
  /** The S3 server, or undefined when the server's own folder is the store. */
  readonly gateway: ObjectServer | undefined;
  readonly stop: () => Promise<void>;
};

const DAY_MS = 86_400_000;

/** Settings that make the S3 server the object store. */
function storeSettings(gateway: ObjectServer | undefined): Readonly<Record<string, string>> {
  if (gateway === undefined) return {};
  return {
    S3_ENDPOINT: gateway.endpoint,
    S3_BUCKET: gateway.bucket,
    S3_REGION: gateway.region,
    S3_ACCESS_KEY: gateway.accessKey,
    S3_SECRET_KEY: gateway.secretKey,
  };
}

/** `s3` where the S3 server is installed; else, and with `folder`, the store is a folder of the server. */
export async function openSubmitScene(launch: Launcher, wanted: 's3' | 'folder'): Promise<SubmitScene> {
  const gateway = wanted === 's3' && objectServerLacks() === undefined ? await startObjectServer() : undefined;
  const dataDir = await mkdtemp(path.join(tmpdir(), 'segel-crash-submit-'));
  const ends: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  if (gateway !== undefined) ends.push(() => gateway.stop());
  ends.push(() => launch.removeDataDir(dataDir));
  try {
    const env = { PATH: process.env['PATH'] ?? '', RATE_LIMIT_PER_MINUTE: '1000000', ...storeSettings(gateway) };
    const stack = (await launch.startStack({ dataDir, port: 0, quiet: true, env })) as Killable;
    ends.push(() => stack.stop());
    const owner = new pg.Pool({ connectionString: stack.database.url, max: 4 });
    owner.on('error', () => undefined); // Its server is killed again and again.
    ends.push(() => owner.end());
    const counting = await CountingLine.open(stack.url);
    ends.push(() => counting.close());
    const config = new Config(readSettings(stack.env));
    const line = new BadLine(undefined as never, stack.url, new RealClock(), owner, dataDir, config, stop);
    const { tenderId } = await publishTender(line, { deadlineInMs: DAY_MS });
    const policyText = (await line.get('/log/policy')).text;
    const policyFile = path.join(dataDir, 'policy-of-the-vendors');
    await writeFile(policyFile, policyText);
    const place = { harness: line, tenderId, lineUrl: counting.url, policyFile, folder: path.join(dataDir, 'vendors') };
    const witnesses = { owner, store: await objectStore(config), policy: parsePolicy(policyText) };
    return { stack, line, counting, place, witnesses, gateway, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
