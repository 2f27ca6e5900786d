/** The manifest: the public description of one sealed bid, signed by the vendor (protocol section 3.9). */
import {
  canonicalBytes,
  canonicalize,
  openEnvelope,
  sealEnvelope,
  sha256,
  toBase64,
  type Canonical,
  type Envelope as DsseEnvelope,
  type Sha256,
  type VerifyEd25519,
} from '@segel/encoding';
import { agePlaintextLength, ageFileLength, parseHeader } from './age-format.js';
import { onlyStanza } from './age-reader.js';
import {
  canonicalDocument,
  contextHashText,
  parseContext,
  type ContextGroup,
  type ContextRules,
  type SealContext,
} from './context.js';
import type { Dealing } from './deal.js';
import { paddedLength } from './padding.js';
import { PART_BYTES, type PartTree } from './parts.js';
import { SHARE_BYTES } from './share.js';
import { base64Bytes, base64Of, instant, integer, list, malformed, members, text, version1 } from './strict.js';
import { decodeRecipient, type Suite } from './suite.js';

/** One opener's share as the manifest shows it; commitment and wrap are base64. */
export type ManifestShare = {
  readonly opener_id: string;
  readonly x: number;
  readonly commitment: string;
  readonly wrap: string;
};

export type ManifestGroup = { readonly name: string; readonly k: number; readonly shares: readonly ManifestShare[] };

/** The program that sealed, so that a faulty release can be traced to the bids it made. */
export type SealingClient = { readonly name: string; readonly version: string; readonly bundle_sha256: string };

/** The document that is hashed and signed. */
export type Manifest = {
  readonly v: 1;
  readonly context: SealContext;
  readonly ctx: string;
  readonly recipient: string;
  readonly ciphertext: {
    readonly size: number;
    readonly part_size: number;
    /** How many parts. */
    readonly parts: number;
    readonly root: string;
  };
  readonly groups: readonly ManifestGroup[];
  readonly seed_commitment: string;
  readonly sealed_at: string;
  readonly client: SealingClient;
};

const KIND = 'bid-manifest';
const REQUIRED = [
  'v',
  'context',
  'ctx',
  'recipient',
  'ciphertext',
  'groups',
  'seed_commitment',
  'sealed_at',
  'client',
] as const;
const LABEL = /^[^\p{Cc}]{1,100}$/u;

/** The manifest of a dealing and the ciphertext made with it. */
export function buildManifest(
  context: SealContext,
  dealing: Dealing,
  ciphertext: PartTree,
  sealedAt: string,
  client: SealingClient,
): Manifest {
  return {
    v: 1,
    context,
    ctx: toBase64(dealing.ctx),
    recipient: dealing.recipient,
    ciphertext: {
      size: ciphertext.size,
      part_size: PART_BYTES,
      parts: ciphertext.partHashes.length,
      root: toBase64(ciphertext.root),
    },
    groups: dealing.groups.map(({ name, k, shares }) => ({
      name,
      k,
      shares: shares.map(({ openerId, x, commitment, wrap }) => ({
        opener_id: openerId,
        x,
        commitment: toBase64(commitment),
        wrap: toBase64(wrap),
      })),
    })),
    seed_commitment: toBase64(dealing.seedCommitment),
    sealed_at: sealedAt,
    client,
  };
}

/** The manifest of a document or of its canonical bytes. Throws `malformed` naming the first member that is wrong in
 *  itself: form, unknown fields, ctx not of the context, groups not those of the context, a wrap that is no age file
 *  with one stanza of the suite, a ciphertext length that no padded payload has. */
export function parseManifest(input: unknown, rules: ContextRules = {}, hash: Sha256 = sha256): Manifest {
  const value = input instanceof Uint8Array ? canonicalDocument(input, 'manifest') : (input as Canonical);
  const fields = members(value, 'manifest', REQUIRED);
  const context = parseContext(fields.context, rules);
  const ctx = base64Of(fields.ctx, 'manifest.ctx', 32);
  if (ctx !== contextHashText(context, hash)) throw malformed('manifest.ctx', 'is not the hash of the context');
  const recipient = text(fields.recipient, 'manifest.recipient', /^age1[0-9a-z]+$/);
  decodeRecipient(context.suite, recipient, 'manifest.recipient');
  const client = members(fields.client, 'manifest.client', ['name', 'version', 'bundle_sha256']);
  return {
    v: version1(fields.v, 'manifest.v'),
    context,
    ctx,
    recipient,
    ciphertext: parseCiphertext(fields.ciphertext, context.suite),
    groups: parseManifestGroups(fields.groups, context),
    seed_commitment: base64Of(fields.seed_commitment, 'manifest.seed_commitment', 32),
    sealed_at: instant(fields.sealed_at, 'manifest.sealed_at'),
    client: {
      name: text(client.name, 'manifest.client.name', LABEL),
      version: text(client.version, 'manifest.client.version', LABEL),
      bundle_sha256: base64Of(client.bundle_sha256, 'manifest.client.bundle_sha256', 32),
    },
  };
}

/** `manifest_sha256`, 32 bytes: over the canonical payload, not over its envelope. */
export function manifestSha256(manifest: Manifest): Uint8Array {
  return sha256(canonicalBytes(manifest));
}

