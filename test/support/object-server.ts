/** A real S3 server for tests: Ceph's RADOS gateway on one monitor and one storage daemon, in memory, on loopback. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'minio';
import { freePort } from '../bench/net.js';

export type Keys = { readonly accessKey: string; readonly secretKey: string };
export type ObjectServer = Keys & {
  readonly endpoint: string;
  /** With versions, object lock and a default retention of a day in COMPLIANCE mode. */
  readonly bucket: string;
  readonly retentionDays: 1;
  readonly region: string;
  /** Whose buckets they are; `accessKey` may only what the bucket's policy allows it. */
  readonly owner: Keys;
  /** kill -9 of the gateway; what it had stored is with the daemon behind it. */
  killGateway(): Promise<void>;
  /** Starts it again; resolves when it answers. */
  startGateway(): Promise<void>;
  stop(): Promise<void>;
};

const PROGRAMS = ['ceph-mon', 'ceph-osd', 'radosgw', 'ceph', 'radosgw-admin', 'monmaptool'];
const REGION = 'us-east-1';
const BUCKET = 'segel';
const PREFIX = 'segel-test-s3-';
const PATIENCE_MS = 90_000;

/** Why no S3 server can be started on this machine, or undefined when one can. */
export function objectServerLacks(): string | undefined {
  const missing = PROGRAMS.filter((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error);
  if (missing.length === 0) return undefined;
  const packages = 'radosgw ceph-mon ceph-osd ceph-common';
  return `no ${missing.join(', ')} on this machine (Debian: apt install ${packages})`;
}

/** Starts the server, a bucket and two accounts; undefined with a printed reason where the programs are missing. */
export async function startObjectServer(): Promise<ObjectServer | undefined> {
  const lacks = objectServerLacks();
  if (lacks !== undefined) {
    console.log(`No S3 server was started: ${lacks}.`);
    return undefined;
  }
  await removeLeftovers();
  const cluster = new Cluster(await mkdtemp(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`)));
  try {
    const endpoint = await cluster.start();
    const owner = cluster.account('owner');
    const application = cluster.account('segel');
    await makeBucket(endpoint, owner);
    return {
      endpoint,
      bucket: BUCKET,
      retentionDays: 1,
      region: REGION,
      ...application,
      owner,
      killGateway: () => cluster.killGateway(),
      startGateway: () => cluster.startGateway(endpoint),
      stop: () => cluster.stop(),
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** A minio client for what the adapter never does: making buckets, deleting versions. */
export function clientOf(endpoint: string, keys: Keys): Client {
  const { hostname, port } = new URL(endpoint);
  return new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    ...keys,
    region: REGION,
    pathStyle: true,
  });
}

/** Gives a bucket a default retention of a day. */
export async function retainForADay(client: Client, bucket: string, mode: 'COMPLIANCE' | 'GOVERNANCE'): Promise<void> {
  // The client's types know neither that the fields are strings nor that it answers with a promise.
  await (client.setObjectLockConfig(bucket, { mode, unit: 'Days', validity: 1 } as never) as unknown as Promise<void>);
}

/** The bucket of docker/minio-init.sh, with the rights that the server's account has there. */
async function makeBucket(endpoint: string, owner: Keys): Promise<void> {
  const client = clientOf(endpoint, owner);
  await client.makeBucket(BUCKET, REGION, { ObjectLocking: true });
  await retainForADay(client, BUCKET, 'COMPLIANCE');
  const allow = (actions: readonly string[], resource: string): object => ({
    Effect: 'Allow',
    Principal: { AWS: ['arn:aws:iam:::user/segel'] },
    Action: actions.map((action) => `s3:${action}`),
    Resource: [`arn:aws:s3:::${resource}`],
  });
  const ofBucket = ['GetBucketLocation', 'GetBucketObjectLockConfiguration', 'GetBucketVersioning', 'ListBucket'];
  const ofObjects = ['AbortMultipartUpload', 'GetObject', 'GetObjectRetention', 'GetObjectVersion', 'PutObject'];
  const ofLocks = ['PutObjectRetention'];
  const policy = {
    Version: '2012-10-17',
    Statement: [
      allow([...ofBucket, 'ListBucketMultipartUploads', 'ListBucketVersions'], BUCKET),
      allow([...ofObjects, ...ofLocks, 'ListMultipartUploadParts'], `${BUCKET}/*`),
    ],
  };
  await client.setBucketPolicy(BUCKET, JSON.stringify(policy));
}

/** A run that was killed could not remove its folder; the number in its name says that it is over. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : 0;
    if (pid > 0 && !isAlive(pid)) await rm(path.join(os.tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

class Cluster {
  private readonly daemons: ChildProcess[] = [];
  private readonly conf: string;
  private readonly killDaemons = (): void => this.daemons.forEach((daemon) => daemon.kill('SIGKILL'));

  constructor(private readonly folder: string) {
    this.conf = path.join(folder, 'ceph.conf');
    process.once('exit', this.killDaemons);
  }

  /** Resolves to the gateway's address when it answers. */
  async start(): Promise<string> {
    const [gateway, monitor] = [await freePort(), await freePort()];
    const fsid = randomUUID();
    for (const name of ['mon', 'osd', 'run', 'log']) await mkdir(path.join(this.folder, name));
    await writeFile(this.conf, configuration(this.folder, { fsid, gateway, monitor }));

    const monmap = path.join(this.folder, 'monmap');
    this.run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', `[v2:127.0.0.1:${monitor}]`, monmap]);
    this.run('ceph-mon', ['-c', this.conf, '-i', 'a', '--mkfs', '--monmap', monmap]);
    this.daemon('ceph-mon', ['-i', 'a']);

    const osd = randomUUID();
    this.run('ceph', ['-c', this.conf, '--connect-timeout', '60', 'osd', 'new', osd]);
    this.run('ceph-osd', ['-c', this.conf, '-i', '0', '--mkfs', '--osd-uuid', osd]);
    this.daemon('ceph-osd', ['-i', '0']);
    await this.until('the storage daemon', () => this.run('ceph', ['-c', this.conf, 'osd', 'stat']).includes('1 up'));

    const endpoint = `http://127.0.0.1:${gateway}`;
    await this.startGateway(endpoint);
    return endpoint;
  }

  async startGateway(endpoint: string): Promise<void> {
    this.daemon('radosgw', ['-n', 'client.rgw.t']);
    await this.until('the gateway', () =>
      fetch(endpoint).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
  }

  /** It was started last. */
  async killGateway(): Promise<void> {
    const gateway = this.daemons.pop()!;
    const ended = new Promise((resolve) => gateway.once('exit', resolve));
    gateway.kill('SIGKILL');
    await ended;
  }

  account(name: string): Keys {
    const keys = { accessKey: randomBytes(10).toString('hex'), secretKey: randomBytes(20).toString('hex') };
    const secrets = [`--access-key=${keys.accessKey}`, `--secret-key=${keys.secretKey}`];
    this.run('radosgw-admin', [
      '-c',
      this.conf,
      'user',
      'create',
      `--uid=${name}`,
      `--display-name=${name}`,
      ...secrets,
    ]);
    return keys;
  }

  /** Nothing in memory is worth an orderly end. */
  async stop(): Promise<void> {
    process.off('exit', this.killDaemons);
    const running = this.daemons.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ends = running.map((daemon) => new Promise((resolve) => daemon.once('exit', resolve)));
    this.killDaemons();
    await Promise.all(ends);
    await rm(this.folder, { recursive: true, force: true });
  }

  private run(program: string, args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: PATIENCE_MS });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed (${status}): ${stderr}`);
    return stdout;
  }

  /** In the foreground, so that it is our child; `setpriv` ends it with us even when we are killed. */
  private daemon(program: string, args: readonly string[]): void {
    const command = [program, '-f', '-c', this.conf, ...args];
    const withUs = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
    const [first = program, ...rest] = withUs ? ['setpriv', '--pdeathsig', 'KILL', ...command] : command;
    this.daemons.push(spawn(first, rest, { stdio: 'ignore' }));
  }

  private async until(what: string, ready: () => boolean | Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + PATIENCE_MS; !(await ready()); await sleep(200)) {
      if (this.daemons.some(({ exitCode }) => exitCode !== null)) throw new Error(`${what} or what it needs ended`);
      if (Date.now() > deadline) throw new Error(`${what} did not start within ${PATIENCE_MS / 1000} seconds`);
    }
  }
}

type Ports = { readonly fsid: string; readonly gateway: number; readonly monitor: number };

/** One copy of everything, in memory, nobody asked for a key. The gateway's section repeats `auth client required` and
 *  sets `ms mon client mode`: with its built-in defaults it waits for ever. */
function configuration(folder: string, { fsid, gateway, monitor }: Ports): string {
  return `[global]
fsid = ${fsid}
mon host = [v2:127.0.0.1:${monitor}]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
auth allow insecure global id reclaim = false
run dir = ${folder}/run
admin socket = ${folder}/run/$name.$pid.asok
log file = ${folder}/log/$name.log
log to stderr = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
mon data avail warn = 1
mon data avail crit = 1
ms bind ipv6 = false
[mon.a]
mon data = ${folder}/mon
[osd.0]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd memory target = 939524096
osd max object size = 134217728
[client.rgw.t]
ms mon client mode = crc
auth client required = none
rgw frontends = beast endpoint=127.0.0.1:${gateway}
rgw thread pool size = 32
rgw crypt require ssl = false
rgw dns name =
rgw override bucket index max shards = 1
`;
}
