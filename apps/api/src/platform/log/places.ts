/** Where entries are in the log, for views that name them. */
import { toBase64 } from '@segel/encoding';
import type { Database } from '../database/database.js';
import { Bytes32, Integer, Text } from '../http/fields.js';

export class EntryPlaceView {
  @Text(60)
  type: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { optional: true, doc: 'Place in the log, once the public log reaches it.' })
  index?: number;

  @Bytes32()
  leafSha256: string;
}

type Row = { readonly type: string; readonly leaf: Buffer; readonly idx: number | null };

/** The clear entries of these types about a lot, in the log's order. By the index trail_tender (tender_id, id). */
export async function placesOf(
  database: Pick<Database, 'query'>,
  tenderId: string,
  lotId: string,
  types: readonly string[],
): Promise<EntryPlaceView[]> {
  const rows = await database.query<Row>(
    `SELECT t.type, t.leaf_sha256 AS leaf, e.idx FROM trail t
     LEFT JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256 AND e.idx < (SELECT max(size) FROM tlog.public_checkpoint)
     WHERE t.tender_id = $1 AND t.lot_id = $2 AND t.type = ANY($3) ORDER BY e.idx, t.id`,
    [tenderId, lotId, types],
  );
  return rows.map(({ type, leaf, idx }) => ({
    type,
    leafSha256: toBase64(leaf),
    ...(idx === null ? {} : { index: idx }),
  }));
}
