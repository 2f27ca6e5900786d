/** Which bids are in the frozen box (protocol section 5): one pure function for the server and for every verifier. */
import { repeated } from './finding.js';
import { demand } from './refusal.js';
import type { Role } from './roles.js';
import type { EnvelopeKind } from './tender.js';

/** A `bid.submitted` or `bid.replaced` entry; `index` is its place in the log, hashes are base64. */
export type BidVersion = {
  readonly bidId: string;
  readonly vendorId: string;
  readonly lotId: string;
  readonly envelope: EnvelopeKind;
  readonly noticeSha256: string;
  readonly index: number;
};
/** A `bid.withdrawn` entry. */
export type BidWithdrawal = { readonly bidId: string; readonly index: number };
/** A `bid.reconfirmed` entry. */
export type BidReconfirmation = { readonly bidId: string; readonly noticeSha256: string; readonly index: number };
/** A `tender.published` or `tender.addendum` entry. */
export type Notice = { readonly noticeSha256: string; readonly resealRequired: boolean };

/** The valid bids of a tender, sorted by index: per vendor, lot and envelope the version of the highest index below
 *  `cutSize`, if it is not withdrawn below it, and is on the latest notice or was reconfirmed for it below it with no
 *  addendum in between that required sealing again. A version that was replaced never comes back.
 *  @param given.notices the tender's notices in log order, the publication first
 *  @throws Error when there is no notice or a bid id occurs twice */
export function validBids<T extends BidVersion>(given: {
  readonly versions: readonly T[];
  readonly withdrawals: readonly BidWithdrawal[];
  readonly reconfirmations: readonly BidReconfirmation[];
  readonly notices: readonly Notice[];
  readonly cutSize: number;
}): readonly T[] {
  const { cutSize, notices } = given;
  const latest = notices.at(-1);
  if (!latest) throw new Error('a box needs the notice its bids answer');
  const [twice] = repeated(given.versions.map((version) => version.bidId));
  if (twice !== undefined) throw new Error(`bid ${twice} occurs twice`);

  const inTime = <E extends { readonly index: number }>(entries: readonly E[]): readonly E[] =>
    entries.filter((entry) => entry.index < cutSize);
  const withdrawn = new Set(inTime(given.withdrawals).map((entry) => entry.bidId));
  const reconfirmed = inTime(given.reconfirmations).filter((entry) => entry.noticeSha256 === latest.noticeSha256);
  const confirms = (version: T): boolean =>
    reconfirmed.some((entry) => entry.bidId === version.bidId && entry.index > version.index) &&
    !mustReseal(version.noticeSha256, notices);

  return [...lastVersions(inTime(given.versions)).values()]
    .filter((version) => !withdrawn.has(version.bidId))
    .filter((version) => version.noticeSha256 === latest.noticeSha256 || confirms(version))
    .sort((a, b) => a.index - b.index);
}

/** Lets an auditor attest a box: an auditor by office, without any role on the tender, of an entry with its place in
 *  the log, once.
 *  @param act.tenderRoles roles the account holds on the tender
 *  @param act.boxIndex index of the entry `box.closed`; undefined while it has none
 *  @throws Refusal `not_allowed`, `role_conflict`, `box_not_closed`, `wrong_state` */
export function attestBox(act: {
  readonly roles: readonly Role[];
  readonly tenderRoles: readonly Role[];
  readonly boxIndex: number | undefined;
  readonly attestedBefore: boolean;
}): { readonly boxIndex: number } {
  demand(act.roles.includes('auditor'), 'not_allowed', 'Only an auditor attests a box.', { role: 'auditor' });
  const [held] = act.tenderRoles;
  demand(held === undefined, 'role_conflict', 'Who attests a box has no other part in the tender.', {
    held: held ?? '',
    role: 'auditor',
  });
  demand(act.boxIndex !== undefined, 'box_not_closed', 'The entry that closed the box is not in the log yet.');
  demand(!act.attestedBefore, 'wrong_state', 'You have attested this box already.');
  return { boxIndex: act.boxIndex };
}

/** True when an addendum after the notice requires bids on it to be sealed again, or the notice is unknown. */
export function mustReseal(noticeSha256: string, notices: readonly Notice[]): boolean {
  const at = notices.findIndex((notice) => notice.noticeSha256 === noticeSha256);
  return at < 0 || notices.slice(at + 1).some((notice) => notice.resealRequired);
}

function lastVersions<T extends BidVersion>(versions: readonly T[]): ReadonlyMap<string, T> {
  const last = new Map<string, T>();
  for (const version of versions) {
    const place = JSON.stringify([version.vendorId, version.lotId, version.envelope]);
    const before = last.get(place);
    if (!before || before.index < version.index) last.set(place, version);
  }
  return last;
}
