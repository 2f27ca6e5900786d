/** What a client does for its user, the same in a browser and on the command line: checking the kit against the log,
 *  saying what a bid is, sending it, and believing nothing but a verified receipt. */
export * from './api.js';
export * from './armor.js';
export * from './attest.js';
export * from './bid.js';
export * from './bundle-reader.js';
export * from './ciphertexts.js';
export * from './failure.js';
export * from './http-api.js';
export * from './judged-promise.js';
export * from './key-ring.js';
export * from './kit.js';
export * from './log-reader.js';
export * from './log-source.js';
export * from './may-release.js';
export * from './new-keys.js';
export * from './notice.js';
export * from './opener-key.js';
export * from './promise.js';
export * from './readiness.js';
export * from './receipt.js';
export * from './release.js';
export * from './submission.js';
export * from './tender-log.js';
export * from './upload.js';
export * from './verified-tree.js';
