/** What the log says in clear about one tender: the only thing that clients of vendors, openers and auditors decide by. */
import { sha256, toBase64, type Signature, type VerifyEd25519 } from '@segel/encoding';
import { decodeEntry, verifyBodySignatures, type Entry, type EntryTypeName } from '@segel/evidence';
import { parseLeaf } from '@segel/tlog';
import { check, CheckFailed } from './failure.js';
import type { LogReader } from './log-reader.js';

/** A clear entry and where it stands; `sha256` (base64) is its entry hash. */
export type LoggedEntry = { readonly index: number; readonly sha256: string; readonly entry: Entry };

/** The body of `tender.published` and `tender.addendum`. Hashes are base64. */
export type NoticeBody = {
  readonly version: number;
  readonly terms_sha256: string;
  readonly title: string;
  readonly rule_pack: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly suite: 'pq1' | 'x1';
  readonly deadline: string;
  readonly policy_sha256: string;
  readonly tolerance_s: number;
  readonly lots: readonly { readonly id: string; readonly envelopes: readonly string[] }[];
  readonly groups: readonly {
    readonly name: string;
    readonly k: number;
    readonly openers: readonly { readonly opener_id: string; readonly key_entry_sha256: string }[];
  }[];
  readonly attestation_required: boolean;
  readonly reseal_required?: boolean;
};

/** The body of `box.closed`. */
export type BoxBody = {
  readonly lot_id: string;
  readonly envelope: 'single' | 'technical' | 'price';
  readonly deadline: string;
  readonly latest_notice_sha256: string;
  readonly cut_size: number;
  readonly count: number;
  readonly set_root: string;
};

/** The body of `key.opener.registered`. */
export type OpenerKeyBody = {
  readonly tender_id: string;
  readonly opener_id: string;
  readonly suite: string;
  readonly recipient: string;
  readonly key: string;
};

export type LoggedNotice = LoggedEntry & { readonly body: NoticeBody };

/** The clear entries of one tender in log order, and the keys of everybody. */
export type TenderLog = {
  readonly tenderId: string;
  readonly entries: readonly LoggedEntry[];
  readonly keys: readonly LoggedEntry[];
  readonly verify: VerifyEd25519;
};

/** Reads the whole log once, decoding only clear entries. An entry that this version does not know is passed over: it
 *  may be of a later version, and says nothing that is asked for here. */
export async function readTenderLog(log: LogReader, tenderId: string): Promise<TenderLog> {
  const entries: LoggedEntry[] = [];
  const keys: LoggedEntry[] = [];
  for await (const { index, data } of log.entries()) {
    const logged = clearEntry(index, data);
    if (logged === undefined) continue;
    if (logged.entry.type.startsWith('key.')) keys.push(logged);
    else if (logged.entry.tenderId === tenderId) entries.push(logged);
  }
  return { tenderId, entries, keys, verify: log.verify };
}

/** The entry of clear leaf data; undefined for a blinded leaf and for what this version does not know. */
export function clearEntry(index: number, data: Uint8Array): LoggedEntry | undefined {
  const leaf = parseLeaf(data);
  if (leaf.blinded) return undefined;
  try {
    return { index, sha256: toBase64(sha256(leaf.entryBytes)), entry: decodeEntry(leaf.entryBytes) };
  } catch {
    return undefined;
  }
}

export function entriesOf(tender: TenderLog, ...types: readonly EntryTypeName[]): readonly LoggedEntry[] {
  return tender.entries.filter(({ entry }) => types.includes(entry.type));
}

/** The notices in log order, each signed by two different registered keys of officials. Throws `tender_unknown` when
 *  there is none and `notice_unsigned` when a signature is missing or does not hold. */
export function noticesOf(tender: TenderLog): readonly LoggedNotice[] {
  const notices = entriesOf(tender, 'tender.published', 'tender.addendum');
  check(notices[0]?.entry.type === 'tender.published', 'tender_unknown', 'The log holds no notice of this tender.');
  return notices.map((notice) => {
    const keys = new Set((notice.entry.bodySig ?? []).map(({ key }) => key));
    const holders = [...keys].map((key) => authorityKey(tender, key, notice.index)?.entry.body['account_id']);
    // Two keys of one person are one person.
    const people = new Set(holders).size;
    check(
      people >= 2 && !holders.includes(undefined) && verifyBodySignatures(notice.entry, tender.verify),
      'notice_unsigned',
      `The notice at index ${notice.index} is not signed by two registered officials.`,
    );
    return { ...notice, body: notice.entry.body as unknown as NoticeBody };
  });
}

