/** Submission after submission, each interrupted once, each repeated by its vendor until there is a receipt. */
import { PART_BYTES } from '@segel/sealing';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyWholeLog } from '../../support/verify-log.js';
import { insistOn } from '../bad-line.js';
import { ensureServer } from '../killing.js';
import { gaps } from '../rows.js';
import type { Killable, Launcher } from '../scene.js';
import { examine, type Finding } from './examination.js';
import { planSubmissions, type SubmitPlan, type SubmitRun } from './plan.js';
import type { SubmitReport, SubmitRunReport } from './report.js';
import { openSubmitScene, type SubmitScene } from './scene.js';
import { Vendor } from './vendor.js';

export type SubmitCampaignOptions = Omit<SubmitPlan, 'store'> & {
  /** Where objects go: the S3 server where it is installed, or the server's folder. */
  readonly store?: 's3' | 'folder';
  readonly say?: (line: string) => void;
};

/** After so long without a receipt a vendor is stuck. */
const PATIENCE_MS = 180_000;
/** A failpoint that a whole submission does not pass. */
const UNREACHED_MS = 60_000;
/** Requests without a part in them: some kilobytes each. */
const TALK_BYTES = 400_000;
/** Parts that may be under way when something dies. */
const UNDER_WAY = 2;

export async function runSubmitCampaign(launch: Launcher, options: SubmitCampaignOptions): Promise<SubmitReport> {
  const scene = await openSubmitScene(launch, options.store ?? 's3');
  try {
    return await new SubmitCampaign(scene, options).run();
  } finally {
    await scene.stop();
  }
}

class SubmitCampaign {
  private readonly began = Date.now();
  private readonly runs: SubmitRunReport[] = [];
  /** What sending a byte takes here when nothing dies. */
  private msPerByte = 0;
  private startMs = 0;

  constructor(
    private readonly scene: SubmitScene,
    private readonly options: SubmitCampaignOptions,
  ) {}

  async run(): Promise<SubmitReport> {
    const store = this.scene.gateway !== undefined;
    await this.undisturbed();
    for (const run of planSubmissions({ ...this.options, store })) await this.one(run);
    const { line, witnesses } = this.scene;
    const afterwards: Finding[] = (await gaps(witnesses.owner)).map(({ what }) => ({ harm: 'corrupt', what }));
    await insistOn(async () => line.published());
    await verifyWholeLog(line.url, line.owner).catch((error: unknown) =>
      afterwards.push({ harm: 'corrupt', what: (error as Error).message }),
    );
    const seconds = Math.round((Date.now() - this.began) / 1000);
    return { seed: this.options.seed, seconds, store: store ? 's3' : 'folder', runs: this.runs, afterwards };
  }

  /** How long the command takes when it is left alone: kills are spread over that time. */
  private async undisturbed(): Promise<void> {
    const time = async (payloadBytes: number): Promise<number> => {
      const vendor = await Vendor.prepare(this.scene.place, payloadBytes);
      const began = performance.now();
      const code = await vendor.submit();
      if (code !== 0) throw new Error(`an undisturbed submission failed (${code}): ${vendor.words}`);
      return performance.now() - began;
    };
    this.startMs = await time(1000);
    const large = 20_000_000;
    this.msPerByte = Math.max(0, (await time(large)) - this.startMs) / large;
  }

  private async one(run: SubmitRun): Promise<void> {
    const { place, counting, witnesses } = this.scene;
    const began = Date.now();
    const vendor = await insistOn(() => Vendor.prepare(place, run.payloadBytes));
    const before = counting.sentBytes;
    const reached = await this.interrupt(run, vendor);
    const stuck = await this.insist(vendor);
    const sentAgain = Math.max(0, counting.sentBytes - before - vendor.bid.bytes);
    const findings: Finding[] =
      stuck === undefined ? [...(await insistOn(() => examine(vendor, witnesses)))] : [{ harm: 'stuck', what: stuck }];
    if (sentAgain > UNDER_WAY * PART_BYTES + TALK_BYTES * vendor.starts)
      findings.push({ harm: 'lost', what: `${sentAgain} bytes were asked for again: parts that had arrived` });
    const seconds = (Date.now() - began) / 1000;
    const report = { ...run, reached, starts: vendor.starts, bytes: vendor.bid.bytes, sentAgain, findings, seconds };
    this.runs.push(report);
    await rm(path.dirname(vendor.base), { recursive: true, force: true });
    this.options.say?.(
      `${this.runs.length}. ${run.name}${reached ? '' : ' (not reached)'}: ${vendor.starts} starts, ${(sentAgain / 1e6).toFixed(1)} of ${(vendor.bid.bytes / 1e6).toFixed(1)} MB sent again${findings.map(({ harm, what }) => `; ${harm.toUpperCase()}: ${what}`).join('')}`,
    );
  }

  /** Starts the command and has something die under it; everything runs again afterwards, but perhaps the command.
   *  Returns false when the failpoint was not passed, or everything was over before the kill. */
  private async interrupt(run: SubmitRun, vendor: Vendor): Promise<boolean> {
    const { stack } = this.scene;
    if (!run.name.startsWith('kill ')) return this.failpoint(run, vendor);
    await ensureServer(stack);
    let over = false;
    const ended = vendor.submit().finally(() => (over = true));
    await sleep(run.share * (this.startMs + this.msPerByte * run.payloadBytes));
    const inTime = !over;
    if (run.name === 'kill client') {
      const killed = vendor.kill();
      await ended;
      return killed;
    }
    await this.killParts(run.name);
    await ended;
    return inTime;
  }

  private async killParts(name: string): Promise<void> {
    const { stack, gateway } = this.scene;
    const dies = (part: string): boolean => name === 'kill machine' || name === `kill ${part}`;
    await Promise.all([
      dies('api') && stack.killApi(),
      dies('postgresql') && stack.killPostgres(),
      dies('store') && gateway?.killGateway(),
    ]);
    if (dies('store')) await gateway?.startGateway();
    if (dies('postgresql')) await stack.startPostgres();
    await ensureServer(stack);
  }

  private async failpoint({ name, times }: SubmitRun, vendor: Vendor): Promise<boolean> {
    const { stack } = this.scene;
    await stack.killApi();
    await stack.startApi({ FAILPOINT: `${name}:${times}` }).catch(() => undefined);
    const ended = vendor.submit();
    const death = stack.api.exited.then(({ code }) => code === 'SIGKILL');
    const reached = await Promise.race([
      death,
      ended.then(() => hasDied(stack)),
      sleep(UNREACHED_MS, false, { ref: false }),
    ]);
    // Else it would die of this in a later run.
    if (!reached) await stack.killApi();
    await ensureServer(stack);
    await ended;
    return reached;
  }

  /** Has the vendor repeat the command until it succeeds. Returns why it does not. */
  private async insist(vendor: Vendor): Promise<string | undefined> {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
      if ((await vendor.keeps('receipt.tlog-proof')) !== undefined && vendor.starts > 0) return undefined;
      await ensureServer(this.scene.stack);
      if ((await vendor.submit()) === 0) return undefined;
      await sleep(200);
    }
    return `no receipt after ${vendor.starts} starts: ${vendor.words.slice(-300)}`;
  }
}

/** A process that ended is noticed a moment later. */
async function hasDied(stack: Killable): Promise<boolean> {
  return Promise.race([stack.api.exited.then(({ code }) => code === 'SIGKILL'), sleep(1000, false, { ref: false })]);
}
