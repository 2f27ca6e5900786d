/** Changes of the whole: the log rewritten so that its own tables agree, entries in another order, and an installation
 *  put back to an earlier copy, in part and in full. Each is followed by a start of the server. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { growTiles, leafHash, RightEdge } from '@segel/tlog';
import type { Change, Judge } from './change.js';
import { putInPlace, type Copy, type Parts, type Scene } from './scene.js';

const ALL: readonly Judge[] = ['rows', 'verifier', 'static log', 'mirror', 'start-up'];

export function wholeChanges(scene: Scene): readonly Change[] {
  return [...logChanges(scene), ...startChanges(scene), ...rollbacks(scene)];
}

/** What a superuser does who knows how the log works. */
function logChanges(scene: Scene): readonly Change[] {
  const { superuser } = scene;
  const swap = `UPDATE tlog.entry e SET data = o.data FROM tlog.entry o WHERE e.idx IN (40, 41) AND o.idx = 81 - e.idx`;
  const unkeyed = async (sql: string): Promise<void> => {
    await superuser.query('DROP INDEX tlog.entry_data_sha256');
    await superuser.query(sql);
  };
  const change = (what: string, act: () => Promise<void>): Change => ({
    group: 'the log as a whole',
    what,
    how: 'rewritten',
    judges: ALL,
    isPlace: ({ place, by }) => by === 'start-up' || place !== '',
    apply: async () => {
      await act();
      return () => putAllBack(scene);
    },
  });
  return [
    change('an entry altered, tiles and tree made to agree', async () => {
      await superuser.query(`UPDATE tlog.entry SET data = set_byte(data, 20, get_byte(data, 20) # 1) WHERE idx = 40`);
      await agree(scene);
    }),
    change('two entries in each other’s place, tiles left', () => unkeyed(swap)),
    change('two entries in each other’s place, tiles and tree made to agree', async () => {
      await unkeyed(swap);
      await agree(scene);
    }),
    change('the last 16 entries cut off, tiles and tree made to agree', async () => {
      const [last] = await superuser.query<{ size: number }>('SELECT size FROM tlog.tree');
      const size = Number(last!.size) - 16;
      for (const table of ['checkpoint', 'published', 'interval'])
        await superuser.query(`DELETE FROM tlog.${table} WHERE size > ${size}`);
      await superuser.query(`DELETE FROM tlog.entry WHERE idx >= ${size}`);
      await agree(scene);
    }),
    change('an entry put in after the tenth, tiles and tree made to agree', async () => {
      await unkeyed('UPDATE tlog.entry SET idx = idx + 100000 WHERE idx > 10');
      await superuser.query('UPDATE tlog.entry SET idx = idx - 99999 WHERE idx > 100000');
      await superuser.query(`INSERT INTO tlog.entry SELECT 11, '\\x01'::bytea || sha256('forged')`);
      await agree(scene);
    }),
  ];
}

/** Tiles and tree as the altered entries give them. */
async function agree({ superuser }: Scene): Promise<void> {
  const rows = await superuser.query<{ data: Buffer }>('SELECT data FROM tlog.entry ORDER BY idx');
  const hashes = rows.map(({ data }) => leafHash(data));
  const edge = new RightEdge();
  for (const hash of hashes) edge.append(hash);
  await superuser.query('DELETE FROM tlog.tile');
  for (const { level, n, data } of await growTiles(0, hashes, () => new Uint8Array()))
    await superuser.query('INSERT INTO tlog.tile (level, n, data) VALUES ($1, $2, $3)', [level, n, Buffer.from(data)]);
  await superuser.query('UPDATE tlog.tree SET size = $1, root = $2', [edge.size, Buffer.from(edge.root())]);
}

/** Single things that a start of the server looks at. */
function startChanges(scene: Scene): readonly Change[] {
  const { superuser, signerFile, objects } = scene;
  const change = (what: string, judges: readonly Judge[], act: () => Promise<unknown>): Change => ({
    group: 'what a start looks at',
    what,
    how: 'altered',
    judges,
    isPlace: ({ by }) => by === 'start-up' || by === 'rows',
    apply: async () => {
      await act();
      return () => putAllBack(scene);
    },
  });
  return [
    change('the size of the tree', ALL, () => superuser.query('UPDATE tlog.tree SET size = size + 1')),
    change('the root of the tree', ALL, () => superuser.query(`UPDATE tlog.tree SET root = sha256('x')`)),
    change('the newest tile', ALL, () =>
      superuser.query(
        `UPDATE tlog.tile SET data = set_byte(data, length(data) - 1, get_byte(data, length(data) - 1) # 1)
         WHERE level = 0 AND n = (SELECT max(n) FROM tlog.tile WHERE level = 0)`,
      ),
    ),
    change('the newest published checkpoint', ALL, () =>
      superuser.query(
        `UPDATE tlog.published SET note = replace(note, E'\\n', E'\\nx') WHERE size = (SELECT max(size) FROM tlog.published)`,
      ),
    ),
    change('the served checkpoint deleted with the published ones of the end', ALL, async () => {
      await superuser.query('DELETE FROM tlog.published WHERE size > 100');
      await rm(path.join(objects, 'log/checkpoint'));
    }),
    change('the signer’s memory deleted', ['start-up'], () => rm(signerFile)),
    change('a role given to an account', ['rows', 'start-up'], () =>
      superuser.query(
        `INSERT INTO role_assignment (id, account_id, role, organisation_id, granted_at, granted_by)
         SELECT '01890000-0000-7000-8000-00000000000f', account_id, 'operator', organisation_id, granted_at, granted_by FROM role_assignment WHERE role <> 'operator' LIMIT 1`,
      ),
    ),
    change('the password of an operator replaced', ['rows', 'start-up'], () =>
      superuser.query(
        `UPDATE account SET password_hash = (SELECT b.password_hash FROM account b WHERE b.id <> account.id LIMIT 1)
         WHERE id = (SELECT account_id FROM role_assignment WHERE role = 'operator' LIMIT 1)`,
      ),
    ),
  ];
}

function rollbacks(scene: Scene): readonly Change[] {
  const back = (what: string, parts: Parts): Change => ({
    group: 'put back to an earlier copy',
    what,
    how: 'rolled back',
    judges: ALL,
    isPlace: ({ by }) => by === 'start-up' || by === 'mirror' || by === 'static log',
    apply: async () => {
      await put(scene, 'early', parts);
      return () => putAllBack(scene);
    },
  });
  return [
    back('the database', { database: true }),
    back('the database and the signer’s memory', { database: true, signer: true }),
    back('the database, the signer’s memory and the objects', { database: true, signer: true, objects: true }),
    back('the objects', { objects: true }),
    back('the database and the objects', { database: true, objects: true }),
  ];
}

/** Everything as it was, with the server at rest. */
export async function putAllBack(scene: Scene): Promise<void> {
  await put(scene, 'whole', { database: true, signer: true, objects: true });
  const { superuser } = scene;
  await superuser.keepRows(await superuser.tables());
}

async function put(scene: Scene, copy: Copy, parts: Parts): Promise<void> {
  await scene.stack.stopApi();
  await putInPlace(scene, copy, parts);
  await scene.restart('off');
}
