// `npm test`: install what is missing, build, run every test. The last line alone says `N passed, N failed`.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { inRoot, root, runProgram } from './paths.mjs';
import { askedToStop } from './signals.mjs';

/** The last line for Jest's results. A suite that could not be loaded has no tests, but it did not pass either. */
function summary(results) {
  if (results === undefined) return { line: '0 passed, 1 failed', failed: 1 };
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  return {
    line: `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    failed,
  };
}

function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  } finally {
    rmSync(file, { force: true });
  }
}

async function test() {
  await ensureInstalled();
  await build();
  const file = path.join(os.tmpdir(), `segel-test-${randomBytes(8).toString('hex')}.json`);
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    inRoot('node_modules/jest/bin/jest.js'),
  ];
  // In our own process group: whoever kills the group of this run (a CI, Ctrl-C) reaches Jest and its workers too.
  const jest = spawn(process.execPath, [...args, '--json', `--outputFile=${file}`, ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  void askedToStop().then(({ signal }) => jest.kill(signal));
  const code = await new Promise((resolve) => jest.once('exit', resolve).once('error', resolve));
  const { line, failed } = summary(readResults(file));
  console.log(line);
  return failed > 0 || code !== 0 ? 1 : 0;
}

await runProgram(async () => {
  try {
    return await test();
  } catch (error) {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    return 1;
  }
});
