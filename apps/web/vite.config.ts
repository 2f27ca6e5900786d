/** Builds what runs in the visitor's browser: the islands, one folder each with its island.ts, and their workers. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');
const islands = path.join(root, 'apps/web/src/islands');
const entries = readdirSync(islands)
  .map((name) => [name, path.join(islands, name, 'island.ts')] as const)
  .filter(([, file]) => existsSync(file));

export default defineConfig({
  root,
  base: '/assets/',
  publicDir: false,
  logLevel: 'warn',
  resolve: {
    dedupe: ['react', 'react-dom'],
    alias: [
      { find: /^@segel\/([^/]+)$/, replacement: `${root}/libs/$1/src/index.ts` },
      { find: /^react$/, replacement: 'preact/compat' },
      { find: 'react-dom/client', replacement: 'preact/compat/client' },
      { find: 'react-dom', replacement: 'preact/compat' },
      { find: 'react/jsx-runtime', replacement: 'preact/jsx-runtime' },
    ],
  },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    outDir: path.join(root, 'dist/web-assets'),
    assetsDir: '.',
    emptyOutDir: true,
    manifest: 'manifest.json',
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { ...Object.fromEntries(entries), 'sealing-client': path.join(islands, 'sealing/sealing-client.ts') },
      preserveEntrySignatures: 'strict',
    },
  },
});
