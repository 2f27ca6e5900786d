export * from './bytes.js';
export * from './canonical.js';
export * from './dsse.js';
export * from './ed25519.js';
export * from './hash.js';
export * from './instant.js';
export * from './uuid.js';
