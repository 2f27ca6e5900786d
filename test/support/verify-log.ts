import { equalBytes, sha256, toBase64 } from '@segel/encoding';
import { decodeEntry, verifyBodySignatures } from '@segel/evidence';
import {
  TILE_WIDTH,
  blindedCommitment,
  leafHash,
  parseBundle,
  parseLeaf,
  parsePolicy,
  tilePath,
  treeRoot,
  verifyCheckpoint,
} from '@segel/tlog';
import type pg from 'pg';

async function bytesOf(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Reads the published log over HTTP, recomputes its root, and opens every blinded leaf. Throws at the first thing
 *  that does not fit. */
export async function verifyWholeLog(url: string, owner: pg.Pool): Promise<void> {
  const text = async (route: string): Promise<string> => new TextDecoder().decode(await bytesOf(`${url}${route}`));
  const checkpoint = verifyCheckpoint(parsePolicy(await text('/log/policy')), await text('/log/checkpoint'));
  const leaves: Uint8Array[] = [];
  for (let n = 0; n * TILE_WIDTH < checkpoint.size; n++) {
    const width = Math.min(TILE_WIDTH, checkpoint.size - n * TILE_WIDTH);
    leaves.push(...parseBundle(await bytesOf(`${url}/log/${tilePath({ level: 'entries', n, width })}`), width));
  }
  if (!equalBytes(treeRoot(leaves.map(leafHash)), checkpoint.root))
    throw new Error('the leaves do not give the cosigned root');
  const erased = erasures(leaves);
  for (const data of leaves) await checkLeaf(data, owner, erased);
  const { rows } = await owner.query<{ count: number }>(
    'SELECT count(*) AS count FROM trail t WHERE NOT EXISTS (SELECT FROM tlog.entry e WHERE sha256(e.data) = t.leaf_sha256)',
  );
  if (Number(rows[0]?.count) !== 0) throw new Error(`${rows[0]?.count} entries of the trail are not in the log`);
}

/** Commitments whose openings were erased, as clear entries say. */
function erasures(leaves: readonly Uint8Array[]): ReadonlySet<unknown> {
  const clear = leaves.map(parseLeaf).flatMap((leaf) => (leaf.blinded ? [] : [decodeEntry(leaf.entryBytes)]));
  return new Set(clear.filter(({ type }) => type === 'opening.erased').map(({ body }) => body['commitment']));
}

async function checkLeaf(data: Uint8Array, owner: pg.Pool, erased: ReadonlySet<unknown>): Promise<void> {
  const leaf = parseLeaf(data);
  let bytes: Uint8Array;
  if (leaf.blinded) {
    const { rows } = await owner.query<{ salt: Buffer; entry_bytes: Buffer }>(
      'SELECT salt, entry_bytes FROM tlog.opening WHERE commitment = $1',
      [leaf.commitment],
    );
    if (rows[0] === undefined && erased.has(toBase64(leaf.commitment))) return;
    if (rows[0] === undefined) throw new Error('a blinded entry has no opening');
    bytes = new Uint8Array(rows[0].entry_bytes);
    if (!equalBytes(blindedCommitment(new Uint8Array(rows[0].salt), bytes), leaf.commitment))
      throw new Error('an opening is not its commitment’s');
  } else {
    bytes = leaf.entryBytes;
  }
  const entry = decodeEntry(bytes);
  if (!verifyBodySignatures(entry)) throw new Error(`a signature of ${entry.type} does not hold`);
  if (entry.type === 'chaff' || entry.type === 'log.heartbeat') return;
  const { rows } = await owner.query<{ entry_sha256: Buffer }>('SELECT entry_sha256 FROM trail WHERE id = $1', [
    entry.id,
  ]);
  if (rows[0] === undefined || !equalBytes(rows[0].entry_sha256, sha256(bytes)))
    throw new Error(`${entry.type} is not in the trail`);
}
