import { toBase64 } from '@segel/encoding';
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { pageOf } from '../platform/http/page.js';
import type { ErasurePage, ErasureState, ErasureView } from './erasures.dto.js';

type Row = {
  readonly id: string;
  readonly entry_id: string | null;
  readonly account_id: string | null;
  readonly reason: string;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly type: string | null;
  readonly commitment: Buffer | null;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly leaf_sha256: Buffer | null;
  readonly state: ErasureState;
};

// Every join is by a primary or unique key.
const ERASURES = `
  SELECT r.*, t.type, t.commitment, coalesce(x.confirmed_by, d.declined_by) AS decided_by,
    coalesce(x.confirmed_at, d.declined_at) AS decided_at, x.leaf_sha256,
    CASE WHEN d.request_id IS NOT NULL THEN 'declined'
      WHEN x.request_id IS NULL THEN 'requested'
      WHEN (r.entry_id IS NOT NULL AND o.commitment IS NULL) OR a.email LIKE 'erased-%@account.invalid' THEN 'erased'
      ELSE 'confirmed' END AS state
  FROM erasure_request r
  LEFT JOIN trail t ON t.id = r.entry_id
  LEFT JOIN tlog.opening o ON o.commitment = t.commitment
  LEFT JOIN account a ON a.id = r.account_id
  LEFT JOIN erasure x ON x.request_id = r.id
  LEFT JOIN erasure_decline d ON d.request_id = r.id`;

@Injectable()
export class ErasuresReads {
  constructor(private readonly database: Database) {}

  async one(requestId: string): Promise<ErasureView> {
    const [row] = await this.database.query<Row>(`${ERASURES} WHERE r.id = $1`, [requestId]);
    if (row === undefined) throw new Error(`the request ${requestId} was just stored`);
    return viewOf(row);
  }

  /** The newest first. */
  async list(after: string | undefined, limit: number): Promise<ErasurePage> {
    const rows = await this.database.query<Row>(
      `${ERASURES} WHERE $1::uuid IS NULL OR r.id < $1 ORDER BY r.id DESC LIMIT $2`,
      [after ?? null, limit + 1],
    );
    return pageOf(rows.map(viewOf), limit);
  }
}

function viewOf(row: Row): ErasureView {
  return {
    id: row.id,
    state: row.state,
    ...(row.entry_id === null ? {} : { entryId: row.entry_id }),
    ...(row.type === null ? {} : { type: row.type }),
    ...(row.commitment === null ? {} : { commitment: toBase64(row.commitment) }),
    ...(row.account_id === null ? {} : { accountId: row.account_id }),
    reason: row.reason,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at.toISOString() }),
    ...(row.leaf_sha256 === null ? {} : { leafSha256: toBase64(row.leaf_sha256) }),
  };
}
