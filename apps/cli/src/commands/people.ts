/** Signing in and out; keys. */
import { newIdentity, newKeyRing, check, type KeyRing, publicKeyOf } from '@segel/acts';
import { random } from '../primitives.js';
import { registerKey, signIn, whoAmI } from '../acts/people.js';
import { ApiClient } from '../api-client.js';
import { exists, readKeyFile, writeKeyFile } from '../keys/key-file.js';
import { askHidden, askNewPassphrase, askPassphrase } from '../keys/passphrase.js';
import { UsageError } from '../problem.js';
import { readSession, removeSession, writeSession } from '../session.js';
import type { Command, Context } from './command.js';

export const login: Command = {
  name: 'login',
  summary: 'Sign in and remember the session and the log policy of the server.',
  usage: '--url URL --email EMAIL',
  examples: ['segel login --url https://tenders.example --email sari@vendor.example'],
  options: { email: { type: 'string' }, 'accept-policy': { type: 'boolean' } },
  async run(context) {
    const { env, output } = context;
    const known = await readSession(env);
    const url = (context.option('url') ?? env['SEGEL_URL'] ?? known?.url)?.replace(/\/+$/, '');
    if (url === undefined) throw new UsageError('--url is missing');
    const email = context.required('email');
    const password = env['SEGEL_PASSWORD'] ?? (await askHidden('Password'));
    const client = new ApiClient({ url });
    const policy = await client.text('/log/policy');
    const kept = known?.url === url ? known.policy : undefined;
    check(
      kept === undefined || kept === policy || context.flag('accept-policy'),
      'policy_changed',
      'The server shows another log policy than before. Find out why; then sign in with --accept-policy.',
    );
    const { token, accountId, sessionId, expiresAt } = await signIn(client, { email, password });
    await writeSession({ url, token, accountId, sessionId, ...(policy === undefined ? {} : { policy }) }, env);
    output.say(`Signed in at ${url} until ${expiresAt}.`);
    output.result({ url, accountId, expiresAt });
  },
};

export const logout: Command = {
  name: 'logout',
  summary: 'End the session on the server and forget it here.',
  usage: '',
  examples: ['segel logout'],
  async run({ env, output }) {
    const session = await readSession(env);
    if (session !== undefined) {
      const client = new ApiClient({ url: session.url, token: session.token });
      const { sessionId } = session;
      // Forgetting the token must work without the server, too.
      const ended = sessionId === undefined ? undefined : client.delete(`/api/sessions/${sessionId}`);
      await ended?.catch(() => output.warn('The server did not end the session; it ends by itself.'));
    }
    await removeSession(env);
    output.say('Signed out.');
    output.result({ signedOut: true });
  },
};

export const keygen: Command = {
  name: 'keygen',
  summary: 'Make the key file; register the signing key. Openers go on with segel opener key.',
  usage: '[--keys FILE] [--auditor] [--register]',
  examples: ['segel keygen --register', 'segel keygen --auditor --register'],
  options: {
    auditor: { type: 'boolean' },
    register: { type: 'boolean' },
  },
  async run(context) {
    const { output, keyFile } = context;
    const keys = await keysOrNew(context);
    const result: Record<string, unknown> = { keyFile, key: publicKeyOf(keys) };
    if (context.flag('register')) {
      const client = await context.client();
      const { id, vendorId } = await whoAmI(client);
      result['registered'] = await registerKey(client, keys, { accountId: id, vendorId });
      output.say('The signing key is registered; its entry stands in the log.');
    }
    output.result(result);
  },
};

async function keysOrNew(context: Context): Promise<KeyRing> {
  const { env, keyFile, output } = context;
  if (await exists(keyFile)) {
    const passphrase = await askPassphrase('Passphrase of the key file', env);
    return readKeyFile(keyFile, passphrase);
  }
  const passphrase = await askNewPassphrase(env);
  const keys = {
    ...newKeyRing(random),
    ...(context.flag('auditor') ? { escrowIdentity: newIdentity(random, 'pq1') } : {}),
  };
  await writeKeyFile(keyFile, keys, passphrase, { replace: false });
  output.say(`New keys in ${keyFile}. Keep a copy and the passphrase: nobody can restore them.`);
  return keys;
}
