export type { ImportedBid } from './bids.js';
export * from './import.js';
