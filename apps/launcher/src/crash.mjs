// `npm run crash -- [--runs 200] [--seed N] [--only REGEX] [--json FILE]`: kill -9 at every step, on a system of its own.
// `npm run crash -- submit [--runs 60] …`: the same while bids are sent by the real command line.
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { removeDataDir } from './data-dir.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { inRoot, runProgram } from './paths.mjs';
import { askedToStop } from './signals.mjs';
import { startStack } from './stack.mjs';

await runProgram(async () => {
  const interrupted = askedToStop();
  await ensureInstalled();
  await build();
  const { crash } = await import(pathToFileURL(inRoot('dist/test/crash/main.js')).href);
  let stack;
  const launch = { startStack: async (options) => (stack = await startStack(options)), removeDataDir };
  const gaveUp = interrupted.then(async () => {
    await stack?.stop();
    if (stack !== undefined) await removeDataDir(stack.paths.dataDir);
    return 1;
  });
  return Promise.race([crash(launch, process.argv.slice(2)), gaveUp]);
});
process.exit();
