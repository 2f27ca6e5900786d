/** The opening room in sentences: the same for the page, and for the island that brings it up to date. */
import type { Schemas } from '@segel/client';
import { createHash } from 'node:crypto';
import type { Visitor } from '../http/visitor.js';
import type { Tone } from '../look/parts.js';
import type { Key } from '../words/words.js';

export type Room = {
  readonly tender: Schemas['TenderView'];
  readonly boxes: readonly Schemas['BoxView'][];
  readonly releases: readonly Schemas['PublicReleaseView'][];
  readonly minutes: Schemas['MinutesView'] | undefined;
  /** Only for the team; to everybody it is disclosed after the opening. */
  readonly readiness: readonly Schemas['ReadinessView'][];
};

type Said = { readonly text: string; readonly tone?: Tone };
export type RoomState = {
  readonly parts: Readonly<Record<string, Said>>;
  readonly shape: string;
  readonly say: string;
};

/** Ids of elements: of a group of a box, and of an opener's chair in it. */
export const groupId = (boxId: string, group: number): string => `g-${boxId}-${group}`;
export const chairId = (boxId: string, group: number, chair: number): string => `${groupId(boxId, group)}-${chair}`;
export const attestedId = (boxId: string): string => `a-${boxId}`;
/** Where nothing is closed yet, chairs are shown once for the whole tender. */
export const BEFORE = 'before';

const TEAM = ['preparer', 'approver', 'opener', 'evaluator', 'award_authority', 'reviewer'];

export async function roomOf({ api, me }: Pick<Visitor, 'api' | 'me'>, tenderId: string): Promise<Room> {
  const path = { tenderId };
  const isTeam = me?.roles.some((held) => held.tenderId === tenderId && TEAM.includes(held.role)) === true;
  const [tender, boxes, releases, minutes, readiness] = await Promise.all([
    api.call('get', '/api/tenders/{tenderId}', { path }),
    api.call('get', '/api/tenders/{tenderId}/boxes', { path }),
    api.call('get', '/api/tenders/{tenderId}/releases', { path }),
    api.find('/api/tenders/{tenderId}/opening', { path }),
    isTeam ? api.find('/api/tenders/{tenderId}/readiness', { path }) : undefined,
  ]);
  return { tender, boxes, releases, minutes, readiness: readiness ?? [] };
}

export const isCompleted = ({ minutes }: Room, boxId: string): boolean =>
  minutes?.lots.some((lot) => lot.boxId === boxId) === true;

const releasesOf = ({ releases }: Room, boxId: string, group: string): Room['releases'] =>
  releases.filter((one) => one.boxId === boxId && one.group === group);

export function groupWords({ t }: Visitor, room: Room, boxId: string, group: number): string {
  const { name, institution, k } = room.tender.terms.groups[group]!;
  return t('room.group', { institution, k, n: releasesOf(room, boxId, name).length });
}

/** An opener is a number until it acts in public; then the log and the minutes name it. */
export function chairWords({ t, f }: Visitor, room: Room, boxId: string, group: number, openerId: string): Said {
  const { tender, readiness } = room;
  const release = room.releases.find((one) => one.boxId === boxId && one.openerId === openerId);
  if (release !== undefined) {
    const words = t('room.released', { at: f.short(release.releasedAt, tender.rules.timeZone) });
    return { text: `${release.name}: ${words}`, tone: 'ok' };
  }
  const state = readiness.find((one) => one.openerId === openerId)?.state;
  const known = READY.find((one) => one === state);
  if (boxId === BEFORE && known !== undefined)
    return { text: t(`room.readiness.${known}` satisfies Key), tone: known === 'ready' ? 'ok' : 'warn' };
  return { text: t('room.not_yet'), tone: 'plain' };
}

const READY = ['ready', 'asked', 'not_asked', 'key_revoked'] as const;

export function attestedWords({ t }: Visitor, { attestations }: Schemas['BoxView']): Said {
  const yes = attestations.length > 0;
  return { text: t(yes ? 'room.attested.yes' : 'room.attested.no'), tone: yes ? 'ok' : 'plain' };
}

/** Everything that may change while somebody looks. */
export function roomState(visitor: Visitor, room: Room): RoomState {
  const { tender, boxes } = room;
  const { groups } = tender.terms;
  const parts: Record<string, Said> = {};
  const shown = boxes.length === 0 ? [BEFORE] : boxes.filter(({ id }) => !isCompleted(room, id)).map(({ id }) => id);
  for (const boxId of shown)
    for (const [group, { openerIds }] of groups.entries()) {
      if (boxId !== BEFORE) parts[groupId(boxId, group)] = { text: groupWords(visitor, room, boxId, group) };
      for (const [chair, openerId] of openerIds.entries())
        parts[chairId(boxId, group, chair)] = chairWords(visitor, room, boxId, group, openerId);
    }
  for (const box of boxes) if (shown.includes(box.id)) parts[attestedId(box.id)] = attestedWords(visitor, box);
  const shape = createHash('sha256')
    .update(JSON.stringify([tender.state, boxes.map(({ id }) => [id, isCompleted(room, id)])]))
    .digest('base64url')
    .slice(0, 12);
  const say = shown
    .filter((id) => id !== BEFORE)
    .flatMap((id) => groups.map((_, group) => groupWords(visitor, room, id, group)))
    .join('. ');
  return { parts, shape, say };
}
