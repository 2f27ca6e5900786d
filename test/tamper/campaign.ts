/** The campaign: every change alone, judged, undone. */
import { Impossible, seeded, type Change, type Judge, type Named, type Result } from './change.js';
import { documentChanges, type Paper } from './document-changes.js';
import { Judges } from './judges.js';
import { objectChanges } from './object-changes.js';
import { rowChanges } from './row-changes.js';
import { resultLine } from './report.js';
import type { Scene } from './scene.js';
import { wholeChanges } from './whole-changes.js';

export type CampaignOptions = {
  /** So many changes, spread over all kinds; all when undefined. */
  readonly sample?: number | undefined;
  /** Only changes whose group, subject and manner match. */
  readonly only?: RegExp | undefined;
  readonly seed?: number | undefined;
  readonly say?: (line: string) => void;
};

export type Column = { readonly table: string; readonly column: string; readonly reason?: string | undefined };
export type Campaign = {
  readonly results: readonly Result[];
  readonly columns: readonly Column[];
  readonly seconds: number;
};

const AGREED: readonly Judge[] = ['rows', 'verifier', 'static log', 'mirror'];
/** The untouched scene is judged again after so many changes. */
const CHECK_EVERY = 100;

export async function runCampaign(scene: Scene, options: CampaignOptions = {}): Promise<Campaign> {
  const { say = () => undefined, seed = 1 } = options;
  const began = Date.now();
  const tables = await scene.superuser.tables();
  await scene.superuser.keepRows(tables);
  const judges = new Judges(scene);
  await judges.agree(AGREED);
  const all: readonly (Change | Paper)[] = [
    ...(await documentChanges(scene)),
    ...(await rowChanges(scene.superuser, tables, seed)),
    ...(await objectChanges(scene)),
    ...wholeChanges(scene),
  ];
  const chosen = choose(all, options, seed);
  say(`${chosen.length} of ${all.length} changes, one after the other`);
  const results: Result[] = [];
  for (const [i, change] of chosen.entries()) {
    const result = await judge(change, judges);
    results.push(result);
    if (['not named', 'named elsewhere'].includes(result.outcome)) say(resultLine(result));
    if ((i + 1) % CHECK_EVERY !== 0) continue;
    await judges.agree(AGREED);
    say(`${i + 1} changes in ${Math.round((Date.now() - began) / 1000)} s; the scene is as it was`);
  }
  await judges.agree(AGREED);
  const columns = tables.flatMap(({ name, columns: of }) => of.map((column) => ({ table: name, column: column.name })));
  return { results, columns, seconds: Math.round((Date.now() - began) / 1000) };
}

async function judge(change: Change | Paper, judges: Judges): Promise<Result> {
  const { group, what, how, reason } = change;
  const place = { group, what, how, ...(reason === undefined ? {} : { reason }) };
  let undo: () => Promise<void>;
  try {
    undo = await change.apply();
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
    return { ...place, outcome: reason === undefined ? 'impossible' : 'legitimate', named: [], note: error.message };
  }
  const named: Named[] = [];
  try {
    if ('read' in change) named.push(...[change.read()].filter((one) => one !== undefined));
    else for (const one of change.judges) named.push(...(await ask(change, judges, one)));
  } finally {
    await undo();
  }
  const outcome = named.some(change.isPlace) ? 'named' : named.length > 0 ? 'named elsewhere' : 'not named';
  return { ...place, named, outcome: outcome !== 'named' && reason !== undefined ? 'legitimate' : outcome };
}

async function ask(change: Change, judges: Judges, one: Judge): Promise<readonly Named[]> {
  const ofRows = change.group.startsWith('table ') && !change.group.startsWith('table tlog.');
  if (one === 'rows' && !ofRows) return judges.rows(true);
  return judges.ask(one, ofRows);
}

/** A sample takes from every group in turn, and of each those that must be named first. */
function choose(
  all: readonly (Change | Paper)[],
  { sample, only }: CampaignOptions,
  seed: number,
): readonly (Change | Paper)[] {
  const wanted = only === undefined ? all : all.filter(({ group, what, how }) => only.test(`${group} ${what} ${how}`));
  if (sample === undefined || sample >= wanted.length) return wanted;
  const random = seeded(seed);
  const groups = new Map<string, (Change | Paper)[]>();
  for (const change of wanted.filter(({ reason }) => reason === undefined))
    groups.set(change.group, [...(groups.get(change.group) ?? []), change]);
  const shuffled = [...groups.values()].map((list) =>
    list.map((change) => ({ change, at: random() })).toSorted((a, b) => a.at - b.at),
  );
  const rounds = Math.max(...shuffled.map((list) => list.length));
  const turns = Array.from({ length: rounds }, (_, i) => shuffled.flatMap((list) => list.slice(i, i + 1)));
  return turns
    .flat()
    .slice(0, sample)
    .map(({ change }) => change);
}
