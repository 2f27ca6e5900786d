import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Note, Summary } from '../look/parts.js';
import type { Key } from '../words/words.js';
import { islandBasics, KeyFields, NeedsScript } from './opener-parts.js';
import { canMakeKey, isToRelease, lotTitle, releaseOf, type Me, type Seat } from './opener-seats.js';

export type Said = { readonly wrong?: Wrong; readonly done?: 'daftar' | 'siap' | 'cabut' | undefined };
type Props = { readonly visitor: Visitor; readonly seat: Seat };

const DONE = { daftar: 'opener.registered', siap: 'opener.proved', cabut: 'opener.revoked' } as const;

export function tenderKeyPage(visitor: Visitor, me: Me, seat: Seat, said: Said): Page {
  const { t, href } = visitor;
  const { tender, registered } = seat;
  const here = `/kerja/pembuka/${tender.id}`;
  const data = {
    ...islandBasics(visitor, me),
    tenderId: tender.id,
    suite: tender.terms.suite,
    registered: registered?.recipient,
    here: href(here),
  };
  const title = t('opener.title', { tender: tender.title });
  const hasKey = me.keys.length > 0;
  return new Page(
    title,
    <>
      <Crumb visitor={visitor} desk above={[['/kerja/pembuka', t('open.title')]]} />
      <div className="stack">
        <h1>{title}</h1>
        <WrongSummary visitor={visitor} wrong={said.wrong} />
        {said.done !== undefined && <Note tone="ok">{t(DONE[said.done])}</Note>}
        <StateCard visitor={visitor} seat={seat} />
        {!hasKey && (
          <Note tone="warn">
            {t('opener.login')} <a href={href('/kerja/kunci')}>{t('sign.make_key')}</a>
          </Note>
        )}
        <NeedsScript visitor={visitor} />
        {hasKey && seat.readiness !== undefined && tender.state === 'tendering' && registered !== undefined && (
          <Readying visitor={visitor} seat={seat} />
        )}
        {hasKey && canMakeKey(seat) && registered === undefined && <Making visitor={visitor} here={here} />}
        <Safer visitor={visitor} tenderId={tender.id} />
        {hasKey && registered !== undefined && canMakeKey(seat) && <Revoking visitor={visitor} />}
      </div>
    </>,
    { at: '/kerja', islands: [{ name: 'tender-key', data }] },
  );
}

function StateCard({ visitor, seat }: Props): ReactNode {
  const { t, f, href } = visitor;
  const { tender, registered, readiness, boxes } = seat;
  const zone = tender.rules.timeZone;
  const said = readiness === undefined ? undefined : (`opener.ready.${readiness.state}` as Key);
  return (
    <Card id="state" title={t('opener.state')}>
      <Summary
        lines={[
          [t('tender.deadline'), f.moment(tender.deadlineAt ?? tender.terms.deadlineAt, zone)],
          [t('opener.key.at'), t(registered === undefined ? 'opener.key.no' : 'opener.key.yes')],
          [
            t('opener.ready'),
            readiness?.provedAt !== undefined && readiness.state === 'ready'
              ? t('opener.ready.ready', { at: f.short(readiness.provedAt, zone) })
              : readinessWords(visitor, said),
          ],
        ]}
      />
      <h3 className="after">{t('opener.boxes')}</h3>
      {boxes.length === 0 && <p>{t('opener.boxes.none')}</p>}
      {boxes.map((box) => {
        const release = releaseOf(seat, box.id);
        const lot = lotTitle(tender, box.lotId);
        return (
          <p key={box.id}>
            {release !== undefined && t('opener.box.done', { at: f.short(release.releasedAt, zone) })}
            {isToRelease(seat, box) && (
              <a className="button" href={href(`/kerja/pembuka/${tender.id}/kotak/${box.id}`)}>
                {t('opener.box', { lot })}
              </a>
            )}
          </p>
        );
      })}
      {tender.publishedAt !== undefined && (
        <p>
          <a href={href(`/tender/${tender.id}/pembukaan`)}>{t('release.room')}</a>
        </p>
      )}
    </Card>
  );
}

const PLAIN = ['opener.ready.asked', 'opener.ready.not_asked', 'opener.ready.key_revoked'] as const;

const readinessWords = ({ t }: Visitor, key: Key | undefined): string =>
  t(PLAIN.find((one) => one === key) ?? 'opener.ready.none');

