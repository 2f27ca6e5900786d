/** The opening room: public, before, while and after bids are opened. */
import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Note, Summary, Table, Tag } from '../look/parts.js';
import { outcomeName } from '../tenders/outcomes.js';
import { roomIsland } from '../words/id/opening.js';
import { sentencesOf, type Key } from '../words/words.js';
import { isOpener, lotTitle } from './opener-seats.js';
import {
  attestedId,
  attestedWords,
  BEFORE,
  chairId,
  chairWords,
  groupId,
  groupWords,
  isCompleted,
  roomState,
  type Room,
} from './room-state.js';

type Props = { readonly visitor: Visitor; readonly room: Room };
type BoxProps = Props & { readonly box: Schemas['BoxView'] };

export function roomPage(visitor: Visitor, room: Room): Page {
  const { t, f, href, locale, me } = visitor;
  const { tender, boxes } = room;
  const { deadlineAt } = tender;
  const state = roomState(visitor, room);
  const address = href(`/tender/${tender.id}/pembukaan`);
  const isOver = boxes.length > 0 && boxes.every(({ id }) => isCompleted(room, id));
  const data = { locale, words: sentencesOf(locale, roomIsland), address: `${address}.json`, shape: state.shape };
  return new Page(
    `${t('room.title')}: ${tender.title}`,
    <>
      <Crumb
        visitor={visitor}
        above={[
          ['/tender', t('nav.tenders')],
          [`/tender/${tender.id}`, tender.title],
        ]}
      />
      <div className="stack">
        <h1>{t('room.title')}</h1>
        <p className="lead">{tender.title}</p>
        {me !== undefined && isOpener(me, tender.id) && (
          <Note tone="info" title={t('room.your_part')}>
            <a href={href(`/kerja/pembuka/${tender.id}`)}>{t('room.to_release')}</a>
          </Note>
        )}
        {!isOver && (
          <div>
            <p role="status" id="room-status" />
            <p className="quiet">
              <a href={address}>{t('room.refresh')}</a> · {t('room.live')}
            </p>
          </div>
        )}
        {boxes.length === 0 && deadlineAt !== undefined && (
          <>
            <Note tone="seal">{t('room.before', { at: f.moment(deadlineAt, tender.rules.timeZone) })}</Note>
            <Card id="groups" title={t('room.groups')}>
              <Chairs visitor={visitor} room={room} boxId={BEFORE} />
            </Card>
          </>
        )}
        {boxes.map((box) => (
          <BoxCard key={box.id} visitor={visitor} room={room} box={box} />
        ))}
      </div>
    </>,
    { at: '/tender', islands: isOver ? [] : [{ name: 'opening-room', data }] },
  );
}

function BoxCard({ visitor, room, box }: BoxProps): ReactNode {
  const { t, f, href } = visitor;
  const { tender } = room;
  const zone = tender.rules.timeZone;
  const lot = room.minutes?.lots.find(({ boxId }) => boxId === box.id);
  const attested = attestedWords(visitor, box);
  return (
    <Card id={`box-${box.id}`} title={t('room.box', { lot: lotTitle(tender, box.lotId) })}>
      <p>
        <Tag tone={lot === undefined ? 'seal' : 'ok'}>
          {t(lot === undefined ? 'room.state.sealed' : 'room.state.opened')}
        </Tag>
      </p>
      <Summary
        lines={[
          [t('tender.deadline'), f.moment(box.deadlineAt, zone)],
          [t('room.closed'), f.short(box.closedAt, zone)],
          [t('room.count'), f.number(box.count)],
          [
            t('room.attested'),
            <span id={attestedId(box.id)} className={`tag ${attested.tone}`}>
              {attested.text}
            </span>,
          ],
          box.index !== undefined && [
            t('tender.log'),
            <a href={href(`/audit/entri/${box.index}`)}>{t('tender.entry', { n: box.index })}</a>,
          ],
        ]}
      />
      {lot === undefined ? (
        <>
          <h3 className="after">{t('room.progress')}</h3>
          <Chairs visitor={visitor} room={room} boxId={box.id} />
        </>
      ) : (
        <MinutesOf visitor={visitor} room={room} lot={lot} />
      )}
    </Card>
  );
}

