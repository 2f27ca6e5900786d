/** A bid that was sent: what became of it, its receipt, and what may still be done with it. */
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { PostForm, Signature, signIsland, WrongSummary, type Statements } from '../look/forms.js';
import { Page } from '../look/page.js';
import { Card, Hash, Note, Summary, Tag } from '../look/parts.js';
import { isOpen, type OwnBid, type Tender } from './bid-facts.js';
import type { ReadReceipt } from './bid-receipt.js';
import { bidMeaning, bidTone, bidWords } from './bid-states.js';
import type { Said } from './bid.controller.js';
import { TenderCrumb } from './needs-page.js';

type Facts = { readonly tender: Tender; readonly bid: OwnBid; readonly receipt: ReadReceipt | undefined };
type Shown = Facts & { readonly visitor: Visitor };

export function bidPage(visitor: Visitor, facts: Facts, said: Said): Page {
  const { t } = visitor;
  const { tender, bid } = facts;
  const title = t('bid.own.title', { title: tender.title });
  const shown = { visitor, ...facts };
  const statements = statementsOf(visitor, facts);
  const isle = Object.keys(statements).length > 0 ? [signIsland(visitor, statements)] : [];
  return new Page(
    title,
    <>
      <TenderCrumb visitor={visitor} tender={tender} below={[['/penyedia/saya', t('mine.title')]]} />
      <Tag tone={bidTone(bid.state)}>{bidWords(visitor, bid.state)}</Tag>
      <h1>{title}</h1>
      <div className="stack">
        <WrongSummary visitor={visitor} wrong={said.wrong} />
        {said.done === true && <Note tone="ok">{t('bid.own.done')}</Note>}
        <State {...shown} />
        <Receipt {...shown} />
        {'kukuhkan' in statements && <Reconfirm {...shown} />}
        {'tarik' in statements && <Withdraw {...shown} />}
      </div>
    </>,
    { at: '/kerja', islands: isle },
  );
}

const isStanding = ({ replacedBy, withdrawnAt, voidedAt }: OwnBid): boolean =>
  replacedBy === undefined && withdrawnAt === undefined && voidedAt === undefined;

/** The very bodies that the server will check. */
function statementsOf({ now, me }: Visitor, { tender, bid }: Facts): Statements {
  if (!isOpen(tender, now) || !isStanding(bid)) return {};
  const { id: bid_id, lotId: lot_id, envelope, manifestSha256: manifest_sha256 } = bid;
  const { noticeSha256: notice_sha256 } = tender;
  const withdrawal = { lot_id, envelope, bid_id, vendor_id: me?.vendorId ?? '', manifest_sha256 };
  const confirms = bid.state === 'invalidated' && !bid.mustReseal && notice_sha256 !== undefined;
  return {
    tarik: { type: 'bid.withdrawn', body: withdrawal },
    ...(confirms ? { kukuhkan: { type: 'bid.reconfirmed', body: { bid_id, manifest_sha256, notice_sha256 } } } : {}),
  };
}

