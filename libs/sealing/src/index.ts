/** Sealed bids: from files to a ciphertext that only a quorum of every opener group can read (protocol section 3). */
export * from './errors.js';
export * from './primitives.js';
export { collect, streamOf, type ByteStream } from './chunks.js';
export {
  decodeIdentity,
  decodeRecipient,
  encodeIdentity,
  recipientOf,
  suiteOfIdentity,
  SUITES,
  type Suite,
} from './suite.js';
export {
  ENVELOPES,
  MAX_OPENERS_PER_GROUP,
  contextHash,
  contextHashText,
  parseContext,
  parseGroups,
  type ContextGroup,
  type ContextOpener,
  type ContextRules,
  type Envelope,
  type SealContext,
} from './context.js';
export { deal, seedCommitment, SEED_BYTES, type DealtGroup, type DealtShare, type Dealing } from './deal.js';
export { encryptAge, encryptAgeStream, type AgeRandomness } from './age-writer.js';
export { decryptAge, decryptAgeStream } from './age-reader.js';
export { ageFileLength } from './age-format.js';
export { MIN_PAYLOAD_BYTES, paddedLength, padme } from './padding.js';
export { BLOCK_BYTES, blockFill, memberHeader, TRAILER_BYTES } from './archive.js';
export { hashParts, PART_BYTES, PartHasher, partRoot, type PartTree } from './parts.js';
export { assertPaths, PRICE_FORM_PATH } from './paths.js';
export { type FileSink, type FileSource, type SealedFile, type SealJson } from './payload.js';
export { plaintextRoot, proveFile, verifyFileProof, type FileProof } from './plaintext-root.js';
export {
  buildManifest,
  checkManifest,
  manifestSha256,
  openManifest,
  parseManifest,
  signManifest,
  type ExpectedContext,
  type Manifest,
  type ManifestFinding,
  type ManifestGroup,
  type ManifestShare,
  type SealingClient,
} from './manifest.js';
export { isCommittedSeed, redeal, type DealingDifference, type RedealResult } from './redeal.js';
export {
  chairOf,
  combineSeed,
  isShareOf,
  openWrap,
  type Chair,
  type CombineResult,
  type MissingShares,
  type ReleasedShare,
} from './shares.js';
export { shareCommitment, SHARE_BYTES } from './share.js';
export {
  committedShare,
  proveSentShare,
  sentShareCommitment,
  sentSharesRoot,
  verifySentShare,
  type SentShareCommitment,
  type SentShareProof,
} from './share-list.js';
export {
  answerReadiness,
  isReadinessAnswer,
  makeReadinessChallenge,
  readinessContext,
  type ReadinessChallenge,
  type ReadinessSubject,
} from './readiness.js';
export { escrowSeed, openEscrow } from './escrow.js';
export { decryptWithPassphrase, encryptWithPassphrase, type PassphraseOptions } from './passphrase-file.js';
export { decryptSeedWithPassphrase, encryptSeedWithPassphrase, type KeptSeed } from './seed.js';
export {
  drawSealRandomness,
  fileOf,
  sealBid,
  sealBidInMemory,
  type SealInput,
  type SealRandomness,
  type SealResult,
  type Sealing,
} from './seal-bid.js';
export { openBid, openBidInMemory, type OpenInput, type OpenResult } from './open-bid.js';
