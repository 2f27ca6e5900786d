/** Gives queued entries their index and signs the tree (protocol section 7). One at a time, by a session lock. A crash
 *  anywhere is repaired by going on: what transaction A committed is signed next time, with the same bytes.
 *
 *  A heartbeat in the queue ends an interval: the tree is filled with chaff to a multiple of eight leaves whose last is
 *  the heartbeat. Only such sizes become public, so an interval with a bid in it looks as one without (section 4). */
import { equalBytes, toBase64 } from '@segel/encoding';
import { consistencyProof, growTiles, leafHash, rightEdgeFromTiles, type RightEdge } from '@segel/tlog';
import { Logger } from '@nestjs/common';
import type pg from 'pg';
import { failpoint } from '../failpoint.js';
import { insertLeaves } from './leaves.js';
import type { LogCopies } from './log-copies.js';
import type { LogDatabase } from './log-database.js';
import type { Signer } from './signer.js';

const BATCH = 4096;
/** Every interval ends at a multiple of so many leaves (protocol section 4: a fixed minimum of 8). */
export const INTERVAL_LEAVES = 8;
const LOCK = "hashtextextended('segel:sequencer', 0)";

type Queued = { readonly id: number; readonly data: Buffer; readonly part: 'entry' | 'chaff' | 'heartbeat' };

export class Sequencer {
  private readonly logger = new Logger('Sequencer');
  private session: pg.Client | undefined;
  private edge: RightEdge | undefined;
  /** The checkpoint of this size is stored. */
  private signedSize: number | undefined;

  constructor(
    private readonly database: LogDatabase,
    private readonly signer: Signer,
    private readonly copies: LogCopies,
    /** Every batch ends an interval, without chaff: for tests, which cannot wait. */
    private readonly unpadded: boolean,
  ) {}

  /** Becomes the sequencer, or returns false while another process is. Throws when the stored tree is not what its
   *  tiles give. */
  async start(): Promise<boolean> {
    const session = await this.database.session();
    const got = await session.query<{ locked: boolean }>(`SELECT pg_try_advisory_lock(${LOCK}) AS locked`);
    if (got.rows[0]?.locked !== true) {
      await session.end();
      return false;
    }
    session.on('error', () => (this.session = undefined));
    try {
      this.edge = await this.restore();
    } catch (error) {
      await session.end();
      throw error;
    }
    this.session = session;
    return true;
  }

  get running(): boolean {
    return this.session !== undefined;
  }

  async stop(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    await session?.end();
  }

  /** Sequences and signs what is queued. Returns the newest signed size, or undefined when nothing was new. */
  async tick(): Promise<number | undefined> {
    if (this.session === undefined || this.edge === undefined) throw new Error('the sequencer is not running');
    // What a crash left unsigned first: the end of an interval must not be passed over.
    const left = await this.sign(this.edge);
    try {
      await this.sequence(this.session, this.edge);
    } catch (error) {
      // The edge in memory may be ahead of the database now: read it again before going on.
      await this.session.query('ROLLBACK');
      this.edge = await this.restore();
      throw error;
    }
    return (await this.sign(this.edge)) ?? left;
  }

  private async restore(): Promise<RightEdge> {
    const [tree] = await this.database.query<{ size: number; root: Buffer }>('SELECT size, root FROM tlog.tree');
    if (tree === undefined) throw new Error('The tree row is missing: the database was altered.');
    const edge = await rightEdgeFromTiles(tree.size, this.database.readTile);
    if (!equalBytes(edge.root(), tree.root)) {
      throw new Error(`The tiles give another root than the tree of ${tree.size} entries: the database was altered.`);
    }
    return edge;
  }

  private async sequence(session: pg.Client, edge: RightEdge): Promise<void> {
    const { rows, endsInterval } = await this.batch(session, edge.size);
    if (rows.length === 0) return;
    failpoint('sequencer.read');
    const oldSize = edge.size;
    const hashes = rows.map(({ data }) => leafHash(data));
    const tiles = await growTiles(oldSize, hashes, this.database.readTile);
    for (const hash of hashes) edge.append(hash);

    // All at once, and COMMIT when all is answered.
    const [, grown] = await Promise.all([
      session.query('BEGIN'),
      session.query('UPDATE tlog.tree SET size = $1, root = $2 WHERE size = $3', [edge.size, edge.root(), oldSize]),
      insertLeaves(
        session,
        oldSize,
        rows.map(({ data }) => data),
        tiles,
      ),
      endsInterval ? session.query('INSERT INTO tlog.interval (size) VALUES ($1)', [edge.size]) : undefined,
      session.query('DELETE FROM tlog.queue WHERE id = ANY ($1::bigint[])', [rows.map(({ id }) => id)]),
    ]);
    if (grown.rowCount !== 1) throw new Error('another sequencer moved the tree');
    failpoint('sequencer.grown');
    await session.query('COMMIT');
    failpoint('sequencer.committed');
  }

  /** What gets an index now, in order: the entries; and when a heartbeat waits and they are all of them, chaff up to a
   *  multiple of {@link INTERVAL_LEAVES} and the heartbeat last. With too little chaff the interval stays open. */
  private async batch(session: pg.Client, size: number): Promise<{ rows: Queued[]; endsInterval: boolean }> {
    const { rows } = await session.query<Queued>(
      "SELECT id, data, part FROM tlog.queue WHERE part <> 'chaff' OR $2 ORDER BY id LIMIT $1",
      [BATCH, this.unpadded],
    );
    const entries = rows.filter(({ part }) => part === 'entry');
    if (this.unpadded) return { rows, endsInterval: rows.length > 0 };
    if (rows.length === BATCH || rows.length === entries.length) return { rows: entries, endsInterval: false };
    const over = (size + rows.length) % INTERVAL_LEAVES;
    const { rows: chaff } = await session.query<Queued>(
      "SELECT id, data, part FROM tlog.queue WHERE part = 'chaff' ORDER BY id LIMIT $1",
      [(INTERVAL_LEAVES - over) % INTERVAL_LEAVES],
    );
    if ((over + chaff.length) % INTERVAL_LEAVES !== 0) return { rows: entries, endsInterval: false };
    const beats = rows.filter(({ part }) => part === 'heartbeat');
    return { rows: [...entries, ...chaff, ...beats], endsInterval: true };
  }

  private async sign(edge: RightEdge): Promise<number | undefined> {
    const size = edge.size;
    if (size === this.signedSize) return undefined;
    const [signed] = await this.database.query<{ size: number }>('SELECT size FROM tlog.checkpoint WHERE size = $1', [
      size,
    ]);
    if (signed !== undefined) this.signedSize = size;
    if (size === 0 || signed !== undefined) return undefined;
    const last = await this.signer.last();
    const root = edge.root();
    await this.copies.keep(last.size, size);
    failpoint('sequencer.copied');
    const proof = await consistencyProof(last.size, size, this.database.readTile);
    const note = await this.signer.sign({ size, root, proof });
    failpoint('sequencer.signed');
    await this.database.query(
      'INSERT INTO tlog.checkpoint (size, note) VALUES ($1, $2) ON CONFLICT (size) DO NOTHING',
      [size, note],
    );
    this.signedSize = size;
    failpoint('sequencer.checkpoint_stored');
    this.logger.debug(`signed ${size} ${toBase64(root)}`);
    return size;
  }
}
