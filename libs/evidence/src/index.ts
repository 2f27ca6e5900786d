export * from './documentation.js';
export * from './entry.js';
export type { Disclosure, EntryType } from './type.js';
