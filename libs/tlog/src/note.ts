/** Signed notes and their keys (C2SP signed-note). */
import {
  concatBytes,
  ed25519Key,
  ed25519Verify,
  fromBase64,
  fromHex,
  sha256,
  toBase64,
  toHex,
  u8,
  utf8,
  type Ed25519Key,
  type VerifyEd25519,
} from '@segel/encoding';

/** Signature type of an Ed25519 signature over the note text: a log's. */
export const ED25519_NOTE = 0x01;
/** Signature type of a timestamped Ed25519 cosignature: a witness's (C2SP tlog-cosignature). */
export const ED25519_COSIGNATURE = 0x04;

export type SignatureType = typeof ED25519_NOTE | typeof ED25519_COSIGNATURE;

/** A key that notes are checked with; `id` is 8 hex digits, `publicKey` 32 bytes, `vkey` its text form. */
export type VerifierKey = {
  readonly name: string;
  readonly id: string;
  readonly type: SignatureType;
  readonly publicKey: Uint8Array;
  readonly vkey: string;
};

/** A key that signs: a name and the 32-byte Ed25519 seed, or a program's own key. */
export type SigningKey = { readonly name: string; readonly seed: Uint8Array | Ed25519Key };

/** One signature line: the claimed key's name and id (8 hex digits), and the signature's bytes after the id. */
export type NoteSignature = {
  readonly name: string;
  readonly id: string;
  readonly signature: Uint8Array;
  readonly line: string;
};

/** A note not yet verified. `text` ends in a newline. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };

/** A note larger than this is refused before it is looked at: room for 16 post-quantum signatures and more. */
export const MAX_NOTE_BYTES = 256 * 1024;
const MAX_SIGNATURES = 100;

// The format forbids control characters
const FORBIDDEN_IN_NAME = /[\p{White_Space}+\u0000-\u001f]/u;
// As above; newline is allowed
const FORBIDDEN_IN_NOTE = /[\u0000-\u0009\u000b-\u001f]/;

/** Throws when a key name is empty or holds white space, `+` or a control character. */
export function checkKeyName(name: string): void {
  if (name === '' || FORBIDDEN_IN_NAME.test(name) || !name.isWellFormed()) {
    throw new Error(`${JSON.stringify(name)} is not a key name`);
  }
}

/** Key id, 8 hex digits: SHA-256(name ‖ 0x0A ‖ type ‖ public key), first four bytes. */
export function keyId(name: string, type: SignatureType, publicKey: Uint8Array): string {
  return toHex(sha256(concatBytes(utf8(`${name}\n`), u8(type), publicKey)).subarray(0, 4));
}

/** The verifier key of a name, a type and a 32-byte Ed25519 public key; its text is `name+id+base64(type ‖ key)`. */
export function verifierKey(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  checkKeyName(name);
  if (publicKey.length !== 32) throw new Error('an Ed25519 public key has 32 bytes');
  const id = keyId(name, type, publicKey);
  return { name, id, type, publicKey, vkey: `${name}+${id}+${toBase64(concatBytes(u8(type), publicKey))}` };
}

/** The log key (type 0x01) that belongs to a signing key. */
export function logKeyOf(key: SigningKey): VerifierKey {
  return verifierKey(key.name, ED25519_NOTE, ed25519Key(key.seed).publicKey);
}

/** The witness key (type 0x04) that belongs to a signing key. */
export function witnessKeyOf(key: SigningKey): VerifierKey {
  return verifierKey(key.name, ED25519_COSIGNATURE, ed25519Key(key.seed).publicKey);
}

/** Parses a vkey. Throws on a malformed one, on a type other than 0x01 and 0x04, and when the id is not the key's. */
export function parseVkey(text: string): VerifierKey {
  const [, name, id, material] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text) ?? [];
  if (name === undefined || id === undefined || material === undefined) throw new Error('vkey is malformed');
  const bytes = fromBase64(material);
  const type = bytes[0];
  if (type !== ED25519_NOTE && type !== ED25519_COSIGNATURE) throw new Error(`vkey has the unsupported type ${type}`);
  const key = verifierKey(name, type, bytes.slice(1));
  if (key.id !== id) throw new Error('vkey has a key id that is not its key');
  return key;
}

/** A signature line without its newline: `— name base64(id ‖ signature)`. */
export function signatureLine(key: VerifierKey, signature: Uint8Array): string {
  return `— ${key.name} ${toBase64(concatBytes(fromHex(key.id), signature))}`;
}

/** A note of this text with one type-0x01 signature. The text must end in a newline. Throws when it cannot be a note's. */
export function signNote(text: string, key: SigningKey): string {
  const line = signatureLine(logKeyOf(key), ed25519Key(key.seed).sign(utf8(text)));
  const note = `${text}\n${line}\n`;
  parseNote(note);
  return note;
}

/** The note with further signature lines at its end, each once; lines are without newline. */
export function addSignatures(note: string, lines: readonly string[]): string {
  const present = new Set(parseNote(note).signatures.map((signature) => signature.line));
  const added = [...new Set(lines)].filter((line) => !present.has(line));
  const grown = note + added.map((line) => `${line}\n`).join('');
  parseNote(grown);
  return grown;
}

/** Takes a note apart; nothing is verified. Throws on control characters, on a missing blank line or final newline,
 *  on no or over 100 signatures, on a malformed signature line, and over 256 KiB. */
export function parseNote(note: string): Note {
  if (note.length > MAX_NOTE_BYTES || utf8(note).length > MAX_NOTE_BYTES) throw new Error('note is too large');
  if (FORBIDDEN_IN_NOTE.test(note)) throw new Error('note holds a control character');
  const end = note.lastIndexOf('\n\n');
  if (end < 0) throw new Error('note has no blank line before its signatures');
  if (!note.endsWith('\n') || note.length === end + 2) throw new Error('note has no signature or no final newline');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new Error('note has too many signatures');
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignatureLine) };
}

/** Parses one signature line (no newline). Throws when it is malformed. */
export function parseSignatureLine(line: string): NoteSignature {
  const [, name, encoded] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  if (name === undefined || encoded === undefined) throw new Error('signature line is malformed');
  checkKeyName(name);
  const bytes = fromBase64(encoded);
  if (bytes.length < 5) throw new Error('signature is too short');
  return { name, id: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4), line };
}

/** True when a signature line claims this key: name and id both. */
export function claimsKey(signature: NoteSignature, key: VerifierKey): boolean {
  return signature.name === key.name && signature.id === key.id;
}

/** The text of a note and which of the trusted type-0x01 keys signed it. Unknown keys are ignored. Throws when the
 *  note is malformed, when a signature claims a trusted key and fails, and when no trusted key signed. */
export function openNote(
  note: string,
  trusted: readonly VerifierKey[],
  verify: VerifyEd25519 = ed25519Verify,
): { readonly text: string; readonly signedBy: readonly VerifierKey[] } {
  const { text, signatures } = parseNote(note);
  const message = utf8(text);
  const signedBy = trusted.filter((key) => {
    if (key.type !== ED25519_NOTE) throw new Error(`key ${key.name} is not a key for notes`);
    const claimed = signatures.filter((signature) => claimsKey(signature, key));
    if (!claimed.every(({ signature }) => verify(key.publicKey, message, signature))) {
      throw new Error(`the signature of ${key.name} does not hold`);
    }
    return claimed.length > 0;
  });
  if (signedBy.length === 0) throw new Error('note is not signed by a trusted key');
  return { text, signedBy };
}
