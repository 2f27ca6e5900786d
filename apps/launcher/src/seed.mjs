// Fills an empty installation with the demonstration: accounts, and a tender to look at. The program is the command line's.
import { existsSync } from 'node:fs';
import { inRoot, PlainError } from './paths.mjs';
import { startNode, stopChild } from './processes.mjs';

const program = 'dist/apps/cli/src/demo/seed.js';

/** Runs the seed when the server says that its database is empty. It prints the logins itself. */
export async function seedWhenEmpty(stack) {
  if (stack.health?.empty !== true) return;
  if (!existsSync(inRoot(program))) {
    console.log('The database is empty and there is no demonstration to seed it with.');
    return;
  }
  console.log('The database is empty: seeding the demonstration …');
  const env = { ...stack.env, SEGEL_URL: stack.url };
  const running = startNode('demonstration', ['--enable-source-maps', program], { env });
  stack.onStop(() => stopChild(running)); // Ctrl-C in the middle of it.
  const { code } = await running.exited;
  if (code !== 0) throw new PlainError(`seeding the demonstration failed (${code}).`);
}