const Readying = ({ visitor, seat }: Props): ReactNode => {
  const { t } = visitor;
  return (
    <form id="readying" className="card narrow" data-drill={String(!seat.isAsked)} hidden>
      <h2>{t('opener.prove')}</h2>
      <p className="quiet">{t('opener.prove.how')}</p>
      <KeyFields visitor={visitor} id="ready" />
      <button className="button">{t(seat.isAsked ? 'opener.prove.answer' : 'opener.prove.drill')}</button>
      <p role="status" id="readying-status" />
    </form>
  );
};

const Making = ({ visitor, here }: { readonly visitor: Visitor; readonly here: string }): ReactNode => {
  const { t } = visitor;
  return (
    <>
      <form id="growing" className="card narrow" hidden>
        <h2>{t('opener.step1')}</h2>
        <p className="quiet">{t('opener.step1.hint')}</p>
        <KeyFields visitor={visitor} id="grow" />
        <Secret id="recovery" label={t('opener.recovery')} hint={t('opener.recovery.hint')} />
        <Secret id="recovery-repeat" label={t('opener.recovery.repeat')} />
        <button className="button">{t('opener.grow')}</button>
        <p role="status" id="growing-status" />
        <div id="saving" hidden>
          <h2>{t('opener.step2')}</h2>
          <p>{t('opener.step2.hint')}</p>
          <p className="row">
            <a id="save-key" className="button" href="#save-key">
              {t('opener.save.key')}
            </a>
            <a id="save-recovery" className="button" href="#save-recovery">
              {t('opener.save.recovery')}
            </a>
          </p>
        </div>
      </form>
      <PostForm visitor={visitor} id="proving" action={here}>
        <h2>{t('opener.step3')}</h2>
        <p className="quiet">{t('opener.step3.hint')}</p>
        <Chosen id="proof-file" label={t('opener.file.key')} />
        <Secret id="proof-passphrase" label={t('sign.passphrase')} />
        <Chosen id="proof-recovery" label={t('opener.file.recovery')} />
        <Secret id="proof-recovery-passphrase" label={t('opener.pass.recovery')} />
        <label className="check">
          <input id="keep" type="checkbox" /> {t('keys.keep')}
        </label>
        {(['suite', 'recipient', 'key', 'sig'] as const).map((name) => (
          <input key={name} type="hidden" id={`reg-${name}`} name={name} />
        ))}
        <button className="button">{t('opener.register')}</button>
        <p role="status" id="proving-status" />
      </PostForm>
    </>
  );
};

/** Without a name: it is sent nowhere. */
const Secret = ({ id, label, hint }: { readonly id: string; readonly label: string; readonly hint?: string }) => (
  <div className="field">
    <label htmlFor={id}>{label}</label>
    {hint !== undefined && (
      <span className="quiet" id={`${id}-hint`}>
        {hint}
      </span>
    )}
    <input
      id={id}
      type="password"
      autoComplete="off"
      aria-describedby={hint === undefined ? undefined : `${id}-hint`}
    />
  </div>
);

const Chosen = ({ id, label }: { readonly id: string; readonly label: string }): ReactNode => (
  <div className="field">
    <label htmlFor={id}>{label}</label>
    <input id={id} type="file" accept=".age,.txt" />
  </div>
);

const Safer = ({ visitor: { t }, tenderId }: { readonly visitor: Visitor; readonly tenderId: string }): ReactNode => (
  <Card id="safer" title={t('opener.safer.title')}>
    <p>{t('opener.safer')}</p>
    <pre className="raw" tabIndex={0}>
      {[
        `segel opener key ${tenderId} --recovery pemulihan.txt`,
        `segel opener drill ${tenderId}`,
        `segel release ${tenderId} …`,
      ].join('\n')}
    </pre>
    <p>{t('opener.safer.shared')}</p>
  </Card>
);

const Revoking = ({ visitor }: { readonly visitor: Visitor }): ReactNode => {
  const { t } = visitor;
  return (
    <details className="card">
      <summary>{t('opener.lost')}</summary>
      <form id="revoking" hidden>
        <p>{t('opener.lost.how')}</p>
        <KeyFields visitor={visitor} id="revoke" />
        <label className="check">
          <input id="sure" type="checkbox" /> {t('opener.revoke.sure')}
        </label>
        <button className="button">{t('opener.revoke')}</button>
        <p role="status" id="revoking-status" />
      </form>
    </details>
  );
};
