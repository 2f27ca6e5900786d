/** Shares were released after the deadline, by the pinned openers, for the whole box, by enough of every group. */
import { canonicalBytes, equalBytes } from '@segel/encoding';
import type { Findings } from '../report.js';
import { text, type Box, type TenderView } from '../tender-view.js';
import { blameCheck, committedRoot, releaseBody } from './blame.js';
import type { LogEntry } from './entries.js';
import { groupOfOpener, pinnedGroups } from './openers.js';

/** Outcomes of bids that nobody opened. */
const UNOPENED = ['openers_failed', 'ciphertext_missing'];

export function releasesCheck(view: TenderView, found: Findings): void {
  for (const box of view.boxes) {
    const releases = view.ofBox(box, 'opening.share_released');
    const valid = releases.filter((release) => checkRelease(view, box, release, found));
    blameCheck(view, box, found);
    if (!view.isOpened(box.lotId)) continue;
    checkThresholds(view, box, valid, found);
    if (view.noticeAt(box.index) !== undefined) checkFailed(view, box, valid, found);
  }
}

function checkRelease(view: TenderView, box: Box, release: LogEntry, found: Findings): boolean {
  const { index, entry } = release;
  const { body, bodySig, at } = entry;
  const where = { entry: index, lot: box.lotId };
  const notice = view.noticeAt(box.index);
  const pinned = notice && groupOfOpener(notice, text(body, 'opener_id'));
  const signer = view.keys.holder(bodySig?.[0]?.key, index);
  if (pinned?.name !== body['group'] || signer === undefined || signer.accountId !== body['opener_id']) {
    found.error('release_signer', 'A release is not signed by an opener whom the notice pins in that group.', where);
    return false;
  }
  if (at < box.deadline) found.error('release_early', 'Shares were released before the deadline.', where);
  if (!coversBox(view, box, body)) {
    found.error('release_incomplete', 'A release does not cover exactly the bids of the box.', where);
    return false;
  }
  checkShares(view, box, release, found);
  return true;
}

/** What the opener signed of its shares are the commitments of the manifests. */
function checkShares(view: TenderView, box: Box, { index, entry: { body } }: LogEntry, found: Findings): void {
  const where = { entry: index, lot: box.lotId, field: text(body, 'opener_id') };
  if (body['shares_root'] === undefined) {
    found.warn('release_unbound', 'A release does not say which shares its opener sent.', where);
    return;
  }
  const expected = view.isOpened(box.lotId) ? committedRoot(view, box, body) : undefined;
  if (expected !== undefined && expected !== body['shares_root'])
    found.error('release_shares', 'A release was taken whose shares are not the committed ones.', where);
}

/** A release names exactly the frozen set. Before the opening only its size can be compared. */
function coversBox(view: TenderView, box: Box, body: LogEntry['entry']['body']): boolean {
  if (!view.isOpened(box.lotId)) return body['count'] === box.count;
  const expected = releaseBody(view, box, body);
  return equalBytes(canonicalBytes(expected), canonicalBytes(body));
}

/** A bid counts as failed by its openers only when in some group too few gave a share of it: else somebody dropped a
 *  bid that could be opened. */
function checkFailed(view: TenderView, box: Box, valid: readonly LogEntry[], found: Findings): void {
  const groups = pinnedGroups(view.noticeAt(box.index)!);
  for (const { index, entry } of view.ofBox(box, 'bid.opened')) {
    const commitment = text(entry.body, 'bid_commitment');
    if (entry.body['outcome'] !== 'openers_failed') continue;
    const giving = valid.filter(
      (release) => !((release.entry.body['complaints'] as readonly string[] | undefined) ?? []).includes(commitment),
    );
    const openers = (group: string): number =>
      new Set(giving.filter((release) => release.entry.body['group'] === group).map((r) => r.entry.body['opener_id']))
        .size;
    const disclosed = view
      .ofBox(box, 'opening.seed_disclosed')
      .some((one) => one.entry.body['bid_commitment'] === commitment && one.index < index);
    if (!disclosed && groups.some(({ name, k }) => openers(name) < k)) continue;
    const where = { entry: index, bid: text(entry.body, 'bid_id') };
    found.error(
      'bid_dropped',
      'A bid was left unopened although its openers, or its vendor, had given its key.',
      where,
    );
  }
}

function checkThresholds(view: TenderView, box: Box, valid: readonly LogEntry[], found: Findings): void {
  const notice = view.noticeAt(box.index);
  if (notice === undefined || box.count === 0) return;
  const opened = view.ofBox(box, 'bid.opened').filter(({ entry }) => !UNOPENED.includes(text(entry.body, 'outcome')));
  if (opened.length === 0) return;
  for (const { name, k } of pinnedGroups(notice)) {
    const openers = new Set(
      valid.filter(({ entry }) => entry.body['group'] === name).map(({ entry }) => text(entry.body, 'opener_id')),
    );
    if (openers.size < k) {
      found.error('release_threshold', `Bids were opened with ${openers.size} of ${k} releases of the group ${name}.`, {
        entry: box.index,
        lot: box.lotId,
        field: name,
      });
    }
  }
}
