/** A sealing kit as a file, to be carried to a computer without a network: what was checked against the log, with the
 *  terms, and what the company's own state is there. */
import { CheckFailed } from './failure.js';
import type { SealingKit } from './kit.js';

/** The bid of a lot that stands when the kit is made: one sealed under this kit replaces it. */
export type StandingBid = { readonly lotId: string; readonly bidId: string; readonly offerId: string };

export type KitFile = {
  /** As checkKit gave it. */
  readonly kit: SealingKit;
  readonly checkedAt: string;
  readonly vendorId?: string;
  /** The published terms document, base64. */
  readonly terms?: string;
  /** Keys of the company that were registered then, base64. */
  readonly keys?: readonly string[];
  readonly standing?: readonly StandingBid[];
};

/** Reads a kit file. Its content is believed no further than the person believes the file: whoever sends the bid
 *  compares the openers with the log again. Throws CheckFailed `kit_file_malformed`. */
export function parseKitFile(text: string): KitFile {
  const parsed = json(text);
  const { kit, checkedAt } = (parsed ?? {}) as Partial<KitFile>;
  if (typeof checkedAt === 'string' && Array.isArray(kit?.lots) && Array.isArray(kit.groups)) return parsed as KitFile;
  throw new CheckFailed(
    'kit_file_malformed',
    'That is not a kit file: make one on the page of the tender, or with segel kit.',
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
