import type { Schemas } from '@segel/client';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Field, Hash, Note, Summary, Table } from '../look/parts.js';

type Own = {
  readonly me: Schemas['Me'];
  readonly sessions: readonly Schemas['SessionView'][];
  readonly events: readonly Schemas['SecurityEvent'][];
  readonly said?: { readonly wrong?: Wrong; readonly done?: boolean };
};

/** People have no tender whose zone would count: the first of the country is said. */
const ZONE = 'Asia/Jakarta';

export function accountPage(visitor: Visitor, { me, sessions, events, said = {} }: Own): Page {
  const { t } = visitor;
  return new Page(
    t('account.title'),
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <h1>{t('account.title')}</h1>
        <WrongSummary visitor={visitor} wrong={said.wrong} />
        {said.done === true && <Note tone="ok">{t('password.done')}</Note>}
        <Who visitor={visitor} me={me} />
        <Sessions visitor={visitor} sessions={sessions} />
        <ChangePassword visitor={visitor} />
        <Events visitor={visitor} events={events} />
      </div>
    </>,
  );
}

const EndSession = ({ visitor, id }: { readonly visitor: Visitor; readonly id: string }) => (
  <PostForm visitor={visitor} action="/akun/sesi" className="">
    <input type="hidden" name="session" value={id} />
    <button className="text-button">{visitor.t('session.end')}</button>
  </PostForm>
);

function Who({ visitor, me }: { readonly visitor: Visitor; readonly me: Own['me'] }) {
  const { t, href } = visitor;
  return (
    <Card id="who" title={t('account.who')}>
      <Summary
        lines={[
          [t('account.name'), me.name],
          [t('account.email'), me.email],
          [
            t('account.keys'),
            me.keys.length === 0
              ? t('account.keys.none')
              : me.keys.map(({ id, key }) => (
                  <div key={id}>
                    <Hash>{key}</Hash>
                  </div>
                )),
          ],
        ]}
      />
      <p>
        <a href={href('/kerja/kunci')}>{t('keys.title')}</a>
      </p>
    </Card>
  );
}

function Sessions({ visitor, sessions }: { readonly visitor: Visitor; readonly sessions: Own['sessions'] }) {
  const { t, f } = visitor;
  const when = { name: t('account.when') };
  const what = { name: t('account.what') };
  return (
    <Card id="sessions" title={t('account.sessions')}>
      <Table
        label={t('account.sessions')}
        columns={[when, { name: t('account.from') }, what, { name: t('session.end') }]}
        rows={sessions.map(({ id, createdAt, ip, userAgent, current, revokedAt }) => ({
          key: id,
          cells: [
            f.short(createdAt, ZONE),
            `${ip}${current ? ` (${t('account.this')})` : revokedAt === undefined ? '' : ` (${t('account.ended')})`}`,
            userAgent,
            revokedAt === undefined && !current && <EndSession key={id} visitor={visitor} id={id} />,
          ],
        }))}
      />
    </Card>
  );
}

function ChangePassword({ visitor }: { readonly visitor: Visitor }) {
  const { t } = visitor;
  return (
    <PostForm visitor={visitor} action="/akun/kata-sandi">
      <h2>{t('password.title')}</h2>
      <Field
        name="currentPassword"
        label={t('password.current')}
        type="password"
        autoComplete="current-password"
        required
      />
      <Field
        name="password"
        label={t('password.new')}
        hint={t('join.password.hint')}
        type="password"
        autoComplete="new-password"
        required
      />
      <button className="button">{t('password.title')}</button>
    </PostForm>
  );
}

function Events({ visitor, events }: { readonly visitor: Visitor; readonly events: Own['events'] }) {
  const { t, f } = visitor;
  const when = { name: t('account.when') };
  const what = { name: t('account.what') };
  return (
    <Card id="events" title={t('account.events')}>
      {events.length === 0 ? (
        <p>{t('account.events.none')}</p>
      ) : (
        <Table
          label={t('account.events')}
          columns={[when, what]}
          rows={events.map(({ id, at, type, byMyself, what: which, reason, act }) => ({
            key: id,
            cells: [
              f.short(at, ZONE),
              [type, which, reason, act, byMyself ? undefined : t('account.by_other')]
                .filter((one) => one !== undefined)
                .join(' · '),
            ],
          }))}
        />
      )}
    </Card>
  );
}
