#!/usr/bin/env node
// Starts the command line; builds it first in a fresh checkout. Node built-ins only: it runs before anything is built.
import { existsSync } from 'node:fs';
import { fileURLToPath, URL } from 'node:url';

const program = new URL('../../dist/apps/cli/src/main.js', import.meta.url);
process.setSourceMapsEnabled?.(true);
if (!existsSync(fileURLToPath(program))) {
  const { build } = await import(new URL('../launcher/src/build.mjs', import.meta.url).href);
  await build({ quiet: true });
}
await import(program.href);
