/** A tender step by step, in the order of the log: what is disclosed to the reader, and the state it left behind. */
import { toBase64 } from '@segel/encoding';
import { decodeEntry, type Entry } from '@segel/evidence';
import { demand } from '@segel/procurement';
import { parseLeaf } from '@segel/tlog';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import { holdsRole, type Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import { recordReading } from '../platform/journal/reading.js';
import { Tender } from '../tenders/tender.entity.js';
import { isDisclosed, type Stage } from './disclosure.js';
import { entriesByIndex, movingEntriesOf, type EntryRow } from './evidence-rows.js';
import { stageOf } from './stage.js';
import { StepStates } from './step-states.js';
import type { StepPage, StepsQuery, StepView } from './steps.dto.js';

/** A step as it can be read; without `entry` it was erased. */
type Read = { readonly row: EntryRow; readonly entry: Entry | undefined };

@Injectable()
export class TenderSteps {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
  ) {}

  /** A page of them. Throws `not_found` before the publication; `not_allowed` when somebody else than an auditor asks for
   *  everything. */
  async page(
    actor: Actor,
    tenderId: string,
    { after, before, limit = 50, everything: asked }: StepsQuery,
  ): Promise<StepPage> {
    const everything = asked === 'true';
    demand(!everything || holdsRole(actor, 'auditor'), 'not_allowed', 'Only auditors read everything of a tender.');
    demand(after === undefined || before === undefined, 'request_malformed', 'A page is before or after, not both.');
    const tender = await this.database.manager.findOneBy(Tender, { id: tenderId });
    demand(tender !== null && (everything || tender.publishedAt !== null), 'not_found', 'There is no such tender.');
    if (everything) await recordReading(this.journal, actor, { what: 'tender steps', subject: tenderId });
    const stage = await stageOf(this.database, tenderId, everything);
    const backwards = before !== undefined;
    const found: Read[] = [];
    const from = before ?? after ?? -1;
    for await (const row of entriesByIndex(this.database, tenderId, { from, backwards })) {
      const read = readable(row, stage);
      if (read !== undefined) found.push(read);
      if (found.length > limit) break;
    }
    const more = found.length > limit;
    const steps = backwards ? found.slice(0, limit).toReversed() : found.slice(0, limit);
    const [first, last] = [steps[0], steps.at(-1)];
    return {
      items: await this.views(tenderId, stage, steps),
      ...((backwards || more) && last !== undefined ? { next: last.row.index } : {}),
      ...((backwards ? more : after !== undefined) && first !== undefined ? { previous: first.row.index } : {}),
    };
  }

  private async views(tenderId: string, stage: Stage, steps: readonly Read[]): Promise<readonly StepView[]> {
    const states = new StepStates();
    const moves = await movingEntriesOf(this.database, tenderId);
    const names = stage.everything ? await this.names(steps) : undefined;
    const views: StepView[] = [];
    for (const step of steps) {
      while (moves[0] !== undefined && moves[0].index <= step.row.index) {
        const move = readable(moves.shift()!, stage);
        if (move?.entry !== undefined) states.take({ ...move.entry, lotId: move.entry.lotId ?? move.row.lotId });
      }
      views.push(viewOf(step, states.state, names));
    }
    return views;
  }

  private async names(steps: readonly Read[]): Promise<ReadonlyMap<string, string>> {
    const ids = steps.flatMap(({ entry }) => (entry?.actor.kind === 'person' ? [entry.actor.id] : []));
    const people = await this.database.manager.findBy(Account, { id: In([...new Set(ids)]) });
    return new Map(people.map(({ id, name }) => [id, name]));
  }
}

function readable(row: EntryRow, stage: Stage): Read | undefined {
  if (!isDisclosed(row, stage)) return undefined;
  const leaf = parseLeaf(row.data);
  const bytes = leaf.blinded ? row.entryBytes : leaf.entryBytes;
  if (bytes !== null) return { row, entry: decodeEntry(bytes) };
  return row.erasedBy === null ? undefined : { row, entry: undefined };
}

function viewOf(
  { row, entry }: Read,
  state: string | undefined,
  names: ReadonlyMap<string, string> | undefined,
): StepView {
  const lotId = entry?.lotId ?? row.lotId;
  const actor = entry?.actor;
  const name = actor === undefined ? undefined : names?.get(actor.id);
  return {
    id: row.id,
    type: row.type,
    at: row.at.toISOString(),
    actor: actor?.kind ?? 'person',
    ...(names === undefined || actor === undefined ? {} : { actorId: actor.id }),
    ...(name === undefined ? {} : { actorName: name }),
    ...(lotId === null ? {} : { lotId }),
    index: row.index,
    leafSha256: toBase64(row.leafSha256),
    ...(state === undefined ? {} : { state }),
    erased: entry === undefined,
  };
}
