// Runs before anything else of ours: checks Node, and installs the packages when they are missing or not those of the lock.
// Node built-ins only. When everything is there it reads two files and never touches the network.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { acquireLock } from './lock.mjs';
import { inRoot, isProgram, PlainError, root, runProgram } from './paths.mjs';

const oldest = [20, 19, 0];

/** Throws a plain sentence when Node is too old; 20.19 is the first that can `require()` the ESM packages we stand on. */
export function checkNode(version = process.versions.node) {
  const have = version.split('.').map(Number);
  const differs = oldest.findIndex((part, i) => have[i] !== part);
  if (differs >= 0 && have[differs] < oldest[differs])
    throw new PlainError(
      `this needs Node.js ${oldest.slice(0, 2).join('.')} or later, and this is ${version}. See https://nodejs.org/`,
    );
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Compares what npm says it installed with the lock, package by package: file times lie after a checkout or a copy.
 * Optional packages may be missing, they are those of other platforms.
 */
export function isInstalled(
  lockFile = inRoot('package-lock.json'),
  installedFile = inRoot('node_modules/.package-lock.json'),
) {
  const wanted = readPackages(lockFile);
  const have = readPackages(installedFile);
  if (wanted === undefined || have === undefined) return false;
  const names = new Set([...Object.keys(wanted), ...Object.keys(have)].filter((name) => name !== ''));
  return [...names].every((name) => {
    if (wanted[name] === undefined) return false;
    if (have[name] === undefined) return wanted[name].optional === true || wanted[name].devOptional === true;
    return wanted[name].version === have[name].version && wanted[name].integrity === have[name].integrity;
  });
}

function install() {
  console.log('Installing packages (npm ci); this takes a minute and happens once …');
  const args = ['ci', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] };
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (result.error?.code === 'ENOENT') throw new PlainError('npm was not found; it comes with Node.js.');
  if (result.status !== 0)
    throw new PlainError(
      `npm ci failed (${result.status ?? result.signal ?? result.error?.message}); its own message is above. It needs the network the first time.`,
    );
}

/** Node is new enough and node_modules is what package-lock.json says, else a PlainError. */
export async function ensureInstalled() {
  checkNode();
  if (isInstalled()) return;
  // `npm start` and `npm test` at once in a fresh clone: the second waits, `npm ci` begins by deleting node_modules.
  const lock = await acquireLock(inRoot('.data/install.lock'), { waitMs: 15 * 60_000 });
  try {
    if (!isInstalled()) install();
  } finally {
    lock.release();
  }
}

if (isProgram(import.meta.url)) await runProgram(ensureInstalled);
