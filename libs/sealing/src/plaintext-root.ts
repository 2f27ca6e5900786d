/** One hash over the bid's files that lets each be shown and proved without the others (protocol section 3.8). */
import { canonicalBytes, fromBase64, taggedHash, toBase64, u32be, type Canonical } from '@segel/encoding';
import { inclusionProofOf, leafHash, treeRoot, verifyInclusion } from '@segel/tlog';
import type { SealedFile, SealJson } from './payload.js';
import { base64Of, exactly, integer, list, malformed, members } from './strict.js';

/** The document that proves one file of a bid. `salt` hides the other files from guessing and reveals nothing of them. */
export type FileProof = {
  readonly index: number;
  readonly count: number;
  readonly salt: string;
  readonly file: SealedFile;
  readonly path: readonly string[];
};

/** `plaintext_root`, 32 bytes: RFC 6962 root over the salted file descriptions in order. */
export function plaintextRoot(seal: Pick<SealJson, 'files' | 'nonce'>): Uint8Array {
  return treeRoot(leaves(seal));
}

/** The proof of the file at this index. Throws `malformed` when there is none. */
export function proveFile(seal: Pick<SealJson, 'files' | 'nonce'>, index: number): FileProof {
  const file = seal.files[index];
  if (file === undefined) throw malformed('index', 'names no file');
  return {
    index,
    count: seal.files.length,
    salt: toBase64(fileSalt(fromBase64(seal.nonce), index)),
    file,
    path: inclusionProofOf(leaves(seal), index).map(toBase64),
  };
}

/** True when the proof shows its file to be part of the bid with this plaintext root. Whoever shows the file's bytes
 *  hashes them against `proof.file`. Never throws. */
export function verifyFileProof(proof: FileProof, root: Uint8Array): boolean {
  try {
    const { index, count, salt, file, path } = parseFileProof(proof);
    const leaf = fileLeaf(fromBase64(salt), file);
    return verifyInclusion(index, count, leaf, path.map(fromBase64), root);
  } catch {
    return false;
  }
}

function parseFileProof(input: FileProof): FileProof {
  const proof = members(input as unknown as Canonical, 'proof', ['index', 'count', 'salt', 'file', 'path']);
  const file = members(proof.file, 'proof.file', ['path', 'size', 'sha256']);
  return {
    index: integer(proof.index, 'proof.index', 0, Number.MAX_SAFE_INTEGER),
    count: integer(proof.count, 'proof.count', 1, Number.MAX_SAFE_INTEGER),
    salt: base64Of(proof.salt, 'proof.salt', 32),
    file: file as unknown as SealedFile,
    path: list(proof.path, 'proof.path').map((hash, i) => base64Of(hash, `proof.path[${i}]`, 32)),
  };
}

function leaves(seal: Pick<SealJson, 'files' | 'nonce'>): readonly Uint8Array[] {
  const nonce = exactly(fromBase64(seal.nonce), 32, 'nonce');
  return seal.files.map((file, i) => fileLeaf(fileSalt(nonce, i), file));
}

function fileSalt(nonce: Uint8Array, index: number): Uint8Array {
  return taggedHash('segel/seal/filesalt/v1', nonce, u32be(index));
}

function fileLeaf(salt: Uint8Array, file: SealedFile): Uint8Array {
  return leafHash(taggedHash('segel/seal/file/v1', salt, canonicalBytes(file)));
}
