/** The campaign: run after run on one system under load, each examined at once, and everything once more at the end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { examineObjects, examinePublicLog, examineReceipts, leftovers } from './aftermath.js';
import { eventually, insistOn } from './bad-line.js';
import { Checkpoints } from './checkpoints.js';
import { found, type Finding } from './findings.js';
import { ensureServer, goesOn, strike } from './killing.js';
import { planRuns, type PlanOptions, type Run } from './plan.js';
import type { CampaignReport, RunReport } from './report.js';
import { duplicates, gaps, lostActs } from './rows.js';
import { openScene, type Launcher, type Scene } from './scene.js';
import { Seeded } from './seeded.js';
import { SmallTender } from './small-tender.js';

export type CampaignOptions = PlanOptions & {
  /** How long a small tender takes bids; the runs under load are made meanwhile. */
  readonly deadlineInMs?: number;
  readonly say?: (line: string) => void;
};

/** So long before a deadline no run under load begins; twice the last run when that took longer. */
const BEFORE_DEADLINE_MS = 8_000;

/** Runs a campaign on a system of its own, which is removed afterwards. */
export async function runCampaign(launch: Launcher, options: CampaignOptions): Promise<CampaignReport> {
  const scene = await openScene(launch, new Seeded(options.seed));
  try {
    return await new Campaign(scene, options).run();
  } finally {
    await scene.observer.stop();
    await scene.stop();
  }
}

class Campaign {
  private readonly began = Date.now();
  private readonly runs: RunReport[] = [];
  /** What was found before, so that the run that did the harm has it, and not every later one. */
  private readonly known = new Set<string>();
  /** How long the last publication of a tender took. */
  private publishingMs: number;

  constructor(
    private readonly scene: Scene,
    private readonly options: CampaignOptions,
  ) {
    this.publishingMs = scene.publishingMs;
  }

  async run(): Promise<CampaignReport> {
    const { load, openings } = planRuns(this.options);
    const waiting = [...load];
    for (const opening of openings) await this.tender(opening, waiting);
    while (waiting.length > 0) await this.underLoad(waiting);
    await this.scene.load.stop();
    const afterwards = await this.aftermath();
    const { line, load: bidders } = this.scene;
    return {
      seed: this.options.seed,
      seconds: Math.round((Date.now() - this.began) / 1000),
      runs: this.runs,
      afterwards,
      acknowledged: line.acknowledged.length,
      surprises: bidders.surprises,
      temporaryFiles: await leftovers(this.scene.stack.paths.objects),
    };
  }

  /** A small tender from its publication to its opening; until its deadline nears, runs under load. */
  private async tender(runs: readonly Run[], waiting: Run[]): Promise<void> {
    const { stack } = this.scene;
    let tender = await this.nearDeadline(waiting);
    // A machine so busy that the deadline went by before anything was armed: another tender, with more time.
    while (Date.now() >= tender.deadline) tender = await this.nearDeadline(waiting);
    const life = tender.live();
    life.catch(() => undefined); // Awaited below, after the runs.
    for (const run of runs) await this.one(run, () => openGates(tender, run));
    await ensureServer(stack);
    tender.releases.open();
    tender.lastRelease.open();
    const differences = await life.then(
      () => tender.differences(),
      (error: unknown) => [(error as Error).message],
    );
    this.blame(
      found(
        'lost',
        differences.map((text) => `an interrupted opening ended otherwise: ${text}`),
      ),
    );
  }

  /** A small tender right before its deadline. */
  private async nearDeadline(waiting: Run[]): Promise<SmallTender> {
    const began = Date.now();
    // On a busy machine the publication alone may take longer than the time for bids.
    const deadlineInMs = (this.options.deadlineInMs ?? 40_000) + 2 * this.publishingMs;
    const tender = await SmallTender.publish(this.scene.line, deadlineInMs);
    this.publishingMs = Date.now() - began;
    const margin = (): number => Math.max(BEFORE_DEADLINE_MS, 2000 * (this.runs.at(-1)?.seconds ?? 0));
    while (waiting.length > 0 && Date.now() < tender.deadline - margin()) await this.underLoad(waiting);
    await sleep(Math.max(0, tender.deadline - BEFORE_DEADLINE_MS / 2 - Date.now()));
    return tender;
  }

