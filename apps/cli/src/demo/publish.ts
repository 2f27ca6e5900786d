/** From an OCDS file to a published tender: import, team, keys of the openers, two signatures. */
import { fromDocument, parseCanonicalObject } from '@segel/encoding';
import type { OpenerGroup, TenderTerms } from '@segel/procurement';
import { random } from '../primitives.js';
import { approve, submitForApproval } from '../acts/notice.js';
import { registerOpenerKey } from '@segel/acts';
import { keepKeys, keysOf, organisationsOf, type Player, type Stage } from './cast.js';
import type { Troupe } from './stage.js';
import type { Timeline } from './timeline.js';

export type PublishedTender = {
  readonly id: string;
  readonly terms: TenderTerms;
  /** The file's own bids, where it has them. */
  readonly bids: readonly FileBid[];
  /** The openers with the age identities that they made for this tender. */
  readonly openers: readonly Player[];
};

export type FileBid = {
  readonly tenderers: readonly { readonly name: string }[];
  readonly lotId: string;
  readonly amount: string;
};

type Imported = { readonly id: string; readonly notes: readonly string[]; readonly bids?: readonly FileBid[] };

function groupsOf(openers: readonly Player[]): readonly OpenerGroup[] {
  const ids = openers.map(({ id }) => id);
  return [
    {
      name: 'buyer',
      institution: 'Dinas Pekerjaan Umum Kota Merapi',
      external: false,
      k: 2,
      openerIds: ids.slice(0, 3),
    },
    { name: 'university', institution: 'Universitas Merapi', external: true, k: 2, openerIds: ids.slice(3, 6) },
  ];
}

/** Publishes the tender of a file with a deadline `submissionMs` from now. */
export async function publish(
  stage: Stage,
  troupe: Troupe,
  file: unknown,
  submissionMs: number,
  rulePackId: string,
  tell: Timeline,
): Promise<PublishedTender> {
  const { preparer, approver, openers, evaluators, awardAuthority } = troupe;
  const { buyer } = await organisationsOf(troupe.operators[0].api);
  // Witnesses count whole seconds, and so do deadlines.
  const deadlineAt = new Date(Math.ceil((Date.now() + submissionMs) / 1000) * 1000).toISOString();
  const imported = await preparer.api.post<Imported>('/api/tenders/imports', {
    package: file,
    rulePackId,
    buyerId: buyer,
    suite: 'pq1',
    enquiryEndAt: new Date(Date.now() + submissionMs / 2).toISOString(),
    deadlineAt,
    groups: groupsOf(openers),
  });
  const { id } = imported;
  tell.step('preparer', 'imported the file as a draft');
  for (const note of imported.notes) tell.step('', `· ${note.length > 110 ? `${note.slice(0, 110)}…` : note}`);
  await team(
    preparer,
    id,
    [[approver], 'approver'],
    [openers, 'opener'],
    [evaluators, 'evaluator'],
    [[awardAuthority], 'award_authority'],
  );
  const keyed = await Promise.all(
    openers.map(async (opener) => {
      const { keys } = await registerOpenerKey(
        opener.api,
        random,
        await keysOf(stage, opener.email, false),
        { tenderId: id, openerId: opener.id, suite: 'pq1' },
        (grown) => keepKeys(stage, opener.email, grown),
      );
      return { ...opener, keys };
    }),
  );
  tell.step('openers', `${keyed.length} made keys for this tender, each signed by its owner and logged`);
  await submitForApproval(preparer.api, preparer.keys, id);
  tell.step('preparer', 'signed the notice');
  await approve(approver.api, approver.keys, id);
  const { version } = await preparer.api.get<{ version: number }>(`/api/tenders/${id}`);
  const terms = fromDocument<TenderTerms>(
    parseCanonicalObject(await preparer.api.bytes(`/api/tenders/${id}/terms/${version}`)),
  );
  tell.step('approver', `signed and published “${terms.title.slice(0, 60)}”, deadline ${terms.deadlineAt}`);
  return { id, terms, bids: imported.bids ?? [], openers: keyed };
}

async function team(
  preparer: Player,
  tenderId: string,
  ...roles: readonly (readonly [readonly Player[], string])[]
): Promise<void> {
  for (const [players, role] of roles) {
    for (const { id: accountId } of players)
      await preparer.api.post(`/api/tenders/${tenderId}/team`, { accountId, role });
  }
}
