/** Parts of the pages of evaluators, and what they find on their desk. */
import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Card } from '../look/parts.js';

type Duty = Schemas['EvaluationDutyView'];

/** What waits for an evaluator on one tender, most urgent first. */
export function waiting({ t }: Visitor, { conflict, lots }: Duty): string {
  if (conflict === undefined) return t('eval.todo.declare');
  if (conflict) return t('eval.todo.apart');
  if (lots.length === 0) return t('eval.todo.waiting');
  const open = lots.filter(({ completed }) => !completed);
  const owed = open.reduce((sum, { bids, found }) => sum + bids - found, 0);
  if (owed > 0) return t('eval.todo.judge', { n: owed });
  return t(open.some(({ signed }) => !signed) ? 'eval.todo.sign' : 'eval.todo.others');
}

export const DutyList = ({
  visitor,
  duties,
  heading: Heading = 'h3',
}: {
  readonly visitor: Visitor;
  readonly duties: readonly Duty[];
  readonly heading?: 'h2' | 'h3';
}): ReactNode => (
  <ul className="list">
    {duties.map((duty) => (
      <li key={duty.id}>
        <Heading>
          <a href={visitor.href(`/kerja/evaluasi/${duty.id}`)}>{duty.title}</a>
        </Heading>
        <p>{waiting(visitor, duty)}</p>
      </li>
    ))}
  </ul>
);

/** For who evaluates a tender. */
export const EvaluatingCard = ({
  visitor,
  duties,
}: {
  readonly visitor: Visitor;
  readonly duties: readonly Duty[];
}): ReactNode => (
  <Card id="evaluating" title={visitor.t('eval.card')}>
    {duties.length === 0 ? <p>{visitor.t('eval.none')}</p> : <DutyList visitor={visitor} duties={duties.slice(0, 5)} />}
    <p className="after">
      <a href={visitor.href('/kerja/evaluasi')}>{visitor.t('eval.all')}</a>
    </p>
  </Card>
);

type Awarded = Schemas['TenderSummaryView'];
const WAITING = ['opened', 'evaluating', 'intended_award', 'standstill'] as const;

/** For who awards tenders. */
export function AwardingCard({
  visitor,
  tenders,
}: {
  readonly visitor: Visitor;
  readonly tenders: readonly Awarded[];
}): ReactNode {
  const { t, href, me } = visitor;
  const own = new Set(me?.roles.flatMap(({ role, tenderId }) => (role === 'award_authority' ? (tenderId ?? []) : [])));
  const open = tenders.filter(({ id, state }) => own.has(id) && WAITING.some((one) => one === state));
  return (
    <Card id="awarding" title={t('awarding.card')}>
      {open.length === 0 && <p>{t('awarding.card.none')}</p>}
      <ul className="list">
        {open.map(({ id, title, state }) => (
          <li key={id}>
            <h3>
              <a href={href(`/kerja/penetapan/${id}`)}>{title}</a>
            </h3>
            <p>
              {t(
                state === 'opened' || state === 'evaluating' ? 'awarding.todo.evaluating' : 'awarding.todo.standstill',
              )}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Whether somebody holds a role on some tender: officials of an organisation wait for one. */
export const holds = ({ me }: Visitor, role: string): boolean =>
  me?.roles.some((held) => held.role === role && held.tenderId !== undefined) === true;
