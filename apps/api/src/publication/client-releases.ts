/** The programs that vendors seal with: the hash of every release is in the public log, so that a program forged for one
 *  vendor can be told from the one that everybody gets. The entries alone say what was released; there are no rows. */
import { parseInstant, toBase64, utf8Text } from '@segel/encoding';
import { parseLeaf } from '@segel/tlog';
import { Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SYSTEM } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import type { ClientReleaseView } from './clients.dto.js';

/** Written by the build, beside the programs; the same whether this runs as a source or compiled. */
const ROOT = path.resolve(import.meta.dirname, '../../../..').replace(/\/dist$/, '');
const BUILT = path.join(ROOT, 'dist/web-assets/clients.json');

type Built = { readonly name: string; readonly version: string; readonly sha256: string };
type Row = { readonly leaf: Buffer; readonly data: Buffer; readonly idx: number | null };
type Released = { readonly at: string; readonly body: { name: string; version: string; bundle_sha256: string } };

/** The other worker was first. */
class RecordedAlready extends Error {}

/** By trail_type and entry_data_sha256, however long the log is. The queue, which has no index for it, is read only for an
 *  entry that waits for its place. */
export const RELEASES = `
  SELECT t.leaf_sha256 AS leaf,
         coalesce(e.data, (SELECT q.data FROM tlog.queue q WHERE sha256(q.data) = t.leaf_sha256)) AS data,
         CASE WHEN e.idx < (SELECT max(size) FROM tlog.public_checkpoint) THEN e.idx END AS idx
  FROM trail t LEFT JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
  WHERE t.type = 'client.released' ORDER BY t.id DESC`;

const isSame =
  ({ name, sha256 }: Built) =>
  (other: Pick<Built, 'name' | 'sha256'>): boolean =>
    other.name === name && other.sha256 === sha256;

@Injectable()
export class ClientReleases {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
  ) {}

  /** Records what this build brings and no entry names yet. A server without a build of the web has nothing to say. */
  async recordNew(): Promise<void> {
    const built = await readFile(BUILT, 'utf8').catch(() => '[]');
    const known = await this.list();
    for (const program of JSON.parse(built) as readonly Built[])
      if (!known.some(isSame(program))) await this.record(program);
  }

  /** Two workers that start together both find it new: the second to get the lock looks again under it. */
  private async record(program: Built): Promise<void> {
    const { name, version, sha256 } = program;
    try {
      await this.journal.commit(SYSTEM, { on: 'platform', id: 'client.release' }, async (tx) => {
        const known = await tx.ask<Row>({ name: 'client releases', text: RELEASES }, []);
        if (known.flatMap(viewOf).some(isSame(program))) throw new RecordedAlready();
        await tx.record({ type: 'client.released', body: { name, version, bundle_sha256: sha256 } });
      });
    } catch (error) {
      if (!(error instanceof RecordedAlready)) throw error;
    }
  }

  /** All releases, the newest first; they are few. Also those that wait for their place in the log. */
  async list(): Promise<ClientReleaseView[]> {
    const rows = await this.database.query<Row>(RELEASES, []);
    return rows.flatMap(viewOf);
  }
}

function viewOf({ leaf, data, idx }: Row): ClientReleaseView[] {
  const parsed = parseLeaf(data);
  if (parsed.blinded) return [];
  const { at, body } = JSON.parse(utf8Text(parsed.entryBytes)) as Released;
  const place = idx === null ? {} : { index: idx };
  const releasedAt = parseInstant(at).toISOString();
  const { name, version, bundle_sha256: sha256 } = body;
  return [{ name, version, sha256, releasedAt, leafSha256: toBase64(leaf), ...place }];
}
