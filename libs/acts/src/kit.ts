/** The sealing kit: everything a vendor needs to seal away from the network, checked against the log first. A server
 *  that puts its own key into an opener's place would read the bids; here it is caught. */
import { canonicalBytes, equalBytes, sha256, toBase64, utf8, type Canonical } from '@segel/encoding';
import type { Suite } from '@segel/sealing';
import { notIndependent } from '@segel/tlog';
import type { Api } from './api.js';
import { check } from './failure.js';
import type { LogReader } from './log-reader.js';
import { readBidReceipt } from './receipt.js';
import { deadlineOf, entriesOf, noticesOf, openersOf, readTenderLog } from './tender-log.js';

/** GET /api/tenders/:tenderId/kit. Hashes are base64. */
export type SealingKit = {
  readonly v: 1;
  readonly tenderId: string;
  readonly title: string;
  readonly logOrigin: string;
  readonly noticeSha256: string;
  readonly noticeReceipt?: string | null;
  readonly suite: Suite;
  readonly deadlineAt: string;
  readonly termsVersion: number;
  readonly termsSha256: string;
  readonly lots: readonly { readonly id: string; readonly title: string; readonly envelopes: readonly string[] }[];
  readonly groups: readonly {
    readonly name: string;
    readonly k: number;
    readonly openers: readonly {
      readonly openerId: string;
      readonly recipient: string;
      readonly keyEntrySha256: string;
    }[];
  }[];
  readonly policy: string;
  readonly maxBidBytes: number;
  /** Bids may be committed first; their sealed files follow until this instant. */
  readonly precommit?: { readonly graceMinutes: number; readonly ciphertextDueAt: string };
  /** The rule pack of the notice: a demonstration pack lets a group need all of its openers. Set by {@link checkKit}. */
  readonly rulePackId?: string;
};

/** A kit that held, and what else is to be said about it. */
export type CheckedKit = {
  readonly kit: SealingKit;
  readonly noticeIndex: number;
  readonly quorumTime: number | undefined;
  readonly attestationRequired: boolean;
  readonly notIndependent: boolean;
};

/** The kit as the server gives it, of the tender that was asked for: another one's, in order in the log, would seal the
 *  bid to other openers. Nothing else of it is checked. Throws `kit_differs`. */
export async function fetchKit(api: Pick<Api, 'get'>, tenderId: string): Promise<SealingKit> {
  const kit = await api.get<SealingKit>(`/api/tenders/${tenderId}/kit`);
  check(kit.tenderId === tenderId, 'kit_differs', 'The kit is of another tender.');
  return kit;
}

/** Seconds without a witnessed state of the log after which what is shown of it may be an old one. */
const OLD_S = 15 * 60;

/** True when the log that a kit was checked against was last witnessed long ago: a server can hide by an old state what
 *  came after it, a notice with other keys for instance. */
export function isOldLog({ quorumTime }: Pick<CheckedKit, 'quorumTime'>, now: Date): boolean {
  return quorumTime === undefined || now.getTime() / 1000 - quorumTime > OLD_S;
}

/** Throws CheckFailed `log_old` for such a log, unless the person said that it may be one. */
export function demandFresh(checked: Pick<CheckedKit, 'quorumTime'>, now: Date, evenOld = false): void {
  const sentence = 'The log was last witnessed more than a quarter of an hour ago, by the clock of this computer.';
  check(evenOld || !isOldLog(checked, now), 'log_old', sentence);
}

/** Compares a kit with the log: its notice is the latest of the tender, signed by two registered officials, under this
 *  policy; lots, groups, suite, deadline are the notice's, and every opener's recipient is the one the opener
 *  registered and the notice pins. Throws `policy_differs`, `notice_outdated`, `kit_differs`, `tender_cancelled` and the
 *  codes of noticesOf and openersOf. */
export async function checkKit(kit: SealingKit, log: LogReader): Promise<CheckedKit> {
  const policySha256 = toBase64(sha256(utf8(log.policy.text)));
  check(kit.policy === log.policy.text, 'policy_differs', 'The kit names another log policy than the one used here.');
  check(kit.logOrigin === log.checkpoint.origin, 'kit_differs', 'The kit names another log.');
  const tender = await readTenderLog(log, kit.tenderId);
  const notice = noticesOf(tender).at(-1)!;
  check(
    notice.sha256 === kit.noticeSha256,
    'notice_outdated',
    'The kit is not of the latest notice in the log: get it again.',
  );
  check(entriesOf(tender, 'tender.cancelled')[0] === undefined, 'tender_cancelled', 'The tender was cancelled.');
  const { body } = notice;
  check(body.policy_sha256 === policySha256, 'policy_differs', 'The notice pins another log policy.');
  same(kit.suite, body.suite, 'suite');
  same(kit.deadlineAt, deadlineOf(tender), 'deadline');
  same(kit.termsVersion, body.version, 'version of the terms');
  same(kit.termsSha256, body.terms_sha256, 'hash of the terms');
  const lots = (list: SealingKit['lots'] | typeof body.lots): Canonical =>
    list.map(({ id, envelopes }) => ({ id, envelopes }));
  same(lots(kit.lots), lots(body.lots), 'list of lots');
  const groups = kit.groups.map(({ name, k, openers }) => ({
    name,
    k,
    openers: openers.map(({ openerId, recipient }) => ({ opener_id: openerId, recipient })),
  }));
  same(groups, openersOf(tender, notice), 'keys of the openers');
  if (typeof kit.noticeReceipt === 'string') {
    const { entrySha256 } = readBidReceipt(kit.noticeReceipt, log.policy, log.verify);
    check(entrySha256 === kit.noticeSha256, 'kit_differs', 'The receipt in the kit is not of its notice.');
  }
  return {
    kit: { ...kit, rulePackId: body.rule_pack.id },
    noticeIndex: notice.index,
    quorumTime: log.checkpoint.quorumTime,
    attestationRequired: body.attestation_required,
    notIndependent: notIndependent(log.policy.text),
  };
}

function same(a: Canonical, b: Canonical, what: string): void {
  const equal = equalBytes(canonicalBytes(a), canonicalBytes(b));
  check(equal, 'kit_differs', `The ${what} in the kit is not that of the notice in the log.`);
}