function State({ visitor, tender, bid, receipt }: Shown): ReactNode {
  const { t, f, href, now } = visitor;
  const zone = tender.rules.timeZone;
  const at = (id: string): string => href(`/tender/${tender.id}/penawaran/${id}`);
  const { ciphertextDueAt } = bid;
  return (
    <Card id="state" title={t('bid.state')}>
      <p>{bidMeaning(visitor, bid.state)}</p>
      {bid.state === 'awaiting_ciphertext' && ciphertextDueAt !== undefined && (
        <Note tone="warn">{t('bid.own.due', { at: f.moment(ciphertextDueAt, zone) })}</Note>
      )}
      {bid.state === 'invalidated' && bid.mustReseal && <Note tone="bad">{t('bid.own.reseal')}</Note>}
      {bid.damagedParts > 0 && <Note tone="bad">{t('bid.own.damaged')}</Note>}
      <Summary
        lines={[
          [t('bid.at'), f.moment(bid.submittedAt, zone)],
          [t('bid.lot'), tender.terms.lots.find(({ id }) => id === bid.lotId)?.title ?? bid.lotId],
          [t('bid.deadline'), f.moment(bid.deadlineAt, zone)],
          [t('bid.size'), f.bytes(bid.sizeBytes)],
          [t('bid.fingerprint'), <Hash key="sha">{bid.manifestSha256}</Hash>],
          receipt !== undefined && [
            t('bid.index'),
            <a key="index" href={href(`/audit/entri/${receipt.index}`)}>
              {receipt.index}
            </a>,
          ],
          bid.replaces !== undefined && [
            t('bid.own.replaces'),
            <a key="old" className="hash" href={at(bid.replaces)}>
              {bid.replaces}
            </a>,
          ],
          bid.replacedBy !== undefined && [
            t('bid.own.replaced_by'),
            <a key="new" className="hash" href={at(bid.replacedBy)}>
              {bid.replacedBy}
            </a>,
          ],
        ]}
      />
      {isOpen(tender, now) && isStanding(bid) && (
        <p>
          <a className="button" href={href(`/tender/${tender.id}/penawaran?lot=${bid.lotId}`)}>
            {t('bid.own.replace')}
          </a>
        </p>
      )}
    </Card>
  );
}

function Receipt({ visitor: { t, f, href }, tender, bid, receipt }: Shown): ReactNode {
  const at = `/tender/${tender.id}/penawaran/${bid.id}`;
  return (
    <Card id="receipt" title={t('bid.own.receipt')}>
      {receipt === undefined ? (
        <p>{t('bid.own.receipt.soon')}</p>
      ) : (
        <>
          <Summary
            lines={[
              [
                t('bid.witnesses'),
                <ul key="witnesses" className="list">
                  {receipt.witnesses.map(({ name, at: seen }) => (
                    <li key={name}>{t('bid.witness', { name, at: f.short(seen, tender.rules.timeZone) })}</li>
                  ))}
                </ul>,
              ],
            ]}
          />
          <p className="row">
            <a
              className="button"
              href={`/api/tenders/${tender.id}/bids/${bid.id}/receipt`}
              download={`${bid.id}.receipt.tlog-proof`}
            >
              {t('bid.receipt.file')}
            </a>
            <a href={href(`${at}/tanda-terima.pdf`)}>{t('bid.receipt.pdf')}</a>
          </p>
          <p className="quiet">{t('bid.own.receipt.check')}</p>
          <details>
            <summary>{t('bid.own.receipt.text')}</summary>
            <pre className="raw" tabIndex={0}>
              {receipt.text}
            </pre>
          </details>
        </>
      )}
    </Card>
  );
}

const Reconfirm = ({ visitor, tender, bid }: Shown): ReactNode => (
  <PostForm
    visitor={visitor}
    id="kukuhkan"
    className="card form"
    action={`/tender/${tender.id}/penawaran/${bid.id}/kukuhkan`}
  >
    <h2>{visitor.t('bid.own.reconfirm')}</h2>
    <p>{visitor.t('bid.own.reconfirm.how')}</p>
    <Signature visitor={visitor} id="kukuhkan" />
    <button className="button">{visitor.t('bid.own.reconfirm.go')}</button>
  </PostForm>
);

const Withdraw = ({ visitor, tender, bid }: Shown): ReactNode => (
  <PostForm
    visitor={visitor}
    id="tarik"
    className="card form"
    action={`/tender/${tender.id}/penawaran/${bid.id}/tarik`}
  >
    <h2>{visitor.t('bid.own.withdraw')}</h2>
    <p>{visitor.t('bid.own.withdraw.how')}</p>
    <details>
      <summary>{visitor.t('bid.own.withdraw')}</summary>
      <Signature visitor={visitor} id="tarik" />
      <button className="button">{visitor.t('bid.own.withdraw.go')}</button>
    </details>
  </PostForm>
);
