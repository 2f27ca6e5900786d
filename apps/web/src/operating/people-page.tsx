/** Who may do what: invitations, institutions, officials. */
import type { Schemas } from '@segel/client';
import { ROLES } from '@segel/procurement';
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, TextArea, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Choice, Field, Note, Table } from '../look/parts.js';
import type { Key } from '../words/words.js';

const KINDS = ['buyer', 'oversight', 'civil', 'operator'] as const;
const OFFICIAL_ROLES = ROLES.filter((role) => role !== 'vendor');
/** Sentences that a form may lead back to. */
export const SAID = [
  'op.invite.done',
  'op.invitation.confirmed.done',
  'op.organisation.done',
  'op.revoke.done',
] as const;
export type Said = (typeof SAID)[number];

export type People = {
  readonly invitations: readonly Schemas['InvitationView'][];
  readonly organisations: readonly Schemas['OrganisationView'][];
  readonly officials: readonly Schemas['Official'][];
  readonly said?: Said | undefined;
  readonly wrong?: Wrong | undefined;
};
type Props = { readonly visitor: Visitor; readonly people: People };

export function peoplePage(visitor: Visitor, people: People): Page {
  const { t } = visitor;
  return new Page(
    t('op.people'),
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <h1>{t('op.people')}</h1>
        <p className="lead">{t('op.people.lead')}</p>
        <WrongSummary visitor={visitor} wrong={people.wrong} />
        {people.said !== undefined && <Note tone="ok">{t(people.said)}</Note>}
        <Invitations visitor={visitor} people={people} />
        <div className="cols">
          <Invite visitor={visitor} people={people} />
          <AddOrganisation visitor={visitor} />
        </div>
        <Organisations visitor={visitor} people={people} />
        <Officials visitor={visitor} people={people} />
        {people.officials.length > 0 && <Revoke visitor={visitor} people={people} />}
      </div>
    </>,
    { at: '/kerja' },
  );
}

function Invitations({ visitor, people: { invitations, organisations } }: Props): ReactNode {
  const { t, f, me } = visitor;
  const nameOf = (id: string): string => organisations.find((one) => one.id === id)?.name ?? id;
  return (
    <Card id="invitations" title={t('op.invitations')}>
      {invitations.length === 0 ? (
        <p>{t('op.invitations.none')}</p>
      ) : (
        <Table
          label={t('op.invitations')}
          columns={[
            { name: t('account.email') },
            { name: t('op.invite.role') },
            { name: t('op.state') },
            { name: t('op.until') },
          ]}
          rows={invitations.map(({ id, email, role, organisationId, state, requestedBy, expiresAt }) => ({
            key: id,
            cells: [
              email,
              `${t(`role.${role}` satisfies Key)}, ${nameOf(organisationId)}`,
              <>
                {t(`op.invitation.${state}` satisfies Key)}
                {state === 'requested' && requestedBy !== me?.id && (
                  <PostForm visitor={visitor} action={`/kerja/orang/undangan/${id}`} className="">
                    <button className="text-button">
                      {t('op.invitation.confirm')} <span className="unseen">{email}</span>
                    </button>
                  </PostForm>
                )}
              </>,
              f.short(expiresAt, 'Asia/Jakarta'),
            ],
          }))}
        />
      )}
    </Card>
  );
}

const Invite = ({ visitor, people: { organisations } }: Props): ReactNode => (
  <PostForm visitor={visitor} action="/kerja/orang/undangan">
    <h2>{visitor.t('op.invite')}</h2>
    <Field name="email" label={visitor.t('account.email')} type="email" required />
    <Choice
      name="role"
      label={visitor.t('op.invite.role')}
      value={undefined}
      options={OFFICIAL_ROLES.map((role) => [role, visitor.t(`role.${role}` satisfies Key)])}
    />
    <Choice
      name="organisation"
      label={visitor.t('op.invite.organisation')}
      value={undefined}
      options={organisations.map(({ id, name }) => [id, name])}
    />
    <button className="button">{visitor.t('op.invite.go')}</button>
  </PostForm>
);

const AddOrganisation = ({ visitor }: Pick<Props, 'visitor'>): ReactNode => (
  <PostForm visitor={visitor} action="/kerja/orang/instansi">
    <h2>{visitor.t('op.organisation.add')}</h2>
    <Choice
      name="kind"
      label={visitor.t('op.organisation.kind')}
      value="buyer"
      options={KINDS.map((kind) => [kind, visitor.t(`org.${kind}` satisfies Key)])}
    />
    <Field name="organisationName" label={visitor.t('op.organisation.name')} required />
    <div className="pair">
      <Field name="scheme" label={`${visitor.t('op.organisation.scheme')} (${visitor.t('form.optional')})`} />
      <Field name="identifier" label={`${visitor.t('op.organisation.identifier')} (${visitor.t('form.optional')})`} />
    </div>
    <button className="button">{visitor.t('op.organisation.add')}</button>
  </PostForm>
);

const Organisations = ({ visitor: { t }, people: { organisations } }: Props): ReactNode => (
  <Card id="organisations" title={t('op.organisations')}>
    {organisations.length === 0 && <p>{t('op.organisations.none')}</p>}
    <ul>
      {organisations.map(({ id, kind, name }) => (
        <li key={id}>
          {name} ({t(`org.${kind}` satisfies Key)})
        </li>
      ))}
    </ul>
  </Card>
);

const Officials = ({ visitor: { t }, people: { officials } }: Props): ReactNode => (
  <Card id="officials" title={t('op.officials')}>
    {officials.length === 0 ? (
      <p>{t('op.officials.none')}</p>
    ) : (
      <Table
        label={t('op.officials')}
        columns={[{ name: t('account.name') }, { name: t('op.invite.role') }, { name: t('op.invite.organisation') }]}
        rows={officials.map(({ id, name, role, organisationId, organisationName }) => ({
          key: `${id} ${role} ${organisationId}`,
          cells: [name, t(`role.${role}` satisfies Key), organisationName],
        }))}
      />
    )}
  </Card>
);

function Revoke({ visitor, people: { officials } }: Props): ReactNode {
  const { t } = visitor;
  const people = new Map(officials.map(({ id, name, organisationName }) => [id, `${name}, ${organisationName}`]));
  return (
    <PostForm visitor={visitor} action="/kerja/orang/pencabutan">
      <h2>{t('op.revoke.title')}</h2>
      <p className="quiet">{t('op.revoke.hint')}</p>
      <Choice name="account" label={t('op.revoke.who')} value={undefined} options={[...people]} />
      <TextArea name="reason" label={t('op.revoke.reason')} rows={2} required />
      <button className="button">{t('op.revoke')}</button>
    </PostForm>
  );
}
