/** The bid workspace: what is asked, its fields, and the places where the island reports. Fields have no names and no
 *  form of ours takes them: nothing that is typed here can leave the device unsealed, not even by mistake. */
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Page } from '../look/page.js';
import { Note } from '../look/parts.js';
import { REFUSALS } from '../words/refusals.js';
import { elsewhere } from '../words/id/offline.js';
import { sealing, sealingFailures } from '../words/id/bidding.js';
import { sentencesOf } from '../words/words.js';
import { formOf, keysOf, type OwnBid, type Tender } from './bid-facts.js';
import type { BidForm } from './bid-form.js';
import type { BidIsland } from './bid-island.js';
import { TenderCrumb } from './needs-page.js';
import { FilesCard, PricesCard, SealCard } from './workspace-fields.js';
import { ElsewhereCard } from './elsewhere-card.js';
import { FaultsPanel, ProgressPanel, ReceiptPanel, WaitingPanel } from './workspace-panels.js';

export type Workspace = {
  readonly tender: Tender;
  readonly lotId: string;
  readonly standing: OwnBid | undefined;
  /** The bids of all lots that stand. */
  readonly others: readonly OwnBid[];
};

export function workspacePage(visitor: Visitor, workspace: Workspace): Page {
  const { t } = visitor;
  const { tender, lotId, standing } = workspace;
  const form = formOf(tender, lotId);
  const lot = tender.terms.lots.length > 1 ? tender.terms.lots.find(({ id }) => id === lotId) : undefined;
  const title = t('bid.title', { title: lot?.title ?? tender.title });
  return new Page(
    title,
    <>
      <TenderCrumb
        visitor={visitor}
        tender={tender}
        below={lot === undefined ? [] : [[`/tender/${tender.id}/penawaran`, t('bid.lots')]]}
      />
      <h1>{title}</h1>
      <p className="lead">{t('bid.lead')}</p>
      <noscript>
        <Note tone="warn">
          <p>{t('bid.noscript')}</p>
        </Note>
      </noscript>
      <div className="cols aside">
        <div className="first stack">
          <Clock visitor={visitor} tender={tender} />
          <WhoReads visitor={visitor} tender={tender} />
        </div>
        <div className="stack">
          {standing !== undefined && <Replacing visitor={visitor} tender={tender} standing={standing} />}
          <WaitingPanel visitor={visitor} />
          <FaultsPanel />
          <fieldset id="bid" disabled className="stack">
            <PricesCard visitor={visitor} form={form} />
            <FilesCard visitor={visitor} form={form} />
            <SealCard visitor={visitor} />
            <ElsewhereCard visitor={visitor} />
          </fieldset>
          <ProgressPanel visitor={visitor} />
          <ReceiptPanel visitor={visitor} />
        </div>
      </div>
    </>,
    { at: '/tender', islands: [{ name: 'bid', data: islandData(visitor, workspace, form) }] },
  );
}

/** What a bid can be refused for: words of these go to the browser. */
const REFUSED = [
  'not_signed_in',
  'not_allowed',
  'not_found',
  'key_not_registered',
  'signature_invalid',
  'vendor_not_approved',
  'vendor_blacklisted',
  'wrong_state',
  'bid_late',
  'manifest_malformed',
  'manifest_mismatch',
  'notice_outdated',
  'parts_missing',
  'part_digest_mismatch',
  'part_not_announced',
  'ciphertext_late',
  'upload_quota',
  'upload_conflict',
  'bid_too_large',
  'bid_exists',
  'bid_withdrawn',
  'bid_unknown',
  'offer_malformed',
  'clock_skew',
  'too_many_requests',
  'payload_too_large',
  'request_malformed',
] as const;

function islandData(visitor: Visitor, { tender, standing, others }: Workspace, form: BidForm): BidIsland {
  const { locale, me, now, href } = visitor;
  const refusals = Object.fromEntries(REFUSED.map((code) => [`failed.${code}`, REFUSALS[locale][code]]));
  return {
    locale,
    words: sentencesOf(locale, { ...sealing, ...elsewhere }),
    failures: { ...refusals, ...sentencesOf(locale, sealingFailures) },
    form,
    accountId: me?.id ?? '',
    vendorId: me?.vendorId ?? '',
    keys: keysOf(me),
    zone: tender.rules.timeZone,
    deadlineAt: tender.deadlineAt ?? '',
    now: now.toISOString(),
    formToken: visitor.form(),
    page: href(`/tender/${tender.id}/penawaran`),
    entries: href('/audit/entri'),
    mayCommitFirst: tender.terms.precommit !== undefined,
    title: tender.title,
    standing: others.map(({ id, lotId, offerId }) => ({ lotId, bidId: id, offerId })),
    ...(standing === undefined ? {} : { replaces: standing.id, offerId: standing.offerId }),
  };
}

type Shown = { readonly visitor: Visitor; readonly tender: Tender };

function Clock({ visitor: { t, f }, tender }: Shown): ReactNode {
  const { deadlineAt = '', rules, terms } = tender;
  return (
    <section className="card clock ok" aria-labelledby="deadline">
      <h2 id="deadline">{t('bid.deadline')}</h2>
      <p>
        <time dateTime={deadlineAt}>{f.moment(deadlineAt, rules.timeZone)}</time>
      </p>
      <p className="big clock-left" id="left" />
      <p className="quiet">{t('bid.clock')}</p>
      {terms.precommit !== undefined && (
        <p className="quiet">{t('bid.grace', { minutes: terms.precommit.graceMinutes })}</p>
      )}
    </section>
  );
}

function WhoReads({ visitor: { t, f, href }, tender }: Shown): ReactNode {
  const { deadlineAt = '', rules, terms } = tender;
  return (
    <Note tone="seal" title={t('bid.who')}>
      <p>{t('bid.who.text', { at: f.short(deadlineAt, rules.timeZone) })}</p>
      <ul>
        {terms.groups.map(({ name, institution, k, openerIds }) => (
          <li key={name}>{t('bid.who.group', { name: institution, k, n: openerIds.length })}</li>
        ))}
      </ul>
      <p>{t('bid.rule')}</p>
      <p>
        <a href={href(`/tender/${tender.id}`)}>{t('bid.terms')}</a>
      </p>
    </Note>
  );
}

const Replacing = ({ visitor: { t, f, href }, tender, standing }: Shown & { readonly standing: OwnBid }): ReactNode => (
  <Note tone="info">
    <p>{t('bid.replacing', { at: f.short(standing.submittedAt, tender.rules.timeZone) })}</p>
    <p>
      <a href={href(`/tender/${tender.id}/penawaran/${standing.id}`)}>{t('bid.replacing.see')}</a>
    </p>
  </Note>
);
