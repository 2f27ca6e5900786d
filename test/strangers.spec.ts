/** Programs that are not ours read our log: Go's `golang.org/x/mod/sumdb`, over HTTP from the server and from nothing but
 *  the stored objects behind a file server. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { LogRunner } from '../apps/api/src/platform/log/log.runner.js';
import { startHarness, type Harness } from './support/harness.js';
import { publishTender } from './support/published-tender.js';
import { approvedVendor, sealAndSubmit } from './support/sealed-bid.js';

/** Where Debian's golang-golang-x-mod-dev puts the packages: no network, no module proxy. */
const GO_ENV = {
  ...process.env,
  GO111MODULE: 'off',
  GOPATH: '/usr/share/gocode',
  GOFLAGS: '',
  GOCACHE: '/tmp/segel-go-cache',
};
const program = path.join(import.meta.dirname, 'strangers', 'verify.go');

function whatGoLacks(): string | undefined {
  const found = spawnSync('go', ['list', 'golang.org/x/mod/sumdb/tlog', 'golang.org/x/mod/sumdb/note'], {
    env: GO_ENV,
  });
  if (found.error !== undefined) return 'Go is not installed (Debian: golang-go)';
  return found.status === 0 ? undefined : 'golang.org/x/mod is not installed (Debian: golang-golang-x-mod-dev)';
}

/** The stored objects under `log/`, as any static server would give them. */
async function serveFolder(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    readFile(path.join(folder, path.normalize(request.url ?? '/'))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const lacks = whatGoLacks();

describe('the published log', () => {
  if (lacks !== undefined) {
    it(`was not shown to Go: ${lacks}`, () => console.log(`The log was not shown to Go: ${lacks}.`));
    return;
  }
  let harness: Harness;
  let files: Server;
  const inFolder = (name: string): string => path.join(harness.folder, name);

  beforeAll(async () => {
    harness = await startHarness();
    const tender = await publishTender(harness);
    const vendor = await approvedVendor(harness);
    const { submitted } = await sealAndSubmit(harness, tender, vendor);
    await harness.published();
    await writeFile(inFolder('older'), (await harness.get('/log/checkpoint')).text);
    // Enough for full tiles and a second level.
    for (let i = 0; i < 70; i++) await harness.app.get(LogRunner).journal.endInterval(8);
    await harness.published();
    const route = `/api/tenders/${tender.tenderId}/bids/${submitted.bidId}/receipt`;
    await writeFile(inFolder('receipt'), (await harness.get(route, vendor)).text);
    files = await serveFolder(path.join(harness.config.settings.OBJECT_FOLDER, 'log'));
  });
  afterAll(async () => {
    files.close();
    await harness.stop();
  });

  const run = async (base: string): Promise<string> => {
    const args = ['run', program, base, inFolder('policy'), inFolder('older'), inFolder('receipt')];
    const { stdout } = await promisify(execFile)('go', args, { env: GO_ENV }).catch(
      (error: unknown) => error as { stdout: string },
    );
    return stdout;
  };
  const accepted =
    /^ok checkpoint of \d{3,}, signed and cosigned\nok \d{3,} entries, each with its proof of inclusion\nok the tree of \d+ is a prefix\nok receipt of leaf \d+ in a tree of \d+\n$/;

  it('is accepted by Go’s sumdb packages: checkpoint, cosignature, tiles, entries, proofs, receipt', async () => {
    expect(await run(`${harness.url}/log`)).toMatch(accepted);
  });

  it('is accepted from the stored objects alone, behind a file server', async () => {
    expect(await run(`http://127.0.0.1:${(files.address() as AddressInfo).port}`)).toMatch(accepted);
  });

  it('is refused by them when a superuser altered an entry', async () => {
    const client = await harness.owner.connect();
    await client.query('SET session_replication_role = replica');
    await client.query('UPDATE tlog.entry SET data = set_byte(data, 1, get_byte(data, 1) # 1) WHERE idx = 9');
    await client.query('SET session_replication_role = DEFAULT');
    client.release();
    expect(await run(`${harness.url}/log`)).toMatch(/FAILED entry 9: is not the leaf of the tree/);
  });
});
