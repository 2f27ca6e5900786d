/** Finds the command, reads its arguments, runs it, turns every end into an exit code. */
import { parseArgs } from 'node:util';
import { ApiProblem, CheckFailed, NetworkError } from '@segel/acts';
import { Refusal } from '@segel/procurement';
import { SealError } from '@segel/sealing';
import { COMMANDS } from './commands/index.js';
import { Context, GLOBAL_OPTIONS, type Command } from './commands/command.js';
import { helpOf, overview } from './help.js';
import { outputTo, type Streams } from './output.js';
import { Alarm, PromiseBroken, UsageError } from './problem.js';
import { VERSION } from './version.js';

/** 0 done, 1 refused or a check failed, 2 wrong call, 3 no answer from the network, 4 the log contradicts itself (fork
 *  or rollback), 5 the log broke a promise. */
export type ExitCode = number;

/** Runs one call of the program. Never throws for what is expected. */
export async function run(
  args: readonly string[],
  streams: Streams = process,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ExitCode> {
  const json = args.includes('--json');
  try {
    const help = helpFor(args);
    if (help !== undefined) {
      streams.stdout.write(`${help}\n`);
      return 0;
    }
    const command = find(args);
    if (command === undefined) throw new UsageError(`there is no such command; segel help lists them`);
    const rest = args.slice(command.name.split(' ').length);
    const { values, positionals } = parse(command, rest);
    const output = outputTo(streams, json, values['progress'] as string | undefined);
    return (await command.run(new Context(output, values, positionals, env))) ?? 0;
  } catch (error) {
    return report(error, streams, json);
  }
}

function helpFor(args: readonly string[]): string | undefined {
  const [first] = args;
  if (first === '--version') return `segel ${VERSION}`;
  const asked = args.filter((arg) => arg !== '--help' && arg !== '-h' && arg !== 'help');
  if (first !== undefined && asked.length === args.length) return undefined;
  const command = find(asked);
  return command === undefined ? overview(COMMANDS) : helpOf(command);
}

function find(args: readonly string[]): Command | undefined {
  return COMMANDS.find(({ name }) => name.split(' ').every((word, i) => args[i] === word));
}

function parse(command: Command, args: readonly string[]): ReturnType<typeof parseArgs> {
  try {
    const parsed = parseArgs({
      args: [...args],
      options: { ...GLOBAL_OPTIONS, ...command.options },
      allowPositionals: true,
      strict: true,
    });
    if (parsed.positionals.length > (command.positionals ?? 0))
      throw new UsageError(`${JSON.stringify(parsed.positionals.at(-1))} is one argument too many`);
    return parsed;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function report(error: unknown, { stdout, stderr }: Streams, json: boolean): ExitCode {
  const { exit, code, params } = classify(error);
  const message = error instanceof Error ? error.message : String(error);
  if (json) stdout.write(`${JSON.stringify({ error: { code, message, ...(params && { params }) } }, undefined, 2)}\n`);
  else stderr.write(`segel: ${message}${exit === 2 || exit === 3 ? '' : ` (${code})`}\n`);
  if (exit === 2 && !json) stderr.write('segel help COMMAND shows how it is called.\n');
  if (code === 'unexpected' && error instanceof Error && process.env['SEGEL_DEBUG']) stderr.write(`${error.stack}\n`);
  return exit;
}

type End = { readonly exit: ExitCode; readonly code: string; readonly params?: Readonly<Record<string, unknown>> };

function classify(error: unknown): End {
  if (error instanceof UsageError) return { exit: 2, code: 'usage' };
  if (error instanceof NetworkError) return { exit: 3, code: 'network' };
  if (error instanceof Alarm) return { exit: 4, code: error.code, params: error.params };
  if (error instanceof PromiseBroken) return { exit: 5, code: error.code, params: error.params };
  if (error instanceof ApiProblem || error instanceof CheckFailed || error instanceof Refusal)
    return { exit: 1, code: error.code, params: error.params };
  if (error instanceof SealError) return { exit: 1, code: error.code };
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { exit: 2, code: 'no_such_file' };
  return { exit: 1, code: 'unexpected' };
}
