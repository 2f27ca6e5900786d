/** Who is at fault for a share that was refused: the opener who signed it, or a server that says so of an opener who
 *  did not. The opener's signature covers the commitment of every share it sent; the manifest has the right ones. */
import { fromBase64, toBase64, verifyDocument, type CanonicalObject, type Signature } from '@segel/encoding';
import { shareReleaseBody, type EnvelopeKind } from '@segel/procurement';
import { committedShare, openManifest, sentSharesRoot, verifySentShare, type Manifest } from '@segel/sealing';
import type { SentShareProof } from '@segel/sealing';
import { verifyWithNode } from '../../primitives.js';
import type { Findings, Where } from '../report.js';
import { text, type Box, type TenderView } from '../tender-view.js';
import type { LogEntry } from './entries.js';
import { groupOfOpener } from './openers.js';

/** Every refused share of a box: proven to be the opener's fault, a false accusation, or not to be judged yet. */
export function blameCheck(view: TenderView, box: Box, found: Findings): void {
  for (const rejected of view.ofBox(box, 'opening.share_rejected')) {
    const { index, entry } = rejected;
    const opener = text(entry.body, 'opener_id');
    const where = { entry: index, lot: box.lotId, field: opener };
    const { release, sent } = entry.body;
    if (release === undefined || sent === undefined) {
      found.warn(
        'share_rejected',
        `A share was refused, ${text(entry.body, 'reason')}; whose fault it is is not shown.`,
        where,
      );
    } else if (!view.isOpened(box.lotId)) {
      found.warn('share_rejected', 'A share was refused; whose fault it is can be checked after the opening.', where);
    } else judge(view, box, rejected, found, where);
  }
}

function judge(view: TenderView, box: Box, { index, entry }: LogEntry, found: Findings, where: Where): void {
  const { body } = entry;
  const release = body['release'] as CanonicalObject & Signature;
  const sent = body['sent'] as unknown as SentShareProof;
  const opener = text(body, 'opener_id');
  const bid = text(body, 'bid_commitment');
  const signed = releaseBody(view, box, { ...release, opener_id: opener });
  const notice = view.noticeAt(box.index);
  const holds =
    notice !== undefined &&
    groupOfOpener(notice, opener)?.name === release['group'] &&
    view.keys.holder(release.key, index)?.accountId === opener &&
    verifyDocument('opening.share_released', signed, release, verifyWithNode) &&
    verifySentShare(fromBase64(text(release, 'shares_root')), fromBase64(bid), sent);
  const manifest = manifestOf(view, box, bid);
  const right = manifest === undefined ? undefined : committedShare(manifest, opener);
  if (!holds || right === undefined || toBase64(right) === sent.share_commitment) {
    found.error(
      'share_blame_unfounded',
      'An opener is blamed for a share that it is not shown to have sent wrong.',
      where,
    );
    return;
  }
  const sentence = `Opener ${opener} signed a share that is not the one bid ${text(body, 'bid_commitment')} is committed to.`;
  found.warn('share_wrong', sentence, where);
}

/** The body that an opener signed for a box, from what an entry says of the release. */
export function releaseBody(view: TenderView, box: Box, release: CanonicalObject): CanonicalObject {
  return shareReleaseBody({
    lotId: box.lotId,
    envelope: box.envelope as EnvelopeKind,
    openerId: text(release, 'opener_id'),
    group: text(release, 'group'),
    commitments: view.bidsOf(box).flatMap(({ commitment }) => (commitment === undefined ? [] : [commitment])),
    complaints: (release['complaints'] as readonly string[] | undefined) ?? [],
    sharesRoot: release['shares_root'] as string | undefined,
  });
}

/** The root an opener signs who sends the committed shares of all bids but those it complains about; undefined when a
 *  manifest is missing. */
export function committedRoot(view: TenderView, box: Box, release: CanonicalObject): string | undefined {
  const complaints = (release['complaints'] as readonly string[] | undefined) ?? [];
  const given = view.bidsOf(box).filter(({ commitment }) => !complaints.includes(commitment ?? ''));
  const shares = given.map(({ commitment = '' }) => {
    const manifest = manifestOf(view, box, commitment);
    const share = manifest && committedShare(manifest, text(release, 'opener_id'));
    return share && { bid: fromBase64(commitment), share };
  });
  const known = shares.filter((share) => share !== undefined);
  return known.length === shares.length ? toBase64(sentSharesRoot(known)) : undefined;
}

function manifestOf(view: TenderView, box: Box, commitment: string): Manifest | undefined {
  const bid = view.bidsOf(box).find((one) => one.commitment === commitment);
  const given = bid && view.manifest(text(bid.entry.body, 'bid_id'));
  if (bid === undefined || given === undefined) return undefined;
  try {
    const rules = { demonstration: view.pack?.demonstration === true };
    const opened = openManifest(given.envelope, rules, verifyWithNode);
    return toBase64(opened.manifestSha256) === bid.entry.body['manifest_sha256'] ? opened.manifest : undefined;
  } catch {
    return undefined;
  }
}
