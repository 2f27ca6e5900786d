/** The openers' keys are those the notice pins, registered by the openers themselves. */
import type { ContextGroup } from '@segel/sealing';
import type { Findings } from '../report.js';
import { text, type Notice, type TenderView } from '../tender-view.js';
import type { LogEntry } from './entries.js';

type PinnedGroup = {
  readonly name: string;
  readonly k: number;
  readonly openers: readonly { readonly opener_id: string; readonly key_entry_sha256: string }[];
};

export function openersCheck(view: TenderView, found: Findings): void {
  for (const notice of view.notices) {
    for (const { openers } of pinnedGroups(notice)) {
      for (const opener of openers) checkOpener(view, notice, opener, found);
    }
  }
}

/** The groups of a notice as a bid's context states them; undefined when a pinned key is not in the log. */
export function contextGroups(view: TenderView, notice: Notice): readonly ContextGroup[] | undefined {
  const groups = pinnedGroups(notice).map(({ name, k, openers }) => ({
    name,
    k,
    openers: openers.map((opener) => ({
      opener_id: opener.opener_id,
      recipient: text(openerKey(view, opener.key_entry_sha256)?.entry.body ?? {}, 'recipient'),
    })),
  }));
  return groups.some(({ openers }) => openers.some(({ recipient }) => recipient === '')) ? undefined : groups;
}

/** The group a notice seats an opener in. */
export function groupOfOpener(notice: Notice, openerId: string): PinnedGroup | undefined {
  return pinnedGroups(notice).find(({ openers }) => openers.some((opener) => opener.opener_id === openerId));
}

export function pinnedGroups(notice: Notice): readonly PinnedGroup[] {
  return notice.entry.body['groups'] as unknown as readonly PinnedGroup[];
}

function openerKey(view: TenderView, entrySha256: string): LogEntry | undefined {
  return view.log.clear.find(
    (entry) => entry.entry.type === 'key.opener.registered' && entry.entrySha256 === entrySha256,
  );
}

function checkOpener(view: TenderView, notice: Notice, pinned: PinnedGroup['openers'][number], found: Findings): void {
  const { opener_id: openerId, key_entry_sha256: entrySha256 } = pinned;
  const registered = openerKey(view, entrySha256);
  const where = { entry: notice.index, field: openerId };
  if (registered === undefined || registered.index >= notice.index) {
    found.error('opener_key_unknown', 'The notice pins an opener key that the log has not registered before.', where);
    return;
  }
  const { body, bodySig } = registered.entry;
  if (body['opener_id'] !== openerId || body['tender_id'] !== view.tenderId) {
    found.error('opener_key_foreign', 'The notice pins a key of another opener or tender.', where);
  }
  if (body['suite'] !== notice.entry.body['suite']) {
    found.error('opener_key_suite', 'The notice pins a key of another suite.', where);
  }
  const holder = view.keys.holder(text(body, 'key'), registered.index);
  if (bodySig?.[0]?.key !== body['key'] || holder?.accountId !== openerId) {
    found.error('opener_key_unsigned', "The opener's key is not signed by the opener's own registered key.", where);
  }
  const revoked = view.log.clear.some(
    ({ index, entry }) =>
      entry.type === 'key.opener.revoked' &&
      index < notice.index &&
      index > registered.index &&
      entry.body['recipient'] === body['recipient'],
  );
  const superseded = view.log.clear.some(
    ({ index, entry }) =>
      entry.type === 'key.opener.registered' &&
      index < notice.index &&
      index > registered.index &&
      entry.body['opener_id'] === openerId &&
      entry.body['tender_id'] === view.tenderId,
  );
  if (superseded)
    found.error('opener_key_superseded', 'The notice pins a key that its opener had replaced before.', where);
  if (revoked) found.error('opener_key_revoked', 'The notice pins an opener key that was revoked before.', where);
}
