/** Who is signed in where: address, token and the log's policy as it was when signing in. */
import { readFile, rm } from 'node:fs/promises';
import { ApiClient } from './api-client.js';
import { inHome, writePrivately } from './home.js';
import { UsageError } from './problem.js';

export type Session = {
  readonly url: string;
  readonly token: string;
  readonly accountId: string;
  readonly sessionId?: string;
  /** The policy the server showed at the first sign-in. A later, other one is refused until the user agrees. */
  readonly policy?: string;
};

const FILE = 'session.json';

/** The stored session, or undefined. */
export async function readSession(env: NodeJS.ProcessEnv = process.env): Promise<Session | undefined> {
  try {
    return JSON.parse(await readFile(inHome(FILE, env), 'utf8')) as Session;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`${inHome(FILE, env)} is damaged; delete it and sign in again`, { cause: error });
  }
}

/** Stores the session, readable by its owner only: the token is as good as the password while it lasts. */
export async function writeSession(session: Session, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  await writePrivately(inHome(FILE, env), `${JSON.stringify(session, undefined, 2)}\n`);
}

export async function removeSession(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  await rm(inHome(FILE, env), { force: true });
}

/** A client from `--url`, SEGEL_URL and SEGEL_TOKEN, else from the stored session. A stored token goes only to the
 *  server it is of. */
export async function clientOf(
  given: { readonly url?: string | undefined },
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly client: ApiClient; readonly session: Session | undefined }> {
  const stored = await readSession(env);
  const url = (given.url ?? env['SEGEL_URL'] ?? stored?.url)?.replace(/\/+$/, '');
  if (url === undefined) throw new UsageError('no server is known: sign in, or give --url or SEGEL_URL');
  const session = stored?.url === url ? stored : undefined;
  return { client: new ApiClient({ url, token: env['SEGEL_TOKEN'] ?? session?.token }), session };
}
