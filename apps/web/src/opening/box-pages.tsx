/** A closed box before those who act on it: the opener who releases, the auditor who attests. */
import { RELEASE_CONDITIONS } from '@segel/acts';
import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Hash, Note, Summary, Tag } from '../look/parts.js';
import type { Key } from '../words/words.js';
import { islandBasics, KeyFields, NeedsScript } from './opener-parts.js';
import { lotState, lotTitle, releaseOf, type Box, type Me, type Seat } from './opener-seats.js';

type Tender = Schemas['TenderView'];
type Acting = { readonly visitor: Visitor; readonly me: Me; readonly tender: Tender; readonly box: Box };

export function releasePage(visitor: Visitor, me: Me, seat: Seat, box: Box, done: string | undefined): Page {
  const { t, f, href } = visitor;
  const { tender } = seat;
  const title = t('release.title', { lot: lotTitle(tender, box.lotId) });
  const release = releaseOf(seat, box.id);
  const zone = tender.rules.timeZone;
  const links = [
    ['/kerja', t('nav.work')],
    ['/kerja/pembuka', t('open.title')],
    [`/kerja/pembuka/${tender.id}`, tender.title],
  ] as const;
  const body = (
    <>
      <Crumb visitor={visitor} above={links} />
      <div className="stack">
        <h1>{title}</h1>
        {done !== undefined && <Note tone="ok">{t('release.done')}</Note>}
        {done === 'keberatan' && <Note tone="warn">{t('release.done.complaints')}</Note>}
        {release !== undefined && <p>{t('release.earlier', { at: f.moment(release.releasedAt, zone) })}</p>}
        {release === undefined && <Releasing visitor={visitor} me={me} tender={tender} box={box} />}
        <p>
          <a href={href(`/tender/${tender.id}/pembukaan`)}>{t('release.room')}</a>
        </p>
      </div>
    </>
  );
  const here = `/kerja/pembuka/${tender.id}/kotak/${box.id}`;
  const island = islandOf({ visitor, me, tender, box }, 'release', here);
  return new Page(title, body, { at: '/kerja', islands: release === undefined ? [island] : [] });
}

function islandOf({ visitor, me, tender, box }: Acting, act: 'release' | 'attest', here: string) {
  const data = {
    ...islandBasics(visitor, me),
    act,
    tenderId: tender.id,
    boxId: box.id,
    conditions: RELEASE_CONDITIONS,
    here: visitor.href(here),
  };
  return { name: 'box-desk', data };
}

const CONDITIONS = Object.keys(RELEASE_CONDITIONS) as readonly (keyof typeof RELEASE_CONDITIONS)[];

const Releasing = ({ visitor }: Acting): ReactNode => {
  const { t } = visitor;
  return (
    <>
      <p className="lead">{t('release.lead')}</p>
      <NeedsScript visitor={visitor} />
      <Card id="conditions" title={t('release.conditions')}>
        <ul className="tasks">
          {CONDITIONS.map((name) => (
            <li key={name}>
              <span>{t(`release.${name}` satisfies Key)}</span>
              <span id={`cond-${name}`} className="tag plain">
                {t('island.unknown')}
              </span>
            </li>
          ))}
        </ul>
      </Card>
      <BoxForm visitor={visitor} button={t('release.do')} leaves={t('release.leaves')} />
    </>
  );
};

type FormProps = { readonly visitor: Visitor; readonly button: string; readonly leaves: string };

/** The island sends it: nothing of it has a name. */
const BoxForm = ({ visitor, button, leaves }: FormProps): ReactNode => {
  const { t } = visitor;
  return (
    <form id="box" className="card narrow" hidden>
      <h2>{button}</h2>
      <KeyFields visitor={visitor} id="box" />
      <details>
        <summary>{t('release.policy')}</summary>
        <div className="field">
          <label htmlFor="policy">{t('release.policy')}</label>
          <span className="quiet" id="policy-hint">
            {t('release.policy.hint')}
          </span>
          <input id="policy" type="file" accept=".txt" aria-describedby="policy-hint" />
        </div>
      </details>
      <p className="quiet">{leaves}</p>
      <button className="button">{button}</button>
      <p role="status" id="box-status" />
    </form>
  );
};

