/** DSSE signatures of people and organisations (github.com/secure-systems-lab/dsse, protocol section 2). */
import { concatBytes, fromBase64, toBase64, utf8 } from './bytes.js';
import { canonicalBytes, parseCanonicalObject, type CanonicalObject } from './canonical.js';
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from './ed25519.js';

/** One signature: the signer's Ed25519 public key and the signature, both base64. */
export type Signature = { readonly key: string; readonly sig: string };

/** A signed document: `payload` is base64 of its canonical bytes. */
export type Envelope = {
  readonly payload_type: string;
  readonly payload: string;
  readonly signatures: readonly Signature[];
};

/** The payload type of a kind of document, e.g. `bid-manifest`. */
export function payloadType(kind: string): string {
  if (!/^[a-z0-9._-]+$/.test(kind)) throw new Error(`document kind ${JSON.stringify(kind)} is malformed`);
  return `application/vnd.segel.${kind}.v1+json`;
}

/** The pre-authentication encoding: `DSSEv1 SP len SP type SP len SP body`, lengths in ASCII decimal. */
export function preAuthEncoding(type: string, body: Uint8Array): Uint8Array {
  return concatBytes(utf8(`DSSEv1 ${utf8(type).length} ${type} ${body.length} `), body);
}

/** A signature over a document's canonical bytes with the Ed25519 secret seed (32 bytes), or with a program's own key. */
export function signDocument(kind: string, document: CanonicalObject, secret: Uint8Array | Ed25519Key): Signature {
  const message = preAuthEncoding(payloadType(kind), canonicalBytes(document));
  const { publicKey, sign } = ed25519Key(secret);
  return { key: toBase64(publicKey), sig: toBase64(sign(message)) };
}

/** A signing key that a program holds itself: its public key (32 bytes), and how it signs (64 bytes, RFC 8032). */
export type Ed25519Key = { readonly publicKey: Uint8Array; readonly sign: (message: Uint8Array) => Uint8Array };

/** The key of a secret seed (32 bytes); a program's own key as it is. */
export function ed25519Key(secret: Uint8Array | Ed25519Key): Ed25519Key {
  if (!(secret instanceof Uint8Array)) return secret;
  return { publicKey: ed25519PublicKey(secret), sign: (message) => ed25519Sign(secret, message) };
}

/** How a program checks one Ed25519 signature; node:crypto may be passed where it is faster. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** True when the signature is the key's own over the document as this kind. Never throws. */
export function verifyDocument(
  kind: string,
  document: CanonicalObject | Uint8Array,
  signature: Signature,
  verify: VerifyEd25519 = ed25519Verify,
): boolean {
  try {
    const body = document instanceof Uint8Array ? document : canonicalBytes(document);
    return verify(fromBase64(signature.key), preAuthEncoding(payloadType(kind), body), fromBase64(signature.sig));
  } catch {
    return false;
  }
}

/** The envelope of a document signed by one key: a secret seed (32 bytes), or a program's own key. */
export function sealEnvelope(kind: string, document: CanonicalObject, secret: Uint8Array | Ed25519Key): Envelope {
  const payload = toBase64(canonicalBytes(document));
  return { payload_type: payloadType(kind), payload, signatures: [signDocument(kind, document, secret)] };
}

/** The document of an envelope whose every signature holds and whose payload is canonical.
 *  Throws with the reason: wrong type, no signature, a bad one, or a payload that is not canonical. */
export function openEnvelope(
  kind: string,
  envelope: Envelope,
  verify: VerifyEd25519 = ed25519Verify,
): { readonly document: CanonicalObject; readonly bytes: Uint8Array; readonly keys: readonly string[] } {
  if (envelope.payload_type !== payloadType(kind)) throw new Error(`envelope is not of type ${payloadType(kind)}`);
  if (envelope.signatures.length === 0) throw new Error('envelope carries no signature');
  const bytes = fromBase64(envelope.payload);
  for (const signature of envelope.signatures) {
    if (!verifyDocument(kind, bytes, signature, verify)) throw new Error('a signature of the envelope does not hold');
  }
  return { document: parseCanonicalObject(bytes), bytes, keys: envelope.signatures.map((s) => s.key) };
}
