// Makes the offline sealing kit: one HTML file with the page, the worker and the style in it, under a policy that names
// them by their hashes and allows no connection. The same source makes the same bytes, in whatever folder it lies.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

const islands = 'apps/web/src/islands';
const hashOf = (text) => createHash('sha256').update(text).digest('base64');

/** One script of everything that an entry imports. */
async function bundle(vite, root, entry, options) {
  const { output } = [
    await vite.build({
      root,
      configFile: false,
      publicDir: false,
      logLevel: 'warn',
      resolve: {
        alias: [
          { find: /^@segel\/([^/]+)$/, replacement: `${root}/libs/$1/src/index.ts` },
          { find: /^react$/, replacement: 'preact/compat' },
          { find: 'react/jsx-runtime', replacement: 'preact/jsx-runtime' },
        ],
      },
      build: {
        target: 'es2022',
        write: false,
        modulePreload: false,
        reportCompressedSize: false,
        ...options,
        rolldownOptions: {
          input: path.join(root, entry),
          output: { format: options.ssr ? 'es' : 'iife', codeSplitting: false },
        },
      },
    }),
  ].flat()[0];
  if (output.length !== 1) throw new Error(`${entry} is ${output.length} files, not one`);
  return output[0].code.trim();
}

/** The style of all pages, made by the function that makes it for the server. */
async function styleOf(vite, root) {
  const code = await bundle(vite, root, 'apps/web/src/look/stylesheet.ts', { ssr: true });
  const { stylesheet } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const read = (name) => fs.readFile(path.join(root, 'apps/web/src/look', name), 'utf8');
  return stylesheet(await read('style.css'), await read('tokens.css'), await read('forms.css'));
}

/** Nothing in a script may end the element that it stands in. */
function inScript(code) {
  if (/<\/script|<!--/i.test(code)) throw new Error('the script would end its element');
  return code;
}

const policyOf = (page, style) =>
  [
    "default-src 'none'",
    `script-src 'sha256-${hashOf(page)}' 'wasm-unsafe-eval'`,
    `style-src 'sha256-${hashOf(style)}'`,
    'worker-src blob:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    'trusted-types segel',
    "require-trusted-types-for 'script'",
  ].join('; ');

/** The file, and the program in it that seals. */
export async function offlineKit(root) {
  // The bundler goes by it, and the file must not: it is the same made by a test and made for production.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    return await make(root, await import('vite'));
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}

async function make(root, vite) {
  const { version } = JSON.parse(await fs.readFile(path.join(root, 'package.json'), 'utf8'));
  const worker = inScript(await bundle(vite, root, `${islands}/sealing/offline-worker.ts`, {}));
  const page = inScript(await bundle(vite, root, `${islands}/offline-kit/program.ts`, {}));
  const style = await styleOf(vite, root);
  const html = `<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policyOf(page, style)}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Segel</title>
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>Alat ini memerlukan JavaScript. · This kit needs JavaScript.</noscript></div>
<script type="text/plain" id="sealing-program" data-version="${version}" data-sha256="${hashOf(worker)}">${worker}</script>
<script>${page}</script>
</body>
</html>
`;
  return { html, worker, version };
}
