/** Receipts and promises: what a client holds against us (protocol section 7). */
import { formatInstant, fromBase64, sealEnvelope, type Envelope } from '@segel/encoding';
import { formatReceipt, inclusionProof, parseLeaf, type ReadTile } from '@segel/tlog';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Recorded } from '../journal/act.js';
import { PublicationWatch } from './publication-watch.js';

/** Maximum merge delay a promise states, in seconds. */
export const MERGE_DELAY_S = 60;

@Injectable()
export class Receipts {
  constructor(
    private readonly database: Database,
    private readonly watch: PublicationWatch,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Signed when the act commits, by a key the database does not hold: an entry missing after the delay is a proof
   *  against us that can be shown to anybody. */
  promise(recorded: Recorded): Envelope {
    const document = {
      v: 1,
      log_origin: this.config.settings.LOG_ORIGIN,
      commitment: recorded.commitment ?? recorded.entrySha256,
      leaf_sha256: recorded.leafSha256,
      promised_at: recorded.at,
      mmd_s: MERGE_DELAY_S,
    };
    return sealEnvelope('promise', document, this.config.settings.PROMISE_SEED);
  }

  /** A refusal that can be shown to anybody. */
  signedRefusal(code: string, tenderId: string, manifestSha256: string, at: Date): Envelope {
    const document = { v: 1, code, tender_id: tenderId, manifest_sha256: manifestSha256, at: formatInstant(at) };
    return sealEnvelope('refusal', document, this.config.settings.PROMISE_SEED);
  }

  /** The receipt of the entry with this leaf, waiting up to `waitMs` for its publication; undefined when it is not
   *  published yet. Whether the caller may see a blinded entry is for the caller's own rule. */
  async receipt(leafSha256: string, waitMs = 0): Promise<string | undefined> {
    const until = this.clock.monotonicMs() + waitMs;
    for (;;) {
      const found = await this.published(leafSha256);
      const rest = until - this.clock.monotonicMs();
      if (found !== undefined || rest <= 0) return found;
      await this.watch.next(Math.min(rest, 1000));
    }
  }

  private async published(leafSha256: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ idx: number; data: Buffer; size: number; note: string }>(
      `SELECT e.idx, e.data, p.size, p.note FROM tlog.entry e
       JOIN LATERAL (SELECT size, note FROM tlog.published WHERE size > e.idx ORDER BY size LIMIT 1) p ON true
       WHERE sha256(e.data) = $1`,
      [fromBase64(leafSha256)],
    );
    if (row === undefined) return undefined;
    const hashes = await inclusionProof(row.idx, row.size, this.readTile);
    const leaf = parseLeaf(row.data);
    if (!leaf.blinded)
      return formatReceipt({ entryBytes: leaf.entryBytes, index: row.idx, hashes, checkpoint: row.note });
    const [opening] = await this.database.query<{ salt: Buffer; entry_bytes: Buffer }>(
      'SELECT salt, entry_bytes FROM tlog.opening WHERE commitment = $1',
      [leaf.commitment],
    );
    if (opening === undefined) return undefined;
    const { salt, entry_bytes: entryBytes } = opening;
    return formatReceipt({
      salt: new Uint8Array(salt),
      entryBytes: new Uint8Array(entryBytes),
      index: row.idx,
      hashes,
      checkpoint: row.note,
    });
  }

  private readonly readTile: ReadTile = async (level, n) => {
    const [tile] = await this.database.query<{ data: Buffer }>(
      'SELECT data FROM tlog.tile WHERE level = $1 AND n = $2',
      [level, n],
    );
    if (tile === undefined) throw new Error(`tile ${level}/${n} is missing`);
    return new Uint8Array(tile.data);
  };
}
