/** The campaign's examination must see each harm when there is one: here they are planted. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256, toBase64, utf8 } from '@segel/encoding';
import { RightEdge, blindedLeaf, clearLeaf, leafHash, logKeyOf, parsePolicy, signCheckpoint } from '@segel/tlog';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { cloneDatabase } from '../support/database.js';
import type { Acknowledged } from './bad-line.js';
import { Checkpoints } from './checkpoints.js';
import type { Finding } from './findings.js';
import type { Observer } from './observer.js';
import { duplicates, gaps, lostActs } from './rows.js';

const ORIGIN = 'crash.example/log';
const harms = (findings: readonly Finding[]): readonly string[] => findings.map(({ harm, what }) => `${harm}: ${what}`);

describe('the examination after a crash', () => {
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let owner: pg.Pool;
  let folder: string;

  beforeAll(async () => {
    database = await cloneDatabase();
    // One connection: what a test plants is rolled back after it.
    owner = new pg.Pool({ connectionString: database.url, max: 1 });
    folder = await mkdtemp(path.join(tmpdir(), 'segel-examination-'));
    await owner.query('BEGIN');
  });
  afterEach(async () => {
    await owner.query('ROLLBACK');
    await owner.query('BEGIN');
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const act = (route: string, ids: Partial<Acknowledged> = {}): Acknowledged => ({
    route,
    as: undefined,
    leafSha256: toBase64(new Uint8Array(randomBytes(32))),
    ...ids,
  });
  const leaf = (text: string): Uint8Array => clearLeaf(utf8(JSON.stringify({ type: text })));

  /** Entries of a log that is as the sequencer leaves it. */
  async function log(...leaves: readonly Uint8Array[]): Promise<RightEdge> {
    const edge = new RightEdge();
    for (const [idx, data] of leaves.entries()) {
      await owner.query('INSERT INTO tlog.entry (idx, data) VALUES ($1, $2)', [idx, data]);
      edge.append(leafHash(data));
    }
    await owner.query('UPDATE tlog.tree SET size = $1, root = $2', [edge.size, edge.root()]);
    return edge;
  }

  const trail = async (data: Uint8Array): Promise<unknown> =>
    owner.query(
      "INSERT INTO trail (id, type, at, actor_id, entry_sha256, leaf_sha256) VALUES ($1, 'tender.drafted', now(), 'x', $2, $2)",
      [randomUUID(), sha256(data)],
    );

  it('finds nothing in a log that is whole', async () => {
    await log(leaf('tender.drafted'), leaf('log.heartbeat'));
    await trail(leaf('tender.drafted'));
    expect(harms(await gaps(owner))).toEqual([]);
    expect(harms(await duplicates(owner, []))).toEqual([]);
    expect(harms(await lostActs(owner, []))).toEqual([]);
  });

  it('sees an acknowledged act that is nowhere, in the log and among the rows', async () => {
    const acts = [act('/bids', { bidId: randomUUID() }), act('/withdrawal', { bidId: randomUUID() }), act('/keys')];
    expect(harms(await lostActs(owner, acts))).toEqual([
      'lost: /bids: acknowledged, and not in the log',
      'lost: /withdrawal: acknowledged, and not in the log',
      'lost: /keys: acknowledged, and not in the log',
      'lost: /bids: acknowledged, and not in bid with that leaf',
      'lost: /withdrawal: acknowledged, and not in bid_withdrawal with that leaf',
    ]);
  });

  it('sees an act that was acknowledged with two leaves, and a leaf that is in the log and in the queue', async () => {
    const bidId = randomUUID();
    await log(leaf('chaff'));
    await owner.query('INSERT INTO tlog.queue (data) VALUES ($1)', [leaf('chaff')]);
    expect(harms(await duplicates(owner, [act('/bids', { bidId }), act('/bids', { bidId })]))).toEqual([
      `duplicated: /bids ${bidId} was acknowledged with two leaves`,
      `duplicated: the leaf ${toBase64(sha256(leaf('chaff')))} is in the log twice`,
    ]);
  });

  it('sees an index without an entry', async () => {
    await log(leaf('log.heartbeat'));
    await owner.query('UPDATE tlog.tree SET size = 2');
    expect(harms(await gaps(owner))).toEqual(['gapped: the log has not as many entries as its size says: 1 of 2']);
  });

  it('sees a trail without a leaf, an opening without a leaf, and an entry without a trail', async () => {
    const commitment = new Uint8Array(randomBytes(32));
    await log(leaf('tender.drafted'), blindedLeaf(new Uint8Array(randomBytes(32))));
    await trail(leaf('tender.published'));
    await owner.query("INSERT INTO tlog.opening (commitment, salt, entry_bytes) VALUES ($1, $1, '{}')", [commitment]);
    expect(harms(await gaps(owner))).toEqual([
      expect.stringContaining('gapped: no leaf for the trail’s tender.drafted'),
      `gapped: no leaf for the opening ${Buffer.from(commitment).toString('hex')}`,
      'gapped: nothing in the trail for the entry 0',
      'gapped: nothing in the trail for the entry 1',
    ]);
  });

  it('sees a checkpoint of another history, whoever holds it', async () => {
    const seed = new Uint8Array(randomBytes(32));
    const policy = parsePolicy(`log ${logKeyOf({ name: ORIGIN, seed }).vkey}\nquorum none\n`);
    const edge = await log(leaf('log.heartbeat'));
    const other = new RightEdge();
    other.append(leafHash(leaf('chaff')));
    const sign = (tree: RightEdge): string =>
      signCheckpoint({ origin: ORIGIN, size: tree.size, root: tree.root() }, { name: ORIGIN, seed });
    const paths = { dataDir: folder, objects: path.join(folder, 'objects'), witness: path.join(folder, 'witness') };
    const observed = { notes: new Set([sign(edge)]) } as unknown as Observer;
    expect(harms(await new Checkpoints(owner, policy, paths, observed).examine())).toEqual([]);
    observed.notes.add(sign(other));
    await mkdir(path.join(paths.objects, 'log/checkpoints'), { recursive: true });
    await writeFile(path.join(paths.objects, 'log/checkpoints/1'), sign(other));
    const wrong = 'a checkpoint of 1 entries that is no prefix of the log';
    expect(harms(await new Checkpoints(owner, policy, paths, observed).examine())).toEqual([
      `nonPrefix: the object store keeps ${wrong}`,
      `nonPrefix: an observer was shown ${wrong}`,
    ]);
  });
});