export function noBoxPage(visitor: Visitor, back: readonly [string, string]): Page {
  const { t, reply } = visitor;
  void reply.status(404);
  return new Page(
    t('release.no_box'),
    <>
      <Crumb visitor={visitor} desk above={[back]} />
      <h1>{t('release.no_box')}</h1>
      <p>{t('release.no_box.t')}</p>
    </>,
    { at: '/kerja' },
  );
}

export type Unattested = { readonly tender: Tender; readonly box: Box };

export function attestListPage(visitor: Visitor, waiting: readonly Unattested[]): Page {
  const { t, f, href } = visitor;
  return new Page(
    t('attest.title'),
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <h1>{t('attest.title')}</h1>
        <p className="lead">{t('attest.lead')}</p>
        {waiting.length === 0 ? (
          <p>{t('attest.none')}</p>
        ) : (
          <ul className="list">
            {waiting.map(({ tender, box }) => (
              <li key={box.id}>
                <h2>
                  <a href={href(`/kerja/kotak/${tender.id}/${box.id}`)}>{tender.title}</a>
                </h2>
                <p>{lotTitle(tender, box.lotId)}</p>
                <p className="quiet">
                  {t('room.closed')}: {f.short(box.closedAt, tender.rules.timeZone)}
                </p>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>,
    { at: '/kerja' },
  );
}

export function attestPage(visitor: Visitor, me: Me, { tender, box }: Unattested, done: boolean): Page {
  const { t, f, href } = visitor;
  const title = t('attest.one', { lot: lotTitle(tender, box.lotId) });
  const isOpen = box.attestations.length === 0 && lotState(tender, box.lotId) === 'closed';
  const links = [
    ['/kerja', t('nav.work')],
    ['/kerja/kotak', t('attest.title')],
  ] as const;
  const body = (
    <>
      <Crumb visitor={visitor} above={links} />
      <div className="stack">
        <h1>{title}</h1>
        {done && <Note tone="ok">{t('attest.done')}</Note>}
        {!isOpen && !done && <Note tone="info">{t('attest.already')}</Note>}
        <Summary
          lines={[
            [t('doc.tender'), <a href={href(`/tender/${tender.id}`)}>{tender.title}</a>],
            [t('room.closed'), f.moment(box.closedAt, tender.rules.timeZone)],
            [t('attest.count'), f.number(box.count)],
            [t('doc.minutes.set'), <Hash>{box.setRoot}</Hash>],
            [t('room.attested'), <AttestedTag visitor={visitor} box={box} />],
          ]}
        />
        {isOpen && <p>{t('attest.how')}</p>}
        {isOpen && me.keys.length === 0 && (
          <Note tone="warn">
            {t('sign.no_key')} <a href={href('/kerja/kunci')}>{t('sign.make_key')}</a>
          </Note>
        )}
        <NeedsScript visitor={visitor} />
        {isOpen && <BoxForm visitor={visitor} button={t('attest.do')} leaves={t('attest.safer')} />}
      </div>
    </>
  );
  const here = `/kerja/kotak/${tender.id}/${box.id}`;
  const island = islandOf({ visitor, me, tender, box }, 'attest', here);
  return new Page(title, body, { at: '/kerja', islands: isOpen ? [island] : [] });
}

const AttestedTag = ({ visitor: { t }, box }: Pick<Acting, 'visitor' | 'box'>): ReactNode =>
  box.attestations.length > 0 ? (
    <Tag tone="ok">{t('room.attested.yes')}</Tag>
  ) : (
    <Tag tone="plain">{t('room.attested.no')}</Tag>
  );
