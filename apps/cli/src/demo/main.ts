/** `npm run demo -- FILE…`: whole tenders over HTTP with real keys, then the verification of what was published. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { loadEvidence } from '../verify/evidence.js';
import { verifyTender } from '../verify/verify-tender.js';
import { award } from './award.js';
import { bid } from './bidding.js';
import { eventually } from './eventually.js';
import { open, proveAll } from './opening.js';
import { publish } from './publish.js';
import type { Stage } from './cast.js';
import { assemble, openStage } from './stage.js';
import { timeline, type Timeline } from './timeline.js';

/** The pack whose day lasts seconds; the clock is the real one. */
const RULE_PACK = 'demo/fast';
/** Long enough for every bid of a small machine; longer for tenders with more lots. */
const SUBMISSION_MS = 25_000;
const PER_BID_MS = 2_500;

async function play(files: readonly string[]): Promise<void> {
  const stage = openStage();
  const tell = timeline((line) => console.log(line));
  tell.chapter(`The demonstration at ${stage.api.url}`);
  const troupe = await assemble(stage);
  tell.step('everybody', 'signed in; keys are made and kept by each one’s own client');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'segel-demo-bids-'));
  try {
    for (const file of files) {
      tell.chapter(path.basename(file));
      const content = JSON.parse(await readFile(file, 'utf8')) as { releases?: { tender?: { lots?: unknown[] } }[] };
      const lots = content.releases?.[0]?.tender?.lots?.length ?? 1;
      const tender = await publish(stage, troupe, content, SUBMISSION_MS + lots * 4 * PER_BID_MS, RULE_PACK, tell);
      const bidding = await bid(stage, troupe, tender, folder, tell);
      await proveAll(troupe, tender, tell);
      await open(stage, troupe, tender, bidding, tell);
      await award(stage, troupe, tender, tell);
      await verify(stage, tender.id, tell);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  tell.chapter('Every verification passed.');
}

async function verify(stage: Stage, tenderId: string, tell: Timeline): Promise<void> {
  const policy = (await stage.api.text('/log/policy')) ?? '';
  // The public log moves when an interval ends; the last steps may be of this one.
  await eventually('the publication of the award', async () => {
    const { entries, lots } = await loadEvidence(stage.api.url, tenderId);
    return entries.filter(({ type }) => type === 'award.decided').length === lots.length || undefined;
  });
  const report = await verifyTender({ base: stage.api.url, tenderId, policy });
  for (const { check, severity, sentence } of report.findings) tell.step(severity, `${check}: ${sentence}`);
  for (const { what, why } of report.unverified) tell.step('not verified', `${what}: ${why}`);
  tell.check(
    report.holds,
    `segel verify tender ${tenderId}: ${report.checks.length} checks over ${report.size} entries`,
  );
}

const files = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
if (files.length === 0) {
  console.error('Name at least one OCDS release package: npm run demo -- FILE…');
  process.exit(2);
}
try {
  await play(files);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
