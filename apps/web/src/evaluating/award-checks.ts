/** What the award authority must see to hold before it signs. The API refuses by the same rules: here they are said. */
import type { Schemas } from '@segel/client';
import type { Visitor } from '../http/visitor.js';
import type { Committee, ShownResult } from './lot-facts.js';

export type LotAward = {
  readonly lotId: string;
  readonly state: string;
  readonly committee: Committee;
  readonly timeZone: string;
  /** Undefined until the evaluation is completed. */
  readonly view: Schemas['AwardView'] | undefined;
  readonly shown: ShownResult | undefined;
};

export type Check = {
  readonly key: string;
  readonly name: string;
  readonly holds: boolean;
  readonly words?: string | undefined;
};

export function checksOf(visitor: Visitor, { view, shown, committee, timeZone }: LotAward): readonly Check[] {
  const { t } = visitor;
  if (view === undefined || shown === undefined)
    return [
      {
        key: 'evaluation',
        name: t('awarding.check.evaluation'),
        holds: false,
        words: t('awarding.check.evaluation.no'),
      },
    ];
  const members = view.committee?.length ?? 0;
  const signed = view.signatures?.length ?? 0;
  return [
    { key: 'evaluation', name: t('awarding.check.evaluation'), holds: true },
    {
      key: 'committee',
      name: t('awarding.check.committee'),
      holds: members >= committee.minimum && members % 2 === 1,
      words: t('awarding.check.committee.yes', { n: members }),
    },
    {
      key: 'quorum',
      name: t('awarding.check.quorum'),
      holds: signed * 2 > members,
      words: t('awarding.check.quorum.yes', { signed, n: members }),
    },
    {
      key: 'hash',
      name: t('awarding.check.hash'),
      holds: shown.holds,
      words: shown.holds ? undefined : t('awarding.check.hash.no'),
    },
    ...standing(visitor, view, timeZone),
    ...standstill(visitor, view, timeZone),
  ];
}

function standing({ t, f }: Visitor, view: Schemas['AwardView'], zone: string): readonly Check[] {
  if (view.standing === undefined) return [];
  const { approved, excludedUntil, vendorName } = view.standing;
  return [
    {
      key: 'standing',
      name: t('awarding.check.standing'),
      holds: approved,
      words: approved ? vendorName : t('awarding.check.standing.no'),
    },
    {
      key: 'excluded',
      name: t('awarding.check.excluded'),
      holds: excludedUntil === undefined,
      words: excludedUntil && t('awarding.check.excluded.no', { at: f.moment(excludedUntil, zone) }),
    },
  ];
}

function standstill({ t, f, now }: Visitor, { award }: Schemas['AwardView'], zone: string): readonly Check[] {
  if (award === undefined) return [];
  const { standstillEndAt } = award;
  return [
    {
      key: 'standstill',
      name: t('awarding.check.standstill'),
      holds: new Date(standstillEndAt) <= now,
      words: t('awarding.check.standstill.until', { at: f.moment(standstillEndAt, zone) }),
    },
  ];
}
