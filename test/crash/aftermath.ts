/** At the end, without load: the receipt of every acknowledged act, every promise, every stored object, the log as a
 *  stranger reads it over HTTP and as a static server would serve it from the object folder. */
import { ed25519PublicKey, equalBytes, openEnvelope, sha256, toBase64 } from '@segel/encoding';
import {
  RightEdge,
  TILE_WIDTH,
  blindedLeaf,
  leafHash,
  parseBundle,
  parsePolicy,
  tilePath,
  verifyCheckpoint,
  verifyReceipt,
  type Policy,
} from '@segel/tlog';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { verifyEd25519 } from '../../apps/api/src/platform/log/ed25519.js';
import { verifyWholeLog } from '../support/verify-log.js';
import type { Acknowledged, BadLine } from './bad-line.js';
import { found, type Finding } from './findings.js';

/** Requests under way at a time. */
const AT_ONCE = 8;

/** Acknowledged bids and withdrawals without a receipt that holds, and promises that are not what they say. */
export async function examineReceipts(line: BadLine, policy: Policy): Promise<readonly Finding[]> {
  const waiting = [...line.acknowledged];
  const problems: string[] = [];
  const work = async (): Promise<void> => {
    for (let act = waiting.pop(); act !== undefined; act = waiting.pop()) {
      const problem = await problemOf(line, policy, act).catch((error: unknown) => (error as Error).message);
      if (problem !== undefined) problems.push(`${act.route}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found('lost', problems);
}

async function problemOf(line: BadLine, policy: Policy, act: Acknowledged): Promise<string | undefined> {
  const { bidId, route, as, leafSha256, promise } = act;
  if (promise !== undefined) {
    const { document, keys } = openEnvelope('promise', promise, verifyEd25519);
    if (document['leaf_sha256'] !== leafSha256) return 'the promise is about another leaf';
    if (!keys.includes(toBase64(ed25519PublicKey(line.config.settings.PROMISE_SEED)))) return 'the promise is not ours';
  }
  if (bidId === undefined) return undefined;
  const tender = route.slice(0, route.indexOf('/bids'));
  const of = route.endsWith('/withdrawal') ? 'withdrawal' : 'submission';
  const receipt = await line.get(`${tender}/bids/${bidId}/receipt?waitMs=5000&of=${of}`, as);
  if (receipt.status !== 200) return `there is no receipt: ${receipt.status}`;
  const { commitment } = verifyReceipt(receipt.text, policy, verifyEd25519);
  const same = commitment !== undefined && toBase64(sha256(blindedLeaf(commitment))) === leafSha256;
  return same ? undefined : 'the receipt is about another leaf';
}

/** Objects whose bytes are not their name's, acknowledged parts and bids without their objects. */
export async function examineObjects(line: BadLine, objects: string): Promise<readonly Finding[]> {
  const problems: string[] = [];
  const stored = new Set<string>();
  const folder = path.join(objects, 'objects');
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file).replaceAll(path.sep, '');
    stored.add(name);
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    if (hash.digest('hex') !== name) problems.push(`the object ${name} holds other bytes`);
  }
  for (const part of line.storedParts)
    if (!stored.has(part)) problems.push(`the part ${part} was acknowledged and is not stored`);
  const { rows } = await line.owner.query<{ hash: string }>(
    `SELECT encode(sha256, 'hex') AS hash FROM bid_part UNION SELECT encode(manifest_object, 'hex') FROM bid
     UNION SELECT encode(sha256, 'hex') FROM opened_document`,
  );
  for (const { hash } of rows)
    if (!stored.has(hash)) problems.push(`a bid needs the object ${hash}, which is not stored`);
  return found('lost', problems);
}

/** The log over HTTP, and every public checkpoint as a file: the folder is a complete log by itself. */
export async function examinePublicLog(line: BadLine, objects: string): Promise<readonly Finding[]> {
  const problems: string[] = [];
  await verifyWholeLog(line.url, line.owner).catch((error: unknown) => problems.push((error as Error).message));
  const { rows } = await line.owner.query<{ size: number; note: string }>(
    'SELECT size, note FROM tlog.public_checkpoint',
  );
  for (const { size, note } of rows) {
    const file = path.join(objects, 'log/checkpoints', String(size));
    const kept = await readFile(file, 'utf8').catch(() => undefined);
    if (kept !== note) problems.push(`the public checkpoint of ${size} entries is not in the object store`);
  }
  problems.push(...(await staticProblems(path.join(objects, 'log'))));
  return found('gapped', problems);
}

/** Reads the folder as a stranger reads a static server. */
async function staticProblems(folder: string): Promise<readonly string[]> {
  try {
    const policy = parsePolicy(await readFile(path.join(folder, 'policy'), 'utf8'));
    const { size, root } = verifyCheckpoint(policy, await readFile(path.join(folder, 'checkpoint'), 'utf8'));
    const edge = new RightEdge();
    for (let n = 0; n * TILE_WIDTH < size; n++) {
      const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
      const bytes = await readFile(path.join(folder, tilePath({ level: 'entries', n, width })));
      for (const data of parseBundle(new Uint8Array(bytes), width)) edge.append(leafHash(data));
    }
    return equalBytes(edge.root(), root) ? [] : ['the bundles of the object folder are not those of its checkpoint'];
  } catch (error) {
    return [`the object folder is not a whole log: ${(error as Error).message}`];
  }
}

/** Temporary files a crash left: nothing points at them, and none has the name of an object. */
export async function leftovers(objects: string): Promise<number> {
  return (await readdir(path.join(objects, 'tmp')).catch(() => [])).length;
}
