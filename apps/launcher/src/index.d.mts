// The launcher is plain JavaScript because it runs before anything is installed; these are its types for the tests.
import type { ChildProcess } from 'node:child_process';

export type End = { readonly name: string; readonly code: number | string | null };

/** A child of the launcher. `said` holds the end of its output when it was started quietly. */
export type Running = {
  readonly name: string;
  readonly child: ChildProcess;
  readonly pid: number;
  readonly said: string;
  readonly code: number | string | null | undefined;
  readonly exited: Promise<End>;
};

export type Paths = {
  readonly dataDir: string;
  readonly objects: string;
  readonly mail: string;
  readonly witness: string;
  readonly postgres: string;
  readonly secretsFile: string;
  readonly policyFile: string;
  readonly lock: { release(): void };
};

export type Secrets = {
  readonly logOrigin: string;
  readonly logSignerSeed: string;
  readonly promiseSeed: string;
  readonly tokenSecret: string;
  readonly webSecret: string;
  readonly postgresPassword: string;
};

export type Postgres = {
  readonly port: number;
  readonly pid: number;
  readonly exited: Promise<number | null>;
  url(database?: string): string;
  stop(): Promise<unknown>;
};

export type Stack = {
  readonly url: string;
  readonly publicUrl: string;
  /** The complete environment that the server runs with. */
  readonly env: Readonly<Record<string, string>>;
  readonly paths: Paths;
  readonly database: { readonly url: string; readonly pid?: number };
  readonly witness?: { readonly running: Running; readonly name: string; readonly key: string; readonly url: string };
  /** The server as it runs now; another one after killApi and startApi. */
  readonly api: Running;
  /** The health document of the last start. */
  readonly health: { readonly name: 'segel'; readonly status: string; readonly empty: boolean };
  /** Resolves when a part ends that nobody asked to end. */
  readonly died: Promise<End>;
  /** kill -9 of the server alone; the rest goes on. */
  killApi(): Promise<void>;
  stopApi(): Promise<void>;
  /** Starts it again, with these settings over the usual ones. Rejects when it ends before it answers. */
  startApi(settings?: Readonly<Record<string, string>>): Promise<Running>;
  /** kill -9 of the postmaster and of every backend at once; undefined when the database is not ours. */
  readonly killPostgres?: () => Promise<void>;
  /** Resolves when it has recovered. */
  readonly startPostgres?: () => Promise<void>;
  readonly killWitness?: () => Promise<void>;
  /** Resolves with its key when it answers. */
  readonly startWitness?: (settings?: Readonly<Record<string, string>>) => Promise<string>;
  /** Something more to stop, before everything else. */
  onStop(stop: () => Promise<void>): void;
  stop(): Promise<void>;
};

export function acquireLock(
  file: string,
  options?: { readonly waitMs?: number; readonly refusal?: (pid: number) => string },
): Promise<{ release(): void }>;
export function isInstalled(lockFile?: string, installedFile?: string): boolean;
export function checkNode(version?: string): void;
export function openDataDir(dataDir?: string): Promise<Paths>;
export function removeDataDir(dataDir: string): Promise<void>;
export function loadSecrets(paths: Pick<Paths, 'secretsFile' | 'postgres'>): Promise<Secrets>;
export function developmentPolicy(parts: {
  readonly logKey: string;
  readonly witnessName: string;
  readonly witnessKey: string;
  readonly witnessUrl: string;
}): string;
export function notIndependent(policy: string): string[];
export function startEmbeddedPostgres(options: {
  readonly dataDir: string;
  readonly password: string;
  readonly port?: number;
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string | number>>;
}): Promise<Postgres>;
export function freePort(preferred?: number, host?: string): Promise<number>;
export function isFree(port: number, host?: string): Promise<boolean>;
export function startStack(options?: {
  readonly dataDir?: string;
  /** 0 = any free port. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly quiet?: boolean;
  readonly witness?: boolean;
  /** With the web server before the API: `url` is its address then. */
  readonly web?: boolean;
  readonly say?: (line: string) => void;
  /** How long the server may take to answer. */
  readonly seconds?: number;
}): Promise<Stack>;
export function webEnv(
  env: Readonly<Record<string, string | undefined>>,
  place: { readonly port: number; readonly host: string; readonly apiUrl: string; readonly secret: string },
): Readonly<Record<string, string>>;
