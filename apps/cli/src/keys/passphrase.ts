/** Asking for a secret: SEGEL_PASSPHRASE, or typed at a terminal without being shown. */
import { UsageError } from '../problem.js';

const MINIMUM = 12;

/** The passphrase from the environment or typed. Throws when there is neither variable nor terminal. */
export async function askPassphrase(label = 'Passphrase', env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return env['SEGEL_PASSPHRASE'] ?? askHidden(label);
}

/** A new passphrase, typed twice. Throws on a short one. */
export async function askNewPassphrase(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const passphrase = await askPassphrase(`New passphrase (at least ${MINIMUM} characters)`, env);
  if (passphrase.length < MINIMUM) throw new UsageError(`a passphrase has at least ${MINIMUM} characters`);
  if (env['SEGEL_PASSPHRASE'] === undefined && (await askHidden('Again')) !== passphrase)
    throw new UsageError('the two passphrases differ');
  return passphrase;
}

/** Reads one line from the terminal without echo. */
export async function askHidden(label: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) throw new UsageError(`${label}: there is no terminal to ask at; set SEGEL_PASSPHRASE`);
  stderr.write(`${label}: `);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8').resume();
  try {
    return await readLine(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

function readLine(stdin: NodeJS.ReadStream): Promise<string> {
  let line = '';
  return new Promise((resolve, reject) => {
    const onData = (text: string): void => {
      for (const character of text) {
        if (character === '\r' || character === '\n' || character === '\u0004') return finish(() => resolve(line));
        if (character === '\u0003') return finish(() => reject(new UsageError('stopped')));
        line = character === '\u007f' || character === '\b' ? line.slice(0, -1) : line + character;
      }
    };
    const finish = (settle: () => void): void => {
      stdin.off('data', onData);
      settle();
    };
    stdin.on('data', onData);
  });
}
