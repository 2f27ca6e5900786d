/** Where an opener stands: on which tenders, and what waits there. */
import type { Schemas } from '@segel/client';
import type { Visitor } from '../http/visitor.js';

export type Me = Schemas['Me'];
export type Box = Schemas['BoxView'];

export type Seat = {
  readonly tender: Schemas['TenderView'];
  /** The opener's key that the server holds; undefined when there is none. */
  readonly registered: Schemas['OpenerKeyView'] | undefined;
  readonly readiness: Schemas['ReadinessView'] | undefined;
  /** A challenge waits for its answer. */
  readonly isAsked: boolean;
  readonly boxes: readonly Box[];
  readonly own: readonly Schemas['PublicReleaseView'][];
};

export type Waiting = 'key' | 'ready' | 'release';

const KEY_STATES = ['draft', 'in_approval', 'tendering'];

export const isOpener = (me: Me, tenderId: string): boolean =>
  me.roles.some((held) => held.role === 'opener' && held.tenderId === tenderId);

/** One tender as its opener sees it. */
export async function seatOf(
  { api }: Pick<Visitor, 'api'>,
  me: Me,
  tenderId: string,
  challenges: readonly Schemas['OpenChallengeView'][],
): Promise<Seat> {
  const path = { tenderId };
  const tender = await api.call('get', '/api/tenders/{tenderId}', { path });
  const isPublished = tender.publishedAt !== undefined;
  const [keys, readiness, boxes, releases] = await Promise.all([
    api.call('get', '/api/tenders/{tenderId}/opener-keys', { path }),
    isPublished ? api.find('/api/tenders/{tenderId}/readiness', { path }) : [],
    isPublished ? api.call('get', '/api/tenders/{tenderId}/boxes', { path }) : [],
    isPublished ? api.call('get', '/api/tenders/{tenderId}/releases', { path }) : [],
  ]);
  return {
    tender,
    registered: keys.find(({ openerId }) => openerId === me.id),
    readiness: readiness?.find(({ openerId }) => openerId === me.id),
    isAsked: challenges.some((challenge) => challenge.tenderId === tenderId),
    boxes,
    own: releases.filter(({ openerId }) => openerId === me.id),
  };
}

export const canMakeKey = ({ tender }: Seat): boolean => KEY_STATES.includes(tender.state);

export const releaseOf = ({ own }: Pick<Seat, 'own'>, boxId: string): Schemas['PublicReleaseView'] | undefined =>
  own.find((release) => release.boxId === boxId);

/** A box whose lot is closed and not opened, with nothing of this opener yet. */
export const isToRelease = (seat: Seat, box: Box): boolean =>
  lotState(seat.tender, box.lotId) === 'closed' && releaseOf(seat, box.id) === undefined;

export const lotState = (tender: Schemas['TenderView'], lotId: string): string | undefined =>
  tender.lots.find(({ id }) => id === lotId)?.state;

export const lotTitle = (tender: Schemas['TenderView'], lotId: string): string =>
  tender.terms.lots.find(({ id }) => id === lotId)?.title ?? lotId;

/** What the opener is waited for, the most urgent first. */
export function waitingFor(seat: Seat): readonly Waiting[] {
  const { registered, isAsked, boxes } = seat;
  return [
    ...(boxes.some((box) => isToRelease(seat, box)) ? ['release' as const] : []),
    ...(registered === undefined && canMakeKey(seat) ? ['key' as const] : []),
    ...(isAsked ? ['ready' as const] : []),
  ];
}