/** The manifest signed with the vendor's Ed25519 secret (32 bytes). */
export function signManifest(manifest: Manifest, vendorSecret: Uint8Array): DsseEnvelope {
  return sealEnvelope(KIND, manifest, vendorSecret);
}

/** The manifest of an envelope that carries exactly the signature of the key in its context. Throws `malformed`.
 *  Whether that key is the vendor's and was valid in time is for the log to say. */
export function openManifest(
  envelope: DsseEnvelope,
  rules: ContextRules = {},
  verify?: VerifyEd25519,
  hash: Sha256 = sha256,
): { readonly manifest: Manifest; readonly bytes: Uint8Array; readonly manifestSha256: Uint8Array } {
  let opened: ReturnType<typeof openEnvelope>;
  try {
    opened = openEnvelope(KIND, envelope, verify);
  } catch {
    throw malformed('manifest envelope', 'is not a signed bid manifest');
  }
  const manifest = parseManifest(opened.document, rules, hash);
  if (opened.keys.length !== 1 || opened.keys[0] !== manifest.context.vendor_key) {
    throw malformed('manifest envelope', 'is not signed by the key of the context');
  }
  return { manifest, bytes: opened.bytes, manifestSha256: hash(opened.bytes) };
}

/** What a tender pins, and what else the asker knows; members left out are not compared. */
export type ExpectedContext = Partial<Omit<SealContext, 'v' | 'replaces' | 'groups'>> & {
  readonly groups?: readonly ContextGroup[];
};

/** One member of the context that is not what the tender pins. */
export type ManifestFinding = { readonly code: 'context_mismatch'; readonly field: keyof ExpectedContext };

/** Every member in which a manifest's context differs from what is expected; none when it fits. Groups are equal
 *  when names, k, openers, recipients and their order are. */
export function checkManifest(manifest: Manifest, expected: ExpectedContext): readonly ManifestFinding[] {
  const fields = Object.keys(expected) as (keyof ExpectedContext)[];
  return fields
    .filter((field) => expected[field] !== undefined && !same(manifest.context[field], expected[field]))
    .map((field) => ({ code: 'context_mismatch', field }));
}

function same(a: Canonical, b: Canonical): boolean {
  return canonicalize(a) === canonicalize(b);
}

function parseCiphertext(value: Canonical, suite: Suite): Manifest['ciphertext'] {
  const fields = members(value, 'manifest.ciphertext', ['size', 'part_size', 'parts', 'root']);
  const size = integer(fields.size, 'manifest.ciphertext.size', 1, Number.MAX_SAFE_INTEGER);
  const plaintext = agePlaintextLength(suite, size);
  // Every honest length is one of few: another one leaks the bid's size, or marks it.
  if (plaintext === undefined || paddedLength(plaintext) !== plaintext) {
    throw malformed('manifest.ciphertext.size', 'is not the length of a padded payload');
  }
  const parts = Math.ceil(size / PART_BYTES);
  return {
    size,
    part_size: integer(fields.part_size, 'manifest.ciphertext.part_size', PART_BYTES, PART_BYTES),
    parts: integer(fields.parts, 'manifest.ciphertext.parts', parts, parts),
    root: base64Of(fields.root, 'manifest.ciphertext.root', 32),
  };
}

function parseManifestGroups(value: Canonical, context: SealContext): readonly ManifestGroup[] {
  const groups = list(value, 'manifest.groups');
  if (groups.length !== context.groups.length) throw malformed('manifest.groups', 'are not those of the context');
  return groups.map((group, g) => {
    const path = `manifest.groups[${g}]`;
    const pinned = context.groups[g]!;
    const fields = members(group, path, ['name', 'k', 'shares']);
    const shares = list(fields.shares, `${path}.shares`);
    if (fields.name !== pinned.name || fields.k !== pinned.k || shares.length !== pinned.openers.length) {
      throw malformed(path, 'is not the group of the context');
    }
    return {
      name: pinned.name,
      k: pinned.k,
      shares: shares.map((share, i) =>
        parseShare(share, `${path}.shares[${i}]`, i + 1, pinned.openers[i]!.opener_id, context.suite),
      ),
    };
  });
}

function parseShare(value: Canonical, path: string, x: number, openerId: string, suite: Suite): ManifestShare {
  const fields = members(value, path, ['opener_id', 'x', 'commitment', 'wrap']);
  if (fields.opener_id !== openerId || fields.x !== x) throw malformed(path, 'is not of the chair in the context');
  const wrap = base64Bytes(fields.wrap, `${path}.wrap`);
  if (wrap.length !== ageFileLength(suite, 1 + 32 + SHARE_BYTES) || !isWrap(suite, wrap)) {
    throw malformed(`${path}.wrap`, 'is not an age file with one stanza of the suite');
  }
  const commitment = base64Of(fields.commitment, `${path}.commitment`, 32);
  return { opener_id: openerId, x, commitment, wrap: fields.wrap as string };
}

function isWrap(suite: Suite, wrap: Uint8Array): boolean {
  try {
    const header = parseHeader(wrap);
    return header !== undefined && onlyStanza(suite, header) !== undefined;
  } catch {
    return false;
  }
}
