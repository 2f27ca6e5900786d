/** One entry of the log, proven here from the log's own files: the server's word is compared, never believed. */
import type { LogSource } from '@segel/acts';
import { equalBytes, sha256, toBase64 } from '@segel/encoding';
import { decodeEntry } from '@segel/evidence';
import {
  bundleEntries,
  consistencyProof,
  examineCheckpoint,
  inclusionProof,
  leafHash,
  parseLeaf,
  TILE_WIDTH,
  verifyConsistency,
  type ExaminedCheckpoint,
  type Policy,
} from '@segel/tlog';
import { doubtsOf, takeLog, takePath, takePolicy, takeWitnesses } from './path.js';
import { saidBy } from './receipt.js';
import { need, Steps, type Examination, type FactName } from './steps.js';

export type GivenEntry = {
  readonly index: number;
  readonly policy: string;
  /** SHA-256 of the leaf's data (base64) as the page shows it. */
  readonly shown: string;
  /** And as a document says it; nothing when nobody gave one. */
  readonly document: string;
  /** A checkpoint of the log that this browser kept from an earlier visit. */
  readonly known?: string;
};

type Tell = (name: FactName, value: string) => void;

export async function examineEntry(source: LogSource, given: GivenEntry): Promise<Examination> {
  const { index } = given;
  const steps = new Steps();
  const policy = await takePolicy(steps, given.policy);
  const checkpoint = await takeLog(steps, policy, () => source.checkpoint());
  await takeWitnesses(steps, policy, checkpoint);
  const data = await steps.take('leaf', async (tell) => {
    const found = await leafAt(source, index, need(checkpoint).size);
    tell('index', String(index));
    tell('data_sha256', toBase64(sha256(found)));
    tell('leaf', toBase64(leafHash(found)));
    return found;
  });
  const readTile = async (level: number, n: number, width: number): Promise<Uint8Array> =>
    source.tile({ level, n, width });
  const proof = (): Promise<readonly Uint8Array[]> => inclusionProof(index, need(checkpoint).size, readTile);
  await takePath(steps, index, data && leafHash(data), proof, checkpoint);
  await steps.take('shown', (tell) => same(tell, given.shown, need(data)));
  if (given.document !== '') await steps.take('document', (tell) => same(tell, given.document, need(data)));
  const continued = async (tell: Tell, note: string | undefined): Promise<void> =>
    demandContinued(tell, readTile, { policy: need(policy), newest: need(checkpoint), note });
  await steps.take('earlier', async (tell) => continued(tell, await source.firstCheckpoint(index + 1)));
  if (given.known !== undefined) await steps.take('known', (tell) => continued(tell, given.known));
  return {
    verdict: steps.hold ? 'proven' : 'wrong',
    steps: steps.all,
    doubts: doubtsOf(policy, checkpoint),
    ...(data === undefined ? {} : said(data, index)),
  };
}

async function leafAt(source: LogSource, index: number, size: number): Promise<Uint8Array> {
  if (index >= size) throw new Error(`the log has ${size} entries, and no entry ${index}`);
  const n = Math.floor(index / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
  return bundleEntries(await source.tile({ level: 'entries', n, width }), width)[index % TILE_WIDTH]!;
}

function same(tell: Tell, expected: string, data: Uint8Array): void {
  const computed = toBase64(sha256(data));
  tell('document', expected);
  tell('data_sha256', computed);
  if (computed !== expected) throw new Error('the fingerprints differ');
}

/** The tree of an earlier checkpoint is the beginning of the newest one's: nothing before it was changed since. */
async function demandContinued(
  tell: Tell,
  readTile: (level: number, n: number, width: number) => Promise<Uint8Array>,
  trees: { readonly policy: Policy; readonly newest: ExaminedCheckpoint; readonly note: string | undefined },
): Promise<void> {
  const { newest, note } = trees;
  const earlier = examineCheckpoint(trees.policy, need(note));
  tell('size_earlier', String(earlier.size));
  tell('root', toBase64(earlier.root));
  tell('size', String(newest.size));
  tell('root', toBase64(newest.root));
  if (earlier.origin !== newest.origin) throw new Error('the earlier state is of another log');
  if (earlier.size > newest.size) throw new Error('the log is shorter than it was');
  const proof = await consistencyProof(earlier.size, newest.size, readTile);
  const grown =
    earlier.size === newest.size
      ? equalBytes(earlier.root, newest.root)
      : verifyConsistency(earlier.size, newest.size, earlier.root, newest.root, proof);
  if (!grown) throw new Error(`the log of size ${newest.size} does not continue that of size ${earlier.size}`);
}

function said(data: Uint8Array, index: number): Pick<Examination, 'entry'> {
  try {
    const leaf = parseLeaf(data);
    return leaf.blinded ? {} : { entry: { ...saidBy(decodeEntry(leaf.entryBytes)), index } };
  } catch {
    return {};
  }
}
