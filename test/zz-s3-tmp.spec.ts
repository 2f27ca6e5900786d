import { afterAll, beforeAll, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { startStack, type Stack } from '../apps/launcher/src/index.mjs';
import { clientOf, startObjectServer, type ObjectServer } from './support/object-server.js';
let server: ObjectServer; let stack: Stack;
beforeAll(async () => {
  server = (await startObjectServer())!;
  const s3 = { S3_ENDPOINT: server.endpoint, S3_BUCKET: server.bucket, S3_REGION: server.region, S3_ACCESS_KEY: server.accessKey, S3_SECRET_KEY: server.secretKey };
  stack = await startStack({ dataDir: await mkdtemp('/tmp/segel-s3try-'), port: 0, quiet: true, env: { ...process.env, ...s3 } });
});
afterAll(async () => { await stack?.stop(); await server?.stop(); });
it('runs', async () => {
  const demo = spawn(process.execPath, ['dist/apps/cli/src/demo/main.js', 'test/data/ocds/cycle-lanes.json'], { env: { ...process.env, ...stack.env, SEGEL_URL: stack.url } });
  let said = ''; demo.stdout.on('data', (d) => (said += d)); demo.stderr.on('data', (d) => (said += d));
  const demoCode = await new Promise((r) => demo.once('exit', r));
  console.log('DEMO', demoCode, said.slice(-1500));
  const names: string[] = [];
  for await (const item of clientOf(server.endpoint, server).listObjects(server.bucket, '', true)) names.push((item as any).name + ' ' + (item as any).size);
  console.log('OBJECTS', names.length, names.filter((n) => n.startsWith('objects')).length, names.slice(-5).join(', '));
});
