// `npm run bench -- log`: measures on a PostgreSQL of its own, with every crash guarantee on, that is gone afterwards.
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from './build.mjs';
import { openDataDir, removeDataDir } from './data-dir.mjs';
import { startEmbeddedPostgres } from './embedded-postgres.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { runProgram } from './paths.mjs';
import { startNode, stopChild } from './processes.mjs';
import { loadSecrets } from './secrets.mjs';
import { askedToStop } from './signals.mjs';

/** Room for 64 clients and everybody else; all else is PostgreSQL's default. */
const settings = { max_connections: 200 };

async function bench() {
  const interrupted = askedToStop();
  await ensureInstalled();
  await build();
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'segel-bench-'));
  let paths, postgres;
  try {
    paths = await openDataDir(dataDir);
    const { postgresPassword: password } = await loadSecrets(paths);
    postgres = await startEmbeddedPostgres({ dataDir: paths.postgres, password, settings });
    const env = { ...process.env, BENCH_DATABASE_URL: postgres.url(), BENCH_FOLDER: dataDir };
    const running = startNode(
      'benchmark',
      ['--enable-source-maps', 'dist/test/bench/main.js', ...process.argv.slice(2)],
      {
        env,
      },
    );
    void interrupted.then(() => stopChild(running));
    const { code } = await running.exited;
    return typeof code === 'number' ? code : 1;
  } finally {
    await postgres?.stop();
    paths?.lock.release();
    await removeDataDir(dataDir);
  }
}

await runProgram(bench);
process.exit();
