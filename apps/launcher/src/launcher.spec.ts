import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import {
  acquireLock,
  checkNode,
  developmentPolicy,
  freePort,
  isFree,
  isInstalled,
  loadSecrets,
  notIndependent,
  openDataDir,
  startEmbeddedPostgres,
  startStack,
  webEnv,
} from './index.mjs';

const launcher = import.meta.dirname;
let folder: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'segel-launcher-'));
  await fs.chmod(folder, 0o711);
});
afterAll(async () => fs.rm(folder, { recursive: true, force: true }));

/** Runs a module text in a process of its own and resolves with its first printed line. */
async function startScript(text: string): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (bytes: Buffer) => resolve(bytes.toString().trim()));
    child.once('exit', (code) => reject(new Error(`script ended with ${code}`)));
  });
  return { child, line };
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function goneWithin(pid: number, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; alive(pid); await sleep(25)) if (Date.now() > end) return false;
  return true;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe('what is installed', () => {
  const write = async (name: string, packages: object): Promise<string> => {
    const file = path.join(folder, name);
    await fs.writeFile(file, JSON.stringify({ packages }));
    return file;
  };

  it('is compared by content: the same packages are installed whatever the file times say', async () => {
    const lock = await write('lock.json', { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'x' } });
    const same = await write('same.json', { 'node_modules/a': { version: '1.0.0', integrity: 'x' } });
    expect(isInstalled(lock, same)).toBe(true);
  });

  it('is not enough when a version differs, a package is missing or one is left over', async () => {
    const lock = await write('lock2.json', {
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0' },
    });
    const older = await write('older.json', {
      'node_modules/a': { version: '0.9.0' },
      'node_modules/b': { version: '1.0.0' },
    });
    const fewer = await write('fewer.json', { 'node_modules/a': { version: '1.0.0' } });
    const more = await write('more.json', {
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/c': { version: '1.0.0' },
    });
    expect([older, fewer, more, path.join(folder, 'absent')].map((file) => isInstalled(lock, file))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('may lack the optional packages of other platforms', async () => {
    const lock = await write('lock3.json', { 'node_modules/darwin': { version: '1.0.0', optional: true } });
    expect(isInstalled(lock, await write('none.json', {}))).toBe(true);
  });

  it.each(['18.20.0', '20.18.3'])('Node %s is refused with a plain sentence', (version) => {
    expect(() => checkNode(version)).toThrow('needs Node.js 20.19 or later');
  });

  it.each(['20.19.0', '22.12.0', '24.0.0'])('Node %s is accepted', (version) => {
    expect(() => checkNode(version)).not.toThrow();
  });
});

describe('the secrets of an installation', () => {
  const place = () => ({ secretsFile: path.join(folder, 'secrets.json'), postgres: path.join(folder, 'nowhere') });

  it('are made once, differ from each other, and only their owner reads them', async () => {
    const first = await loadSecrets(place());
    expect(await loadSecrets(place())).toEqual(first);
    expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
    expect(Buffer.from(first.logSignerSeed, 'base64')).toHaveLength(32);
    expect((await fs.stat(place().secretsFile)).mode & 0o777).toBe(0o600);
  });

  it('are refused when others can read the file', async () => {
    await fs.chmod(place().secretsFile, 0o644);
    await expect(loadSecrets(place())).rejects.toThrow('can be read by others');
  });

  it('are not made anew for a database that exists: that would be another log', async () => {
    const postgres = path.join(folder, 'orphaned');
    await fs.mkdir(postgres);
    await fs.writeFile(path.join(postgres, 'PG_VERSION'), '18\n');
    await expect(loadSecrets({ secretsFile: path.join(folder, 'absent.json'), postgres })).rejects.toThrow(
      'Restore the file',
    );
  });
});

describe('the data folder', () => {
  it('serves one launcher at a time: a second one is told who holds it', async () => {
    const dataDir = path.join(folder, 'data');
    const first = await openDataDir(dataDir);
    await expect(openDataDir(dataDir)).rejects.toThrow(`in use by process ${process.pid}`);
    first.lock.release();
    (await openDataDir(dataDir)).lock.release();
  });

  it('is free again when its holder was killed', async () => {
    const file = path.join(folder, 'killed.lock');
    const { child, line } = await startScript(
      `const { acquireLock } = await import(${JSON.stringify(path.join(launcher, 'lock.mjs'))});
       await acquireLock(${JSON.stringify(file)}); console.log(process.pid); setInterval(() => {}, 1000);`,
    );
    await expect(acquireLock(file)).rejects.toThrow(`held by process ${line}`);
    child.kill('SIGKILL');
    await goneWithin(Number(line), 5000);
    (await acquireLock(file, { waitMs: 2000 })).release();
  });

  it('is not held by another process that got the same number', async () => {
    const file = path.join(folder, 'reused.lock');
    await fs.writeFile(file, JSON.stringify({ pid: process.pid, ticks: '1' }));
    (await acquireLock(file)).release();
  });
});

describe('the log policy of one machine', () => {
  const parts = {
    logKey: 'l+00000000+AQ==',
    witnessName: 'dev1',
    witnessKey: 'w+00000000+BA==',
    witnessUrl: 'http://127.0.0.1:1',
  };

  it('trusts its one witness and says that it is not independent', () => {
    const policy = developmentPolicy(parts);
    expect(policy.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
      'log l+00000000+AQ==',
      'witness dev1 w+00000000+BA== http://127.0.0.1:1',
      'quorum dev1',
      '',
    ]);
    expect(notIndependent(policy)).toEqual(['dev1']);
  });

  it('cannot be given a second line through a key', () => {
    expect(() => developmentPolicy({ ...parts, witnessKey: 'x\nquorum none' })).toThrow('not one word');
  });
});

describe('the example of settings', () => {
  it('is what the server’s own list of settings says', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(launcher, 'env-example.mjs')]);
    expect(await fs.readFile(path.join(launcher, '../../../.env.example'), 'utf8')).toBe(stdout);
  });
});