/** The openers by group; of a box with what each has done. */
function Chairs({ visitor, room, boxId }: Props & { readonly boxId: string }): ReactNode {
  const { t } = visitor;
  return room.tender.terms.groups.map(({ name, institution, k, openerIds }, group) => (
    <section key={name} aria-label={`${institution}: ${name}`}>
      <p id={boxId === BEFORE ? undefined : groupId(boxId, group)}>
        {boxId === BEFORE
          ? t('room.group.of', { institution, k, total: openerIds.length })
          : groupWords(visitor, room, boxId, group)}
      </p>
      <ul className="tasks">
        {openerIds.map((openerId, chair) => {
          const said = chairWords(visitor, room, boxId, group, openerId);
          return (
            <li key={openerId}>
              <span>{t('room.opener', { n: chair + 1 })}</span>
              <span id={chairId(boxId, group, chair)} className={`tag ${said.tone}`}>
                {said.text}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  ));
}

const ENTRIES = [
  'box.closed',
  'box.attested',
  'opening.authorised',
  'opening.share_released',
  'opening.completed',
] as const;

function MinutesOf({ visitor, room, lot }: Props & { readonly lot: Schemas['LotMinutesView'] }): ReactNode {
  const { t, f, href } = visitor;
  const zone = room.tender.rules.timeZone;
  const { opened, rejected, withdrawn } = lot;
  const institution = (group: string): string =>
    room.tender.terms.groups.find(({ name }) => name === group)?.institution ?? group;
  return (
    <>
      <h3>{t('room.minutes')}</h3>
      <p>{t('room.minutes.text', { opened, rejected, withdrawn, at: f.moment(lot.completedAt, zone) })}</p>
      {lot.bids.length === 0 ? (
        <p>{t('room.none')}</p>
      ) : (
        <Table
          label={t('room.minutes')}
          columns={[
            { name: t('tender.bidder') },
            { name: t('tender.sent') },
            { name: t('tender.price'), number: true },
            { name: t('tender.outcome') },
            { name: t('tender.log') },
          ]}
          rows={lot.bids.map(({ bidId, vendorName, submittedAt, total: amount, currency, outcome, index }) => ({
            key: bidId,
            cells: [
              vendorName,
              f.short(submittedAt, zone),
              amount === undefined || currency === undefined ? '' : f.money({ amount, currency }),
              <Tag tone={outcome === 'opened' ? 'ok' : 'bad'}>{outcomeName(t, outcome)}</Tag>,
              index === undefined ? (
                t('tender.entry.soon')
              ) : (
                <a href={href(`/audit/entri/${index}`)}>{t('tender.entry', { n: index })}</a>
              ),
            ],
          }))}
        />
      )}
      <h3 className="after">{t('tender.present')}</h3>
      <Summary
        lines={lot.openers.map(({ openerId, group, name, releasedAt }) => [
          institution(group),
          <span key={openerId}>{`${name}, ${f.short(releasedAt, zone)}`}</span>,
        ])}
      />
      <h3 className="after">{t('room.entries')}</h3>
      <ul>
        {lot.entries.map(({ type, index, leafSha256 }) => {
          const known = ENTRIES.find((one) => one === type);
          return (
            <li key={leafSha256}>
              {known === undefined ? type : t(`doc.entry.${known}` satisfies Key)}:{' '}
              {index === undefined ? (
                t('tender.entry.soon')
              ) : (
                <a href={href(`/audit/entri/${index}`)}>{t('tender.entry', { n: index })}</a>
              )}
            </li>
          );
        })}
      </ul>
      <p>
        <a href={href(`/tender/${room.tender.id}/berita-acara.pdf`)}>{t('doc.link.minutes')}</a>
      </p>
    </>
  );
}
