/** Receipts and promises: what a client holds against us (protocol section 7). */
import { formatInstant, fromBase64, sealEnvelope, type Ed25519Key, type Envelope } from '@segel/encoding';
import { formatReceipt, inclusionProof, parseLeaf } from '@segel/tlog';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Recorded } from '../journal/act.js';
import { signingKey } from './ed25519.js';
import { PublicationWatch } from './publication-watch.js';
import { sha256WithNode } from './sha256.js';
import { tileReader } from './tile-reader.js';

/** Maximum merge delay a promise states, in seconds. */
export const MERGE_DELAY_S = 60;

type Row = {
  readonly idx: number;
  readonly data: Buffer;
  readonly size: number;
  readonly note: string;
  readonly salt: Buffer | null;
  readonly entry_bytes: Buffer | null;
};

@Injectable()
export class Receipts {
  private readonly promiseKey: Ed25519Key;

  constructor(
    private readonly database: Database,
    private readonly watch: PublicationWatch,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.promiseKey = signingKey(config.settings.PROMISE_SEED);
  }

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
    return sealEnvelope('promise', document, this.promiseKey);
  }

  /** A refusal that can be shown to anybody. */
  signedRefusal(code: string, tenderId: string, manifestSha256: string, at: Date): Envelope {
    const document = { v: 1, code, tender_id: tenderId, manifest_sha256: manifestSha256, at: formatInstant(at) };
    return sealEnvelope('refusal', document, this.promiseKey);
  }

  /** The receipt of the entry with this leaf, waiting up to `waitMs` for its publication; undefined when it is not
   *  published yet. Whether the caller may see a blinded entry is for the caller's own rule. With `public`, under a
   *  checkpoint that ended an interval: one in between would tell how many entries came just then. */
  async receipt(
    leafSha256: string,
    waitMs = 0,
    checkpoints: 'quorum' | 'public' = 'quorum',
  ): Promise<string | undefined> {
    const until = this.clock.monotonicMs() + waitMs;
    for (;;) {
      const found = await this.published(leafSha256, checkpoints);
      const rest = until - this.clock.monotonicMs();
      if (found !== undefined || rest <= 0) return found;
      await this.watch.next(Math.min(rest, 1000));
    }
  }

  private async published(leafSha256: string, checkpoints: 'quorum' | 'public'): Promise<string | undefined> {
    const source = checkpoints === 'public' ? 'tlog.public_checkpoint' : 'tlog.published';
    const [row] = await this.database.query<Row>(
      `SELECT e.idx, e.data, p.size, p.note, o.salt, o.entry_bytes FROM tlog.entry e
       JOIN LATERAL (SELECT size, note FROM ${source} WHERE size > e.idx ORDER BY size LIMIT 1) p ON true
       LEFT JOIN tlog.opening o ON o.commitment = substring(e.data FROM 2)
       WHERE sha256(e.data) = $1`,
      [fromBase64(leafSha256)],
    );
    if (row === undefined) return undefined;
    const leaf = parseLeaf(row.data);
    const { idx: index, size, note: checkpoint, salt, entry_bytes: entryBytes } = row;
    if (leaf.blinded && (salt === null || entryBytes === null)) return undefined;
    const hashes = await inclusionProof(index, size, this.readTile, sha256WithNode);
    if (!leaf.blinded) return formatReceipt({ entryBytes: leaf.entryBytes, index, hashes, checkpoint });
    return formatReceipt({
      salt: new Uint8Array(salt!),
      entryBytes: new Uint8Array(entryBytes!),
      index,
      hashes,
      checkpoint,
    });
  }

  private readonly readTile = tileReader(<T>(sql: string, parameters: readonly unknown[]) =>
    this.database.query<T>(sql, parameters),
  );
}