describe('a port', () => {
  it('that is taken is exchanged for a free one', async () => {
    const taken = Number(new URL(process.env['TEST_PG_URL'] ?? '').port);
    expect(await isFree(taken)).toBe(false);
    expect(await freePort(taken)).not.toBe(taken);
  });
});

describe('the embedded PostgreSQL', () => {
  const cluster = () => path.join(folder, 'cluster');

  it('keeps its data over a stop, and a pid file whose number was reused does not stop it', async () => {
    const first = await startEmbeddedPostgres({ dataDir: cluster(), password: 'p' });
    await query(first.url(), 'create table kept as select 7 as n');
    await first.stop();
    expect(await goneWithin(first.pid, 5000)).toBe(true);
    await fs.writeFile(path.join(cluster(), 'postmaster.pid'), `${process.pid}\n${cluster()}\n`);
    const second = await startEmbeddedPostgres({ dataDir: cluster(), password: 'p' });
    expect(await query(second.url(), 'select n from kept')).toEqual([{ n: 7 }]);
    await second.stop();
  }, 30_000);

  it('is gone when its launcher is killed with SIGKILL, and starts again at once', async () => {
    const { child, line } = await startScript(
      `const { startEmbeddedPostgres } = await import(${JSON.stringify(path.join(launcher, 'embedded-postgres.mjs'))});
       const s = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(cluster())}, password: 'p' });
       console.log(s.pid); setInterval(() => {}, 1000);`,
    );
    expect(alive(Number(line))).toBe(true);
    child.kill('SIGKILL');
    const again = await startEmbeddedPostgres({ dataDir: cluster(), password: 'p' });
    expect(alive(Number(line))).toBe(false);
    expect(await query(again.url(), 'select n from kept')).toEqual([{ n: 7 }]);
    await again.stop();
  }, 30_000);
});

describe('the web server', () => {
  it('is given no credential of the database, the store or the log, whatever the server has', () => {
    const secrets = [
      'DATABASE_URL',
      'APP_DATABASE_URL',
      'S3_SECRET_KEY',
      'TOKEN_SECRET',
      'LOG_SIGNER_SEED',
      'SMTP_URL',
    ];
    const all = Object.fromEntries([...secrets, 'PATH', 'WEB_TRUSTED_PROXIES'].map((name) => [name, `of ${name}`]));
    const given = webEnv({ ...all, PUBLIC_URL: 'http://x' }, { port: 1, host: 'h', apiUrl: 'http://a', secret: 's' });
    expect(Object.keys(given).sort()).toEqual([
      'API_URL',
      'PATH',
      'WEB_HOST',
      'WEB_PORT',
      'WEB_PUBLIC_URL',
      'WEB_SECRET',
      'WEB_TRUSTED_PROXIES',
    ]);
  });
});

describe('the whole machine', () => {
  it('starts with its witness, survives a kill -9 of each part, and leaves nothing running', async () => {
    const env = { PATH: process.env['PATH'] };
    const stack = await startStack({ dataDir: path.join(folder, 'machine'), port: 0, env, quiet: true, web: true });
    try {
      const killed = stack.api.pid;
      await stack.killApi();
      expect(alive(killed)).toBe(false);
      await stack.startApi();
      const [database, witness] = [stack.database.pid!, stack.witness!.running.pid];
      await Promise.all([stack.killPostgres!(), stack.killWitness!()]);
      expect([alive(database), alive(witness)]).toEqual([false, false]);
      await Promise.all([stack.startPostgres!(), stack.startWitness!()]);
      expect(await query(stack.database.url, 'SELECT count(*) > 0 AS kept FROM tlog.tree')).toEqual([{ kept: true }]);
      expect(stack.health).toMatchObject({ name: 'segel', status: 'ok' });
      const policy = await (await fetch(`${stack.url}/log/policy`)).text();
      expect(notIndependent(policy)).toEqual(['dev1']);
      const page = await fetch(`${stack.url}/en`);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Tenders that stay sealed')]);
    } finally {
      await stack.stop();
    }
    const pids = [stack.api.pid, stack.database.pid ?? 0, stack.witness?.running.pid ?? 0];
    expect(pids.map(alive)).toEqual([false, false, false]);
  }, 60_000);
});
