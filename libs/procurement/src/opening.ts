/** When shares may be released, and when they may be combined (protocol section 6). */
import { compareBytes, concatBytes, formatInstant, fromBase64, sha256, toBase64 } from '@segel/encoding';
import type { CanonicalObject } from '@segel/encoding';
import { addDays, type Calendar } from './calendar.js';
import { demand } from './refusal.js';
import type { EnvelopeKind, LotState } from './tender.js';

/** What must be true of a box before anybody releases a share. */
export type ReleaseGate = {
  readonly lotState: LotState;
  readonly deadlineAt: Date;
  readonly attestation: 'required' | 'waived';
  readonly attestations: number;
  /** Bids of the box whose sealed files may still come: see isAwaited. */
  readonly awaited: number;
  /** The quorum saw the closed box within the notice's tolerance after the deadline. */
  readonly witnessedInTime: boolean;
};

/** Throws `box_not_closed`, `wrong_state`, `box_not_attested`, `ciphertext_awaited` or `box_not_witnessed`. An opener's own client asks the
 *  same of the log alone; this is the server's own answer, which no opener has to believe. */
export function demandReleasable(gate: ReleaseGate, now: Date): void {
  demandReadable(gate, now);
  demand(gate.witnessedInTime, 'box_not_witnessed', 'No quorum of witnesses saw the closed box in time.');
}

/** What must be true before an opener may look at the bids of a box: {@link demandReleasable} without the witnesses. */
export function demandReadable(gate: Omit<ReleaseGate, 'witnessedInTime'>, now: Date): void {
  const { lotState: state, deadlineAt } = gate;
  const early = now < deadlineAt || state === 'tendering' || state === 'closing';
  demand(!early, 'box_not_closed', 'The box is not closed yet.', { deadline: formatInstant(deadlineAt) });
  demand(state === 'closed', 'wrong_state', 'The lot is not waiting for its opening.', { state });
  const attested = gate.attestation === 'waived' || gate.attestations > 0;
  demand(attested, 'box_not_attested', 'No auditor has attested that the box is complete.');
  demand(
    gate.awaited === 0,
    'ciphertext_awaited',
    'Sealed files of the box may still come: nothing is released before.',
  );
}

/** True when k openers of every group have released: before that nothing is combined on anybody's word. */
export function everyGroupReleased(
  groups: readonly { readonly name: string; readonly k: number }[],
  releases: readonly { readonly groupName: string }[],
): boolean {
  return groups.every(({ name, k }) => releases.filter((release) => release.groupName === name).length >= k);
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Openers have so many days of the pack after the deadline; vendors so many after that to disclose their seeds. */
const RELEASE_DAYS = 2;
const DISCLOSURE_DAYS = 2;

/** When openers who have not released have failed, and when the opening goes on without the bids it cannot open.
 *  @param from when the box may be opened at the latest: see openableAt */
export function openingWindows(
  from: Date,
  calendar: Calendar,
): { readonly releaseEndAt: Date; readonly disclosureEndAt: Date } {
  const releaseEndAt = addDays(from, RELEASE_DAYS, calendar);
  return { releaseEndAt, disclosureEndAt: addDays(releaseEndAt, DISCLOSURE_DAYS, calendar) };
}

/** How an opener of the notice stands: `ready` has answered the newest challenge, `asked` has not yet. */
export type OpenerReadiness = 'ready' | 'asked' | 'not_asked' | 'key_revoked';

/** The readiness that follows from the pinned key and the newest challenge to it. */
export function openerReadiness(opener: {
  readonly keyHolds: boolean;
  readonly askedAt?: Date | undefined;
  readonly provedAt?: Date | undefined;
}): OpenerReadiness {
  if (!opener.keyHolds) return 'key_revoked';
  if (opener.askedAt === undefined) return 'not_asked';
  return opener.provedAt === undefined ? 'asked' : 'ready';
}

/** An opener has a quarter of a day of the pack to answer before the officers hear of it. */
export function isOverdue(askedAt: Date, calendar: Calendar, now: Date): boolean {
  return now.getTime() >= askedAt.getTime() + (calendar.dayMs ?? DAY_MS) / 4;
}

/** True when the box may be combined: no sealed file is awaited, the box is attested as its pack asks (a box without a
 *  bid to open needs no release, which would have asked for it), and every bid can be opened, by shares or by its vendor's own seed; or every group
 *  has released, openers complained about some bids' wraps, and their vendors let the time for disclosing pass. So
 *  neither a vendor with a broken wrap nor an opener with a false complaint holds up the others. A void bid counts as
 *  covered: it is not opened. */
export function mayCombine(given: {
  readonly awaited: number;
  readonly attested: boolean;
  readonly everyBidCovered: boolean;
  readonly everyGroupReleased: boolean;
  readonly disclosureEndAt: Date;
  readonly now: Date;
}): boolean {
  if (given.awaited > 0 || !given.attested) return false;
  return given.everyBidCovered || (given.everyGroupReleased && given.now >= given.disclosureEndAt);
}

/** Sets larger than this are named by their hash alone, to stay within a clear entry's 16 KiB. */
export const LISTED_COMMITMENTS = 300;

/** The body of `opening.share_released` that an opener signs. Commitments are those of the box's bids (base64, any
 *  order); the list is sorted bytewise, its hash is SHA-256 over the 32-byte commitments in that order. `complaints`
 *  are those whose wrap did not hold the committed share: the re-deal will say who lied. `sharesRoot` (base64, of
 *  libs/sealing `sentSharesRoot`) binds the shares themselves, so that a wrong one is provably the opener's. */
export function shareReleaseBody(release: {
  readonly lotId: string;
  readonly envelope: EnvelopeKind;
  readonly openerId: string;
  readonly group: string;
  readonly commitments: readonly string[];
  readonly complaints?: readonly string[];
  readonly sharesRoot?: string | undefined;
}): CanonicalObject {
  const sorted = release.commitments.map(fromBase64).sort(compareBytes);
  const complaints = (release.complaints ?? []).map(fromBase64).sort(compareBytes).map(toBase64);
  const listed = sorted.length + complaints.length <= LISTED_COMMITMENTS;
  return {
    lot_id: release.lotId,
    envelope: release.envelope,
    opener_id: release.openerId,
    group: release.group,
    commitments: listed ? sorted.map(toBase64) : [],
    commitments_sha256: toBase64(sha256(concatBytes(...sorted))),
    count: sorted.length,
    ...(complaints.length === 0 ? {} : { complaints }),
    ...(release.sharesRoot === undefined ? {} : { shares_root: release.sharesRoot }),
  };
}
