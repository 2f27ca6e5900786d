/** Help, from the same descriptions that the commands run by. */
import type { Command } from './commands/command.js';

const GLOBAL = `Every command takes
  --url URL      the server (or SEGEL_URL, or the one signed in to)
  --keys FILE    the key file (default: keys.age in $SEGEL_HOME or ~/.config/segel)
  --policy FILE  the log policy you trust, got from elsewhere than the server
  --json         the result as one JSON document
  --progress HOW json (a line of JSON a second on standard error), bar or none
Secrets are asked for at the terminal, or taken from SEGEL_PASSPHRASE, SEGEL_PASSWORD and SEGEL_TOKEN.
Exit codes: 0 done, 1 refused or a check failed, 2 wrong call, 3 no answer from the network,
4 the log contradicts itself (fork or rollback), 5 the log broke a promise.`;

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `segel: sealed bids that nobody can open early, in a log that nobody can rewrite unseen.\n\n${lines.join('\n')}\n\n${GLOBAL}\nsegel help COMMAND shows examples.`;
}

export function helpOf({ name, summary, usage, examples }: Command): string {
  const shown = examples.map((example) => `  ${example}`).join('\n');
  return `${summary}\n\n  segel ${name} ${usage}`.trimEnd() + `\n\nFor example:\n${shown}\n\n${GLOBAL}`;
}
