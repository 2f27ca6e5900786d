// `npm run tamper`: changes everything that is stored, one thing at a time, and says who names it. On a server of its
// own that is gone afterwards.
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { removeDataDir } from './data-dir.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { inRoot, PlainError, runProgram } from './paths.mjs';
import { askedToStop } from './signals.mjs';
import { startStack } from './stack.mjs';

const program = 'dist/test/tamper/main.js';
const file = inRoot('test/data/ocds/cycle-lanes.json');

async function campaign() {
  const interrupted = askedToStop();
  await ensureInstalled();
  await build();
  const { tamper } = await import(pathToFileURL(inRoot(program)).href);
  const { SCENE_ENV } = await import(pathToFileURL(inRoot('dist/test/tamper/scene.js')).href);
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'segel-tamper-data-'));
  let stack;
  try {
    // Nothing of our own settings: the campaign never touches a real database or store.
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...SCENE_ENV };
    stack = await startStack({ dataDir, port: 0, quiet: true, env });
    return await Promise.race([
      tamper(stack, file, process.argv.slice(2)),
      interrupted.then(() => Promise.reject(new PlainError('stopped.'))),
    ]);
  } finally {
    await stack?.stop();
    await removeDataDir(dataDir);
  }
}

await runProgram(campaign);
process.exit();
