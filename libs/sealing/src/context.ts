/** The context of a sealed bid: everything its keys are bound to (protocol section 3). */
import {
  canonicalBytes,
  fromBase64,
  parseCanonicalObject,
  sha256,
  taggedHashWith,
  toBase64,
  type Canonical,
  type CanonicalObject,
  type Sha256,
} from '@segel/encoding';
import { base64Of, integer, list, malformed, members, text, uuid, version1, word } from './strict.js';
import { decodeRecipient, SUITES, type Suite } from './suite.js';

export type Envelope = 'single' | 'technical' | 'price';
export const ENVELOPES: readonly Envelope[] = ['single', 'technical', 'price'];

/** One opener's chair in a group: its place in the list, counted from 1, is the share's x. */
export type ContextOpener = { readonly opener_id: string; readonly recipient: string };

/** A group of openers of whom k must release; every group is needed. */
export type ContextGroup = { readonly name: string; readonly k: number; readonly openers: readonly ContextOpener[] };

/** The document that is hashed. Hashes and keys are base64, ids are UUIDv7. */
export type SealContext = {
  readonly v: 1;
  readonly suite: Suite;
  readonly log_origin: string;
  readonly tender_id: string;
  /** Entry hash of the notice in force. */
  readonly notice_sha256: string;
  readonly lot_id: string;
  readonly envelope: Envelope;
  readonly vendor_id: string;
  /** The vendor's Ed25519 public key. */
  readonly vendor_key: string;
  readonly offer_id: string;
  readonly bid_id: string;
  /** The bid_id of the version that this one replaces. */
  readonly replaces?: string;
  readonly groups: readonly ContextGroup[];
};

/** `demonstration` allows n = k, for one person trying the system out. The notice carries the mark, and the
 *  notice's hash is in the context, so the mark cannot be added afterwards. */
export type ContextRules = { readonly demonstration?: boolean };

export const MAX_OPENERS_PER_GROUP = 32;
const MAX_GROUPS = 255;
const REQUIRED = [
  'v',
  'suite',
  'log_origin',
  'tender_id',
  'notice_sha256',
  'lot_id',
  'envelope',
  'vendor_id',
  'vendor_key',
  'offer_id',
  'bid_id',
  'groups',
] as const;

// A log origin is a signed-note key name (c2sp.org/signed-note): no white space, no plus sign.
const ORIGIN = /^[^\s+\p{Cc}]{1,255}$/u;
const GROUP_NAME = /^[^\p{Cc}]{1,100}$/u;

/** The context of a document or of its canonical bytes. Throws `malformed` naming the first member that breaks a
 *  rule: unknown fields, k outside 1 ≤ k < n ≤ 32, an opener or recipient sitting twice, a recipient not of the suite. */
export function parseContext(input: unknown, rules: ContextRules = {}): SealContext {
  const value = input instanceof Uint8Array ? canonicalDocument(input, 'context') : (input as Canonical);
  const fields = members(value, 'context', REQUIRED, ['replaces']);
  const suite = word(fields.suite, 'context.suite', SUITES);
  const bidId = uuid(fields.bid_id, 'context.bid_id');
  const context: SealContext = {
    v: version1(fields.v, 'context.v'),
    suite,
    log_origin: text(fields.log_origin, 'context.log_origin', ORIGIN),
    tender_id: uuid(fields.tender_id, 'context.tender_id'),
    notice_sha256: base64Of(fields.notice_sha256, 'context.notice_sha256', 32),
    lot_id: uuid(fields.lot_id, 'context.lot_id'),
    envelope: word(fields.envelope, 'context.envelope', ENVELOPES),
    vendor_id: uuid(fields.vendor_id, 'context.vendor_id'),
    vendor_key: base64Of(fields.vendor_key, 'context.vendor_key', 32),
    offer_id: uuid(fields.offer_id, 'context.offer_id'),
    bid_id: bidId,
    ...(fields.replaces === undefined ? {} : { replaces: uuid(fields.replaces, 'context.replaces') }),
    groups: parseGroups(fields.groups, suite, rules),
  };
  if (context.replaces === bidId) throw malformed('context.replaces', 'is the bid itself');
  return context;
}

/** The opener groups of a context or of a notice, under the rules of {@link parseContext}. */
export function parseGroups(value: Canonical, suite: Suite, rules: ContextRules = {}): readonly ContextGroup[] {
  const groups = list(value, 'context.groups').map((group, g) => parseGroup(group, g, rules));
  if (groups.length < 1 || groups.length > MAX_GROUPS)
    throw malformed('context.groups', 'has a wrong number of groups');
  const openers = groups.flatMap((group) => group.openers);
  assertDistinct(
    groups.map((group) => group.name),
    'context.groups',
    'name',
  );
  assertDistinct(
    openers.map((opener) => opener.opener_id),
    'context.groups',
    'opener_id',
  );
  assertDistinct(
    openers.map((opener) => opener.recipient),
    'context.groups',
    'recipient',
  );
  groups.forEach((group, g) =>
    group.openers.forEach(({ recipient }, i) =>
      decodeRecipient(suite, recipient, `context.groups[${g}].openers[${i}].recipient`),
    ),
  );
  return groups;
}

/** `ctx = TH("segel/seal/ctx/v1", JCS(context))`, 32 bytes. */
export function contextHash(context: SealContext, hash: Sha256 = sha256): Uint8Array {
  return taggedHashWith(hash, 'segel/seal/ctx/v1', canonicalBytes(context));
}

/** The canonical document of these bytes; `malformed` instead of a parser's own error. */
export function canonicalDocument(bytes: Uint8Array, path: string): CanonicalObject {
  try {
    return parseCanonicalObject(bytes);
  } catch {
    throw malformed(path, 'is not a canonical JSON object');
  }
}

/** ctx as documents carry it. */
export function contextHashText(context: SealContext, hash: Sha256 = sha256): string {
  return toBase64(contextHash(context, hash));
}

/** The 16 bytes of a UUID, for hashes whose parts must be of fixed length. */
export function uuidBytes(id: string): Uint8Array {
  const hex = uuid(id, 'id').replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** The vendor's public key, 32 bytes. */
export function vendorKeyOf(context: SealContext): Uint8Array {
  return fromBase64(context.vendor_key);
}

function parseGroup(value: Canonical, g: number, rules: ContextRules): ContextGroup {
  const path = `context.groups[${g}]`;
  const fields = members(value, path, ['name', 'k', 'openers']);
  const openers = list(fields.openers, `${path}.openers`).map((opener, i) => {
    const opening = members(opener, `${path}.openers[${i}]`, ['opener_id', 'recipient']);
    return {
      opener_id: uuid(opening.opener_id, `${path}.openers[${i}].opener_id`),
      recipient: text(opening.recipient, `${path}.openers[${i}].recipient`, /^age1[0-9a-z]+$/),
    };
  });
  const n = openers.length;
  if (n < 1 || n > MAX_OPENERS_PER_GROUP) throw malformed(`${path}.openers`, 'has a wrong number of openers');
  // n > k leaves one opener to spare: a single lost key must not bury every bid.
  const k = integer(fields.k, `${path}.k`, 1, n);
  if (k === n && rules.demonstration !== true) throw malformed(`${path}.k`, 'must be below the number of openers');
  return { name: text(fields.name, `${path}.name`, GROUP_NAME), k, openers };
}

function assertDistinct(values: readonly string[], path: string, what: string): void {
  if (new Set(values).size !== values.length) throw malformed(path, `has one ${what} twice`);
}
