import { resealRequired } from '@segel/procurement';
import type { ReactNode } from 'react';
import { signIsland } from '../look/forms.js';
import type { Page } from '../look/page.js';
import { Card, Note, Summary, Table, Tag } from '../look/parts.js';
import { Findings } from './checks.js';
import { differences } from './difference.js';
import { tenderPageOf, type Editing } from './fields.js';
import type { Candidate } from './notice.js';
import { signable, SUBMIT_FORM, SubmitForm } from './review-page.js';

/** Parts that an addendum may change; the rules, the currency and the buyer are frozen with the publication. */
const CHANGEABLE = ['jadwal', 'dokumen', 'isi', 'barang', 'kriteria', 'syarat', 'pembuka'] as const;

/** A change after the publication: what is proposed, what it does to bids, and the first of its two signatures. */
export function addendumPage(editing: Editing, candidate: Candidate | undefined): Page {
  const { visitor, draft } = editing;
  const { t, href } = visitor;
  const proposed = draft.approval.version > draft.tender.termsVersion && draft.mode === 'addendum';
  const ready = candidate === undefined ? undefined : signable(editing, candidate);
  const children =
    draft.mode !== 'addendum' ? (
      <Note tone="warn">
        <p>{t('drafting.addendum.closed')}</p>
      </Note>
    ) : (
      <>
        {proposed && candidate !== undefined && (
          <>
            <DifferenceCard editing={editing} candidate={candidate} />
            <Findings editing={editing} />
            <SubmitForm editing={editing} candidate={candidate} action="adendum" />
          </>
        )}
        {draft.prepares && (
          <Card id="change" title={t(proposed ? 'drafting.addendum.more' : 'drafting.addendum.begin')}>
            <p>{t('drafting.addendum.how', { n: draft.pack.extensionAfterAddendumDays })}</p>
            <ul>
              {CHANGEABLE.map((part) => (
                <li key={part}>
                  <a href={href(`/kerja/paket/${draft.tender.id}/${part}`)}>{t(`drafting.task.${part}`)}</a>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </>
    );
  const islands = ready === undefined ? [] : [signIsland(visitor, { [SUBMIT_FORM]: ready })];
  return tenderPageOf(
    editing,
    { title: t('drafting.addendum.title'), lead: t('drafting.addendum.lead'), children },
    islands,
  );
}

/** In force and proposed, side by side, and what vendors must do about it. */
export function DifferenceCard({
  editing: { visitor, draft },
  candidate,
}: {
  readonly editing: Editing;
  readonly candidate: Candidate;
}): ReactNode {
  const { t, f } = visitor;
  const { inForce, terms, pack, approval } = draft;
  if (inForce === undefined) return null;
  const names = new Map(draft.tender.team?.map(({ accountId, name }) => [accountId, name]));
  const nameOf = (accountId: string): string => names.get(accountId) ?? accountId;
  const zone = pack.calendar.timeZone;
  const rows = differences(visitor, inForce, terms, { timeZone: zone, nameOf });
  // Only the server knows whether an opener has another key by now; the notice says it.
  const reseal =
    'draft' in candidate ? candidate.draft.body['reseal_required'] === true : resealRequired(inForce, terms);
  const later = terms.deadlineAt > inForce.deadlineAt;
  return (
    <Card id="difference" title={t('drafting.addendum.difference')}>
      {rows.length === 0 ? (
        <p>{t(reseal ? 'drafting.addendum.keys' : 'drafting.addendum.nothing')}</p>
      ) : (
        <Table
          label={t('drafting.addendum.difference')}
          columns={[
            { name: t('drafting.addendum.part') },
            { name: t('drafting.addendum.before') },
            { name: t('drafting.addendum.after') },
          ]}
          rows={rows.map(({ what, before, after }, i) => ({
            key: String(i),
            cells: [
              what,
              before ?? <Tag tone="ok">{t('drafting.addendum.new')}</Tag>,
              after ?? <Tag tone="bad">{t('drafting.addendum.gone')}</Tag>,
            ],
          }))}
        />
      )}
      <Summary
        lines={[
          [t('drafting.reason'), approval.reason ?? ''],
          [
            t('drafting.addendum.effect'),
            <Tag tone={reseal ? 'warn' : 'info'}>{t(reseal ? 'tender.reseal' : 'tender.reconfirm')}</Tag>,
          ],
          [
            t('tender.deadline'),
            later
              ? t('tender.extended', {
                  before: f.moment(inForce.deadlineAt, zone),
                  after: f.moment(terms.deadlineAt, zone),
                })
              : f.moment(terms.deadlineAt, zone),
          ],
        ]}
      />
      <p className="quiet">{t('drafting.rules.extension', { n: pack.extensionAfterAddendumDays })}</p>
    </Card>
  );
}