  /** The next of the waiting runs. When the one after it has a failpoint in the server as well, the restart is that
   *  one's: a recovery that is interrupted again. Else the clients must get on before anything else happens. */
  private async underLoad(waiting: Run[]): Promise<void> {
    const run = waiting.shift()!;
    const next = waiting[0];
    if (next !== undefined && inServer(run) && inServer(next)) return this.one(run);
    await this.one(run, undefined, async () => {
      const restarts = await ensureServer(this.scene.stack);
      await goesOn(this.scene);
      return restarts;
    });
  }

  private async one(run: Run, armed?: () => void, recover: () => Promise<number> = async () => 0): Promise<void> {
    const { line, stack } = this.scene;
    const [began, before] = [Date.now(), line.acknowledged.length];
    const death = await strike(this.scene, run, armed);
    const problems: string[] = [];
    const restarts = await recover().catch((error: unknown) => {
      problems.push(`${(error as Error).message}; the server said: ${stack.api.said.slice(-2000)}`);
      return 0;
    });
    const findings = this.fresh(await insistOn(() => this.examine()));
    const report: RunReport = {
      ...run,
      reached: death.reached,
      restarts: death.restarts + restarts,
      acknowledged: line.acknowledged.length - before,
      findings,
      stalled: problems,
      seconds: Math.round((Date.now() - began) / 100) / 10,
    };
    this.runs.push(report);
    this.say(report);
  }

  /** What the rows and the checkpoints say now. */
  private async examine(checkpoints: Checkpoints = this.scene.checkpoints): Promise<readonly Finding[]> {
    const { line, observer } = this.scene;
    // Written down before we look: an act that is acknowledged meanwhile is examined next time.
    const acts = [...line.acknowledged];
    return [
      ...(await lostActs(line.owner, acts)),
      ...(await duplicates(line.owner, acts)),
      ...(await gaps(line.owner)),
      ...(await checkpoints.examine()),
      ...observer.findings,
    ];
  }

  /** Everything from the beginning, when nothing moves any more. */
  private async aftermath(): Promise<readonly Finding[]> {
    const { line, policy, stack, observer } = this.scene;
    await ensureServer(stack);
    await line.published();
    const { rows } = await line.owner.query<{ size: number }>('SELECT size::int FROM tlog.tree');
    await eventually('the last checkpoint at the observer', async () =>
      observer.size >= rows[0]!.size ? true : undefined,
    );
    await observer.stop();
    await stack.stopApi();
    const { objects } = stack.paths;
    const still = [
      ...(await this.examine(new Checkpoints(line.owner, policy, stack.paths, observer))),
      ...(await examineObjects(line, objects)),
    ];
    await stack.startApi();
    return this.fresh([...still, ...(await examineReceipts(line, policy)), ...(await examinePublicLog(line, objects))]);
  }

  private fresh(findings: readonly Finding[]): readonly Finding[] {
    const fresh = findings.filter(({ what }) => !this.known.has(what));
    for (const { what } of fresh) this.known.add(what);
    return fresh;
  }

  /** Charges the last run with what was found after it. */
  private blame(findings: readonly Finding[]): void {
    const last = this.runs.pop();
    if (last === undefined) return;
    this.runs.push({ ...last, findings: [...last.findings, ...this.fresh(findings)] });
    for (const { what } of findings) this.options.say?.(`  ${what}`);
  }

  private say({ name, times, reached, acknowledged, findings, stalled, seconds }: RunReport): void {
    const number = String(this.runs.length).padStart(3);
    const outcome = reached ? `${acknowledged} acknowledged` : 'NOT REACHED';
    this.options.say?.(`${number}/${this.options.runs} ${name}:${times} ${outcome}, ${seconds} s`);
    for (const { harm, what } of findings) this.options.say?.(`  ${harm}: ${what}`);
    for (const what of stalled) this.options.say?.(`  stalled: ${what}`);
  }
}

const inServer = ({ name }: Run): boolean => !/^(kill |witness\.)/.test(name);

function openGates(tender: SmallTender, { name }: Run): void {
  if (name.startsWith('opening.')) tender.releases.open();
  if (name.startsWith('opening.') && name !== 'opening.share_received') tender.lastRelease.open();
}