/** The deadline that holds: of the latest notice, or of an outage that moved it since. */
export function deadlineOf(tender: TenderLog): string {
  const said = entriesOf(tender, 'tender.published', 'tender.addendum', 'outage.recorded').map(
    ({ entry: { type, body } }) => body[type === 'outage.recorded' ? 'extended_to' : 'deadline'],
  );
  return (said.findLast((deadline) => deadline !== undefined) ?? '') as string;
}

/** The registration of an official's key that was in force at an index, self-signed; undefined when there is none. */
export function authorityKey(tender: TenderLog, key: string, index: number): LoggedEntry | undefined {
  return registeredKey(tender, 'key.authority', key, index);
}

/** The registration of a vendor's key that was in force at an index; undefined when there is none. */
export function vendorKey(tender: TenderLog, vendorId: string, key: string, index: number): LoggedEntry | undefined {
  const found = registeredKey(tender, 'key.vendor', key, index);
  return found?.entry.body['vendor_id'] === vendorId ? found : undefined;
}

function registeredKey(
  { keys, verify }: TenderLog,
  kind: 'key.authority' | 'key.vendor',
  key: string,
  index: number,
): LoggedEntry | undefined {
  const before = keys.filter((logged) => logged.index < index && logged.entry.body['key'] === key);
  const found = before.findLast(({ entry }) => entry.type === `${kind}.registered`);
  const revoked = before.findLast(({ entry }) => entry.type === `${kind}.revoked`);
  if (found === undefined || (revoked !== undefined && revoked.index > found.index)) return undefined;
  return isSignedBy(found.entry, key, verify) ? found : undefined;
}

/** The group openers as a notice pins them, with the recipients that the pinned registrations name. Throws
 *  `opener_key_unknown` or `opener_key_invalid`: somebody put another key into an opener's place. */
export function openersOf(
  tender: TenderLog,
  notice: LoggedNotice,
): readonly {
  readonly name: string;
  readonly k: number;
  readonly openers: readonly { readonly opener_id: string; readonly recipient: string }[];
}[] {
  return notice.body.groups.map(({ name, k, openers }) => ({
    name,
    k,
    openers: openers.map(({ opener_id: openerId, key_entry_sha256: pinned }) => ({
      opener_id: openerId,
      recipient: pinnedKey(tender, notice, openerId, pinned).recipient,
    })),
  }));
}

function pinnedKey(tender: TenderLog, notice: LoggedNotice, openerId: string, pinned: string): OpenerKeyBody {
  const found = tender.keys.find(({ sha256: hash }) => hash === pinned);
  if (found?.entry.type !== 'key.opener.registered' || found.index >= notice.index) {
    throw new CheckFailed('opener_key_unknown', `The log holds no key of opener ${openerId} as the notice pins it.`);
  }
  const body = found.entry.body as unknown as OpenerKeyBody;
  const fits = body.tender_id === tender.tenderId && body.opener_id === openerId && body.suite === notice.body.suite;
  const own = authorityKey(tender, body.key, found.index)?.entry.body['account_id'] === openerId;
  const signed = own && isSignedBy(found.entry, body.key, tender.verify);
  check(fits && signed, 'opener_key_invalid', `The key of opener ${openerId} was not registered by the opener.`);
  return body;
}

/** True when every signature of the entry holds and one of them is of this key. */
export function isSignedBy(entry: Entry, key: string, verify: VerifyEd25519): boolean {
  const signatures: readonly Signature[] = entry.bodySig ?? [];
  return signatures.some((signature) => signature.key === key) && verifyBodySignatures(entry, verify);
}

/** The key of promises and signed refusals, as the log's first entry names it (base64). Throws CheckFailed
 *  `genesis_missing` when the log does not begin with one. */
export async function promiseKeyOf(log: LogReader): Promise<string> {
  const leaf = parseLeaf(await log.entry(0));
  const entry = leaf.blinded ? undefined : decodeEntry(leaf.entryBytes);
  const key = entry?.type === 'log.genesis' ? entry.body['promise_key'] : undefined;
  check(typeof key === 'string', 'genesis_missing', 'The log does not begin with an entry that names its promise key.');
  return key;
}
