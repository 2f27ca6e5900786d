import {
  canonicalBytes,
  formatInstant,
  isUuidV7,
  parseCanonicalObject,
  parseInstant,
  verifyDocument,
  type CanonicalObject,
  type Signature,
  type VerifyEd25519,
} from '@segel/encoding';
import { AWARD_ENTRIES } from './catalogue/awards.js';
import { BID_ENTRIES } from './catalogue/bids.js';
import { LOG_ENTRIES } from './catalogue/log.js';
import { OPENING_ENTRIES } from './catalogue/openings.js';
import { PEOPLE_ENTRIES } from './catalogue/people.js';
import { TENDER_ENTRIES } from './catalogue/tenders.js';
import { checkShape } from './schema.js';
import type { EntryType } from './type.js';

const TYPES = {
  ...LOG_ENTRIES,
  ...PEOPLE_ENTRIES,
  ...TENDER_ENTRIES,
  ...BID_ENTRIES,
  ...OPENING_ENTRIES,
  ...AWARD_ENTRIES,
};
export type EntryTypeName = keyof typeof TYPES;

/** The closed list of entry types (protocol section 4). */
export const ENTRY_TYPES: { readonly [name in EntryTypeName]: EntryType } = TYPES;

export function isEntryType(name: string): name is EntryTypeName {
  return Object.hasOwn(ENTRY_TYPES, name);
}

/** Who acted: an identifier, never a name. */
export type EntryActor = { readonly kind: 'person' | 'system' | 'public'; readonly id: string };

export type Entry = {
  readonly type: EntryTypeName;
  readonly id: string;
  readonly at: Date;
  readonly actor: EntryActor;
  readonly tenderId?: string | undefined;
  readonly lotId?: string | undefined;
  readonly body: CanonicalObject;
  readonly bodySig?: readonly Signature[] | undefined;
};

/** Clear entries may hold at most this many bytes (protocol section 4). */
export const CLEAR_ENTRY_LIMIT = 16 * 1024;
const BLINDED_ENTRY_LIMIT = 60 * 1024;

function checkEntry(entry: Entry, strict: boolean): void {
  const type = ENTRY_TYPES[entry.type];
  checkShape(type.body, entry.body, entry.type, strict);
  if ((entry.bodySig?.length ?? 0) < (type.signatures ?? 0)) {
    throw new Error(`${entry.type}: needs ${type.signatures} signature(s)`);
  }
}

/** The exact bytes of an entry. Throws when the body does not fit its type, a signature is missing, or it is
 *  too long. Signatures are not checked here: see {@link verifyBodySignatures}. */
export function encodeEntry(entry: Entry): Uint8Array {
  checkEntry(entry, true);
  const { type, id, at, actor, tenderId, lotId, body, bodySig } = entry;
  const bytes = canonicalBytes({
    v: 1,
    type,
    id,
    at: formatInstant(at),
    actor: { kind: actor.kind, id: actor.id },
    body,
    ...(tenderId === undefined ? {} : { tender_id: tenderId }),
    ...(lotId === undefined ? {} : { lot_id: lotId }),
    ...(bodySig === undefined ? {} : { body_sig: bodySig.map(({ key, sig }) => ({ key, sig })) }),
  });
  const limit = ENTRY_TYPES[type].form === 'clear' ? CLEAR_ENTRY_LIMIT : BLINDED_ENTRY_LIMIT;
  if (bytes.length > limit) throw new Error(`${type}: ${bytes.length} bytes, more than ${limit}`);
  return bytes;
}

function textMember(document: CanonicalObject, name: string): string {
  const value = document[name];
  if (typeof value !== 'string') throw new Error(`entry.${name}: missing`);
  return value;
}

/** The entry of these bytes. Throws when they are not canonical, of an unknown type or version, or do not fit
 *  the type's shape; unknown members of the body are ignored. */
export function decodeEntry(bytes: Uint8Array): Entry {
  const document = parseCanonicalObject(bytes);
  if (document['v'] !== 1) throw new Error('entry.v: not 1');
  const type = textMember(document, 'type');
  if (!isEntryType(type)) throw new Error(`entry.type: ${JSON.stringify(type)} is not in the catalogue`);
  const id = textMember(document, 'id');
  if (!isUuidV7(id)) throw new Error('entry.id: not a UUIDv7');
  const actor = document['actor'] as CanonicalObject;
  const entry: Entry = {
    type,
    id,
    at: parseInstant(textMember(document, 'at')),
    actor: { kind: textMember(actor, 'kind') as EntryActor['kind'], id: textMember(actor, 'id') },
    body: document['body'] as CanonicalObject,
    tenderId: document['tender_id'] as string | undefined,
    lotId: document['lot_id'] as string | undefined,
    bodySig: document['body_sig'] as readonly Signature[] | undefined,
  };
  checkEntry(entry, false);
  return entry;
}

/** True when every signature of the body holds over the body's canonical bytes as this entry type. */
export function verifyBodySignatures(entry: Entry, verify?: VerifyEd25519): boolean {
  return (entry.bodySig ?? []).every((signature) => verifyDocument(entry.type, entry.body, signature, verify));
}
