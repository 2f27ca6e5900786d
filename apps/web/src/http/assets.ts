/** What runs in the visitor's browser: bundled by Vite into dist/web-assets, named by content, kept for ever. */
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The same whether this runs as a source or compiled. */
export const ASSETS = path.join(
  path.resolve(import.meta.dirname, '../../../..').replace(/\/dist$/, ''),
  'dist/web-assets',
);

/** A worker lives under the policy of its own script: it may run ours and speak to us. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

export async function serveAssets(server: FastifyInstance): Promise<void> {
  await server.register(fastifyStatic, {
    root: ASSETS,
    prefix: '/assets/',
    index: false,
    dotfiles: 'ignore',
    // Scripts only: the offline kit beside them has a page of its own, and no name that changes with its content.
    allowedPath: (name) => name.endsWith('.js'),
    decorateReply: false,
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
    setHeaders: (response) => void response.header('content-security-policy', POLICY),
  });
}

type Chunk = { readonly file: string; readonly imports?: readonly string[] };
let manifest: Readonly<Record<string, Chunk>> | undefined;

/** The script of an island and what it imports, to be fetched at once: a slow line pays two seconds a level. */
export function scriptsOf(island: string): { readonly script: string; readonly preload: readonly string[] } {
  manifest ??= JSON.parse(readFileSync(path.join(ASSETS, 'manifest.json'), 'utf8')) as Record<string, Chunk>;
  const chunks = manifest;
  const entry = chunks[`apps/web/src/islands/${island}/island.ts`];
  if (entry === undefined) throw new Error(`there is no island ${island}`);
  const reached = new Set<string>();
  const follow = ({ imports = [] }: Chunk): void => {
    for (const name of imports) {
      const chunk = chunks[name];
      if (chunk === undefined || reached.has(chunk.file)) continue;
      reached.add(chunk.file);
      follow(chunk);
    }
  };
  follow(entry);
  return { script: `/assets/${entry.file}`, preload: [...reached].map((file) => `/assets/${file}`) };
}
