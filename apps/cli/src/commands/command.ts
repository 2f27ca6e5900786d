/** What a command is, and what it may use. */
import { readFile } from 'node:fs/promises';
import type { KeyRing, LogReader } from '@segel/acts';
import { parsePolicy, type Policy } from '@segel/tlog';
import type { ApiClient } from '../api-client.js';
import { defaultKeyFile, readKeyFile } from '../keys/key-file.js';
import { askPassphrase } from '../keys/passphrase.js';
import { openLog } from '../log-reader.js';
import type { Output } from '../output.js';
import { UsageError } from '../problem.js';
import { clientOf, type Session } from '../session.js';

/** Options of a command as node:util parseArgs takes them. */
export type OptionShapes = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>
>;

export type Command = {
  /** One or two words. */
  readonly name: string;
  readonly summary: string;
  /** Arguments as shown behind the name. */
  readonly usage: string;
  readonly examples: readonly string[];
  readonly options?: OptionShapes;
  /** How many positional arguments it takes at most. */
  readonly positionals?: number;
  /** Does it; returns the exit code, 0 unless told. */
  readonly run: (context: Context) => Promise<number | void>;
};

/** Options that every command has. */
export const GLOBAL_OPTIONS = {
  url: { type: 'string' },
  keys: { type: 'string' },
  policy: { type: 'string' },
  json: { type: 'boolean' },
  progress: { type: 'string' },
  help: { type: 'boolean' },
} as const satisfies OptionShapes;

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** One call of a command. */
export class Context {
  constructor(
    readonly output: Output,
    private readonly values: Values,
    private readonly positionals: readonly string[],
    readonly env: NodeJS.ProcessEnv,
  ) {}

  /** The text of an option, or undefined. */
  option(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** Every text of an option that may be given more than once. */
  options(name: string): readonly string[] {
    const value = this.values[name];
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  flag(name: string): boolean {
    return this.values[name] === true;
  }

  /** The text of an option that must be given. */
  required(name: string): string {
    const value = this.option(name);
    if (value === undefined) throw new UsageError(`--${name} is missing`);
    return value;
  }

  /** A positional argument that must be given. */
  argument(index: number, name: string): string {
    const value = this.positionals[index];
    if (value === undefined) throw new UsageError(`${name} is missing`);
    return value;
  }

  optionalArgument(index: number): string | undefined {
    return this.positionals[index];
  }

  server(): Promise<{ readonly client: ApiClient; readonly session: Session | undefined }> {
    return clientOf({ url: this.option('url') }, this.env);
  }

  async client(): Promise<ApiClient> {
    const { client } = await this.server();
    if (!client.signedIn) throw new UsageError('sign in first: segel login --url … --email …');
    return client;
  }

  get keyFile(): string {
    return this.option('keys') ?? defaultKeyFile(this.env);
  }

  async keys(): Promise<KeyRing> {
    return readKeyFile(this.keyFile, await askPassphrase('Passphrase of the key file', this.env));
  }

  /** The policy of `--policy`, else the one kept at sign-in, else what the server shows, which is said. */
  async policyText(): Promise<string> {
    const file = this.option('policy');
    if (file !== undefined) return readFile(file, 'utf8');
    const { client, session } = await this.server();
    if (session?.policy !== undefined) return session.policy;
    this.output.warn(
      'The log policy is the one that the server itself shows; give --policy with one you got elsewhere.',
    );
    const text = await client.text('/log/policy');
    if (text === undefined) throw new UsageError('the server shows no log policy: give --policy');
    return text;
  }

  async policy(): Promise<Policy> {
    return parsePolicy(await this.policyText());
  }

  /** Where the log is: `--log` (URL or folder), else the server's. */
  async logBase(): Promise<string> {
    return this.option('log') ?? `${(await this.server()).client.url}/log`;
  }

  /** The log there, at its newest checkpoint or at the one given. */
  async log(checkpoint?: string): Promise<LogReader> {
    const options = checkpoint === undefined ? {} : { checkpoint };
    return openLog(await this.logBase(), await this.policy(), options);
  }
}

/** Says what makes the evidence weaker than it looks. */
export function sayIndependence(output: Output, notIndependent: boolean | readonly string[]): void {
  const names = typeof notIndependent === 'boolean' ? '' : ` (${notIndependent.join(', ')})`;
  if (notIndependent === true || names.length > 3)
    output.warn(
      `NOT INDEPENDENT: the log policy marks its witnesses as the operator's own${names}. They prove nothing against the operator.`,
    );
}
