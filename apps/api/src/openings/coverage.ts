/** Which bids of a box can be opened: by enough shares of every group, or by the seed their vendor disclosed;
 *  and which are not to be opened at all. */
import type { Manifest, ReleasedShare } from '@segel/sealing';
import type { Database } from '../platform/database/database.js';
import type { BidToOpen } from './bid-opener.js';
import type { SealedBox } from './sealed-boxes.js';

type HeldShare = { readonly group: string; readonly x: number; readonly share: Uint8Array };
export type BidCoverage = {
  readonly shares: readonly HeldShare[];
  readonly seed: Uint8Array | undefined;
  /** Its sealed files never came: it has an outcome and is not opened. */
  readonly voided: boolean;
  readonly covered: boolean;
};
/** By bid id. Every share in it was checked against its commitment when it came. */
export type Coverage = ReadonlyMap<string, BidCoverage>;

export async function coverageOf(database: Database, { box, notice, bids }: SealedBox): Promise<Coverage> {
  const shares = await database.query<{ bid_id: string; group_name: string; x: number; share: Buffer }>(
    `SELECT s.bid_id, r.group_name, s.x, s.share FROM share s JOIN share_release r ON r.id = s.release_id
     WHERE r.box_id = $1 ORDER BY r.id`,
    [box.id],
  );
  const seeds = await database.query<{ bid_id: string; seed: Buffer }>(
    'SELECT d.bid_id, d.seed FROM seed_disclosure d JOIN box_bid m ON m.bid_id = d.bid_id WHERE m.box_id = $1',
    [box.id],
  );
  const voids = await database.query<{ bid_id: string }>(
    'SELECT v.bid_id FROM bid_void v JOIN box_bid m ON m.bid_id = v.bid_id WHERE m.box_id = $1',
    [box.id],
  );
  return new Map(
    bids.map(({ id }) => {
      const own = shares
        .filter((row) => row.bid_id === id)
        .map((row) => ({ group: row.group_name, x: row.x, share: new Uint8Array(row.share) }));
      const seed = seeds.find((row) => row.bid_id === id)?.seed;
      const enough = notice.groups.every(({ name, k }) => own.filter(({ group }) => group === name).length >= k);
      const voided = voids.some((row) => row.bid_id === id);
      const covered = enough || seed !== undefined || voided;
      return [id, { shares: own, seed: seed && new Uint8Array(seed), voided, covered }];
    }),
  );
}

/** What opens the bid. A disclosed seed comes first: the manifest is committed to it. */
export function keyOf({ seed, shares }: BidCoverage, manifest: Manifest): BidToOpen['key'] {
  if (seed !== undefined) return { seed };
  const indexed: readonly ReleasedShare[] = shares.map(({ group: name, x, share }) => ({
    group: manifest.groups.findIndex((group) => group.name === name),
    x,
    share,
  }));
  return { shares: indexed };
}
