/** Every checkpoint anybody holds must be a prefix of the one tree: the database's, the object folder's, the signer's,
 *  the witness's, and those an observer was shown. */
import { equalBytes, fromBase64 } from '@segel/encoding';
import { RightEdge, examineCheckpoint, leafHash, type Policy } from '@segel/tlog';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { verifyEd25519 } from '../../apps/api/src/platform/log/ed25519.js';
import type { Paths } from '../../apps/launcher/src/index.mjs';
import { found, type Finding } from './findings.js';
import type { Observer } from './observer.js';

type Held = { readonly by: string; readonly note: string; readonly quorum: boolean };

export class Checkpoints {
  private readonly edge = new RightEdge();
  /** The root at every size. */
  private readonly roots: Uint8Array[] = [this.edge.root()];
  private readonly examined = new Set<string>();

  constructor(
    private readonly owner: pg.Pool,
    private readonly policy: Policy,
    private readonly paths: Pick<Paths, 'dataDir' | 'objects' | 'witness'>,
    private readonly observer: Observer,
  ) {}

  /** What does not fit, of everything that was not examined before. */
  async examine(): Promise<readonly Finding[]> {
    const held = (await this.held()).filter(({ by, note }) => !this.examined.has(`${by} ${note}`));
    const signer = await this.signer();
    await this.grow();
    const problems = held.flatMap((each) => this.problemOf(each));
    for (const { by, note } of held) this.examined.add(`${by} ${note}`);
    if (signer !== undefined && !this.isPrefix(signer.size, signer.root))
      problems.push(`the signer remembers another tree of ${signer.size} entries`);
    const evidence = await readdir(path.join(this.paths.witness, 'evidence')).catch(() => []);
    problems.push(...evidence.map((name) => `the witness keeps evidence of a fork: ${name}`));
    return found('nonPrefix', problems);
  }

  private problemOf({ by, note, quorum }: Held): readonly string[] {
    try {
      const { size, root, quorumMet } = examineCheckpoint(this.policy, note, verifyEd25519);
      return [
        ...(this.isPrefix(size, root) ? [] : [`${by} a checkpoint of ${size} entries that is no prefix of the log`]),
        ...(quorum && !quorumMet ? [`${by} a checkpoint of ${size} entries without a quorum`] : []),
      ];
    } catch (error) {
      return [`${by} a checkpoint that does not hold: ${(error as Error).message}`];
    }
  }

  private isPrefix(size: number, root: Uint8Array): boolean {
    const own = this.roots[size];
    return own !== undefined && equalBytes(own, root);
  }

  private async grow(): Promise<void> {
    const { rows } = await this.owner.query<{ data: Buffer }>(
      'SELECT data FROM tlog.entry WHERE idx >= $1 ORDER BY idx',
      [this.edge.size],
    );
    for (const { data } of rows) {
      this.edge.append(leafHash(data));
      this.roots.push(this.edge.root());
    }
  }

  private async held(): Promise<readonly Held[]> {
    const rows = async (table: string): Promise<readonly string[]> =>
      (await this.owner.query<{ note: string }>(`SELECT note FROM tlog.${table}`)).rows.map(({ note }) => note);
    const { objects, witness } = this.paths;
    const as = (by: string, notes: Iterable<string>, quorum = true): Held[] =>
      [...notes].map((note) => ({ by, note, quorum }));
    return [
      ...as('the database signed', await rows('checkpoint'), false),
      ...as('the database published', await rows('published')),
      ...as('the object store serves', await notesIn(path.join(objects, 'log'), 'checkpoint')),
      ...as('the object store keeps', await notesIn(path.join(objects, 'log/checkpoints'))),
      ...as('the witness cosigned', await notesIn(path.join(witness, 'logs')), false),
      ...as('an observer was shown', this.observer.notes),
    ];
  }

  private async signer(): Promise<{ readonly size: number; readonly root: Uint8Array } | undefined> {
    const text = await readFile(path.join(this.paths.dataDir, 'signer.json'), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const { size, root } = JSON.parse(text) as { size: number; root: string };
    return { size, root: fromBase64(root) };
  }
}

async function notesIn(folder: string, only?: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const taken = names.filter((name) => (only === undefined ? !name.endsWith('.tmp') : name === only));
  return Promise.all(taken.map((name) => readFile(path.join(folder, name), 'utf8')));
}
