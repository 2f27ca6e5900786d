export * from './bound.js';
export * from './documentation.js';
export * from './entry.js';
export * from './erasure.js';
export type { Disclosure, EntryType } from './type.js';
