/** The opening and what came of it. Before the deadline nothing is said about bids, not even how many there are. */
import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { shownResult } from '../evaluating/lot-facts.js';
import { Ranking } from '../evaluating/ranking.js';
import { namesOf } from '../evaluating/reasons.js';
import { Card, Note, Summary, Table, type Row } from '../look/parts.js';
import { outcomeName } from './outcomes.js';
import { leftUntil } from './states.js';
import type { Shown } from './tender-page.js';

export function OpeningCard({ visitor, facts: { tender, boxes, minutes } }: Shown): ReactNode {
  const { t } = visitor;
  if (minutes !== undefined)
    return (
      <Card id="opening" title={t('tender.opening')}>
        {minutes.lots.map((lot) => (
          <LotMinutes key={lot.boxId} visitor={visitor} lot={lot} tender={tender} several={minutes.lots.length > 1} />
        ))}
        <p>
          <a href={visitor.href(`/tender/${tender.id}/berita-acara.pdf`)}>{t('doc.link.minutes')}</a>
        </p>
        <p>
          <a href={visitor.href(`/tender/${tender.id}/pembukaan`)}>{t('room.link')}</a>
        </p>
      </Card>
    );
  const sealed = ['tendering', 'closing', 'closed'].includes(tender.state);
  if (!sealed) return null;
  return (
    <Note tone="seal" title={t('tender.still_sealed')}>
      <p>{t('tender.sealed')}</p>
      {boxes.length === 0 && <p>{t('tender.number_hidden')}</p>}
      {boxes.map(({ id, closedAt }) => (
        <p key={id}>{t('tender.box', { at: visitor.f.short(closedAt, tender.rules.timeZone) })}</p>
      ))}
      <p>
        <a href={visitor.href(`/tender/${tender.id}/pembukaan`)}>{t('room.link')}</a>
      </p>
    </Note>
  );
}

type LotProps = {
  readonly visitor: Visitor;
  readonly lot: Schemas['LotMinutesView'];
  readonly tender: Schemas['TenderView'];
  readonly several: boolean;
};

const titleOf = (tender: Schemas['TenderView'], lotId: string): string =>
  tender.terms.lots.find(({ id }) => id === lotId)?.title ?? lotId;

function LotMinutes({ visitor: { t, f }, lot, tender, several }: LotProps): ReactNode {
  const zone = tender.rules.timeZone;
  const { opened, rejected, withdrawn } = lot;
  const rows = lot.bids.map(({ bidId, vendorName, submittedAt, outcome, total, currency }): Row => {
    const price = total === undefined || currency === undefined ? '' : f.money({ amount: total, currency });
    return {
      key: bidId,
      cells: [vendorName, f.short(submittedAt, zone), price, outcomeName(t, outcome)],
    };
  });
  const columns = [
    { name: t('tender.bidder') },
    { name: t('tender.sent') },
    { name: t('tender.price'), number: true },
    { name: t('tender.outcome') },
  ];
  return (
    <>
      {several && <h3>{titleOf(tender, lot.lotId)}</h3>}
      <p>{t('tender.opening.at', { opened, rejected, withdrawn, at: f.short(lot.completedAt, zone) })}</p>
      <Table label={`${t('tender.opening')}: ${titleOf(tender, lot.lotId)}`} columns={columns} rows={rows} />
      <h3 className="after">{t('tender.present')}</h3>
      <Summary
        lines={lot.openers.map(({ openerId, group, name, releasedAt }) => [
          group,
          <span key={openerId}>{`${name}, ${f.short(releasedAt, zone)}`}</span>,
        ])}
      />
    </>
  );
}

export function AwardCard({ visitor, facts: { tender, awards, minutes } }: Shown): ReactNode {
  const { t } = visitor;
  if (awards.length === 0) return null;
  const bidders = biddersOf(minutes);
  return (
    <Card id="award" title={t('tender.award')}>
      {awards.map((award) => (
        <LotAward
          key={award.lotId}
          visitor={visitor}
          view={award}
          tender={tender}
          bidders={bidders}
          several={tender.lots.length > 1}
        />
      ))}
      {awards.some(({ award }) => award !== undefined) && (
        <p>
          <a href={visitor.href(`/tender/${tender.id}/penetapan.pdf`)}>{t('doc.link.award')}</a>
        </p>
      )}
    </Card>
  );
}

/** Names of the bidders by their bids, once the bids are opened. */
export const biddersOf = (minutes: Schemas['MinutesView'] | undefined): ReadonlyMap<string, string> =>
  new Map(minutes?.lots.flatMap(({ bids }) => bids.map(({ bidId, vendorName }) => [bidId, vendorName])));

type AwardProps = {
  readonly visitor: Visitor;
  readonly view: Schemas['AwardView'];
  readonly tender: Schemas['TenderView'];
  /** Names of the bidders by their bids. */
  readonly bidders: ReadonlyMap<string, string>;
  readonly several: boolean;
};

function LotAward({ visitor, view, tender, bidders, several }: AwardProps): ReactNode {
  const { t, f } = visitor;
  const { award, result, resultSha256 = '' } = view;
  const left = award && award.decidedAt === undefined ? leftUntil(visitor, award.standstillEndAt) : undefined;
  const zone = tender.rules.timeZone;
  return (
    <>
      {several && <h3>{titleOf(tender, view.lotId)}</h3>}
      {award === undefined ? (
        <p>{t(view.state === 'failed' ? 'tender.failed' : 'tender.award.none')}</p>
      ) : (
        <Note
          tone="ok"
          title={`${t(award.decidedAt === undefined ? 'tender.winner' : 'tender.awarded')}: ${award.vendorName}`}
        >
          <p>{f.money(award)}</p>
          <p>
            {t('tender.standstill_until', { at: f.moment(award.standstillEndAt, zone) })}
            {left !== undefined && <b>{` ${left.words}.`}</b>}
          </p>
          {left !== undefined && <p>{t('awarding.object', { buyer: tender.terms.buyer.name })}</p>}
        </Note>
      )}
      {result !== undefined && (
        <Ranking
          visitor={visitor}
          result={shownResult({ result, resultSha256 }).result}
          names={namesOf(tender.terms, bidders)}
          label={`${t('tender.award')}: ${titleOf(tender, view.lotId)}`}
        />
      )}
    </>
  );
}
