/** The people of a company: who acts for it, whom it invited, and how a membership ends. */
import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Field, Note, Tag } from '../look/parts.js';

export const PEOPLE = '/penyedia/perusahaan/orang';

export type Colleagues = {
  readonly vendor: Schemas['VendorView'];
  readonly people: readonly Schemas['Colleague'][];
  /** Undefined for who does not manage the company. */
  readonly waiting: readonly Schemas['ColleagueInvitation'][] | undefined;
};
/** Sentences that a form may lead back to. */
export const SAID = ['colleagues.invited', 'colleagues.withdrawn', 'colleagues.ended'] as const;
export type Said = {
  readonly said?: (typeof SAID)[number] | undefined;
  readonly wrong?: Wrong | undefined;
  readonly email?: string;
};
type Person = Colleagues['people'][number];
type Props = { readonly visitor: Visitor; readonly of: Colleagues };

export function colleaguesPage(visitor: Visitor, of: Colleagues, { said, wrong, email }: Said = {}): Page {
  const { t } = visitor;
  const manager = of.people.find(({ manages }) => manages);
  return new Page(
    t('colleagues.title'),
    <>
      <Crumb visitor={visitor} above={[['/penyedia/perusahaan', of.vendor.name]]} />
      <div className="stack">
        <h1>{t('colleagues.title')}</h1>
        <p className="lead">{t('colleagues.lead')}</p>
        <WrongSummary visitor={visitor} wrong={wrong} />
        {said !== undefined && <Note tone="ok">{t(said)}</Note>}
        <People visitor={visitor} of={of} />
        {of.waiting === undefined ? (
          <Note tone="info">{t('colleagues.ask', { name: manager?.name ?? '–' })}</Note>
        ) : (
          <>
            <Waiting visitor={visitor} waiting={of.waiting} />
            <Invite visitor={visitor} approved={of.vendor.state === 'approved'} email={email} />
          </>
        )}
      </div>
    </>,
    { at: '/kerja' },
  );
}

function People({ visitor, of: { people, waiting } }: Props): ReactNode {
  const { t, f, href, me } = visitor;
  const mayEnd = ({ id, manages }: Person): boolean => !manages && (waiting !== undefined || id === me?.id);
  return (
    <Card id="people" title={t('colleagues.people')}>
      <ul className="list">
        {people.map((one) => (
          <li key={one.id}>
            <h3>{one.name}</h3>
            <p className="quiet">
              {one.email}
              <br />
              {t('colleagues.since', { at: f.short(one.since, 'Asia/Jakarta') })}
            </p>
            <p className="row">
              <Tag tone={one.hasKey ? 'ok' : 'warn'}>{t(one.hasKey ? 'colleagues.key.yes' : 'colleagues.key.no')}</Tag>
              {one.manages && <Tag tone="info">{t('colleagues.manages')}</Tag>}
              {mayEnd(one) && (
                <a href={href(`${PEOPLE}/${one.id}`)}>
                  {t(one.id === me?.id ? 'colleagues.leave' : 'colleagues.end')}{' '}
                  <span className="unseen">{one.name}</span>
                </a>
              )}
            </p>
          </li>
        ))}
      </ul>
      {people.length === 1 && <p>{t('colleagues.alone')}</p>}
    </Card>
  );
}

type WaitingProps = { readonly visitor: Visitor; readonly waiting: readonly Schemas['ColleagueInvitation'][] };

const Waiting = ({ visitor, waiting }: WaitingProps): ReactNode => (
  <Card id="waiting" title={visitor.t('colleagues.waiting')}>
    {waiting.length === 0 && <p>{visitor.t('colleagues.waiting.none')}</p>}
    <ul className="list">
      {waiting.map(({ id, email, expiresAt }) => (
        <li key={id}>
          <h3>{email}</h3>
          <p className="quiet">{visitor.t('colleagues.until', { at: visitor.f.short(expiresAt, 'Asia/Jakarta') })}</p>
          <PostForm visitor={visitor} action={`/penyedia/perusahaan/undangan/${id}`} className="">
            <button className="text-button">
              {visitor.t('colleagues.withdraw')} <span className="unseen">{email}</span>
            </button>
          </PostForm>
        </li>
      ))}
    </ul>
  </Card>
);

function Invite(props: {
  readonly visitor: Visitor;
  readonly approved: boolean;
  readonly email: string | undefined;
}): ReactNode {
  const { visitor, approved, email } = props;
  const { t } = visitor;
  if (!approved) return <Note tone="warn">{t('colleagues.invite.later')}</Note>;
  return (
    <PostForm visitor={visitor} action={PEOPLE}>
      <h2>{t('colleagues.invite')}</h2>
      <Field
        name="email"
        label={t('colleagues.invite.email')}
        hint={t('colleagues.invite.hint')}
        type="email"
        value={email}
        autoComplete="off"
        required
      />
      <button className="button">{t('colleagues.invite.go')}</button>
    </PostForm>
  );
}

/** Asked once more, on a page of its own: it cannot be undone, only begun again. */
export function endPage(visitor: Visitor, one: Schemas['Colleague']): Page {
  const { t, href, me } = visitor;
  const own = one.id === me?.id;
  const title = own ? t('colleagues.leave.title') : t('colleagues.end.title', { name: one.name });
  return new Page(
    title,
    <>
      <Crumb visitor={visitor} above={[[PEOPLE, t('colleagues.title')]]} />
      <div className="stack">
        <h1>{title}</h1>
        {!own && <p className="quiet">{one.email}</p>}
        <p className="lead">{t(own ? 'colleagues.leave.what' : 'colleagues.end.what')}</p>
        <p>{t('colleagues.end.bids')}</p>
        <PostForm visitor={visitor} action={`${PEOPLE}/${one.id}`}>
          <button className="button">{t(own ? 'colleagues.leave' : 'colleagues.end')}</button>
        </PostForm>
        <p>
          <a href={href(PEOPLE)}>{t('colleagues.end.keep')}</a>
        </p>
      </div>
    </>,
    { at: '/kerja' },
  );
}
