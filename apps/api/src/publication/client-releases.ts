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

@Injectable()
export class ClientReleases {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
  ) {}

  /** Records what this build brings and no entry names yet. A server without a build of the web has nothing to say. */
  async recordNew(): Promise<void> {
    const built = await readFile(BUILT, 'utf8').catch(() => '[]');
    const known = new Set((await this.list()).map(({ name, sha256 }) => `${name} ${sha256}`));
    for (const { name, version, sha256 } of JSON.parse(built) as readonly Built[]) {
      if (known.has(`${name} ${sha256}`)) continue;
      await this.journal.commit(SYSTEM, { on: 'platform', id: 'client.release' }, async (tx) => {
        await tx.record({ type: 'client.released', body: { name, version, bundle_sha256: sha256 } });
      });
    }
  }

  /** All releases, the newest first; they are few. Also those that wait for their place in the log. */
  async list(): Promise<ClientReleaseView[]> {
    const rows = await this.database.query<Row>(
      `SELECT t.leaf_sha256 AS leaf, coalesce(e.data, q.data) AS data,
              CASE WHEN e.idx < (SELECT max(size) FROM tlog.public_checkpoint) THEN e.idx END AS idx
       FROM trail t
       LEFT JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
       LEFT JOIN tlog.queue q ON e.idx IS NULL AND sha256(q.data) = t.leaf_sha256
       WHERE t.type = 'client.released' ORDER BY t.id DESC`,
      [],
    );
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
