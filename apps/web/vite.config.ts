/** Builds what runs in the visitor's browser: the sealing worker with its page side, and later the islands. */
import path from 'node:path';
import { defineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');

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
      input: { 'sealing-client': path.join(root, 'apps/web/src/islands/sealing/sealing-client.ts') },
      preserveEntrySignatures: 'strict',
    },
  },
});
