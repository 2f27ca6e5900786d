/** The key of one tender, from its making to its loss. */
import {
  askDrill,
  check,
  proveReadiness,
  recipientOfIdentity,
  registeredRecipient,
  registerOpenerKey,
  revokeOpenerKey,
  sameKeys,
  withFreshIdentity,
  withOpenerIdentity,
} from '@segel/acts';
import { random } from '../primitives.js';
import { whoAmI } from '../acts/people.js';
import { exists, readKeyFile, writeKeyFile } from '../keys/key-file.js';
import { askNewPassphrase, askPassphrase } from '../keys/passphrase.js';
import { readRecoveryFile, writeRecoveryFile } from '../keys/recovery-file.js';
import { UsageError } from '../problem.js';
import type { Command, Context } from './command.js';

/** The recovery file has a passphrase of its own: `SEGEL_RECOVERY_PASSPHRASE`, or typed. */
const recoveryEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  SEGEL_PASSPHRASE: env['SEGEL_RECOVERY_PASSPHRASE'],
});

export const openerKey: Command = {
  name: 'opener key',
  summary: 'As an opener: make the key of one tender, keep it twice, prove both copies, then register it.',
  usage: 'TENDER --recovery FILE [--suite pq1|x1] [--replace]',
  examples: [
    'segel opener key 0197… --recovery /media/stick/roof.txt',
    'segel opener key 0197… --replace --recovery new.txt',
  ],
  options: { recovery: { type: 'string' }, suite: { type: 'string' }, replace: { type: 'boolean' } },
  positionals: 1,
  async run(context) {
    const { output, env, keyFile } = context;
    const tenderId = context.argument(0, 'TENDER');
    const recovery = context.required('recovery');
    const suite = context.option('suite') ?? 'pq1';
    if (suite !== 'pq1' && suite !== 'x1') throw new UsageError('--suite is pq1 or x1');
    const client = await context.client();
    const { id: openerId } = await whoAmI(client);
    const passphrase = await askPassphrase('Passphrase of the key file', env);
    const keys = await readKeyFile(keyFile, passphrase);
    const registered = await registeredRecipient(client, { tenderId, openerId });
    const isOurs = keys.openerIdentities.some(({ identity }) => recipientOfIdentity(identity) === registered);
    // A key that was revoked never holds again: what the server does not hold is made anew.
    const grown =
      isOurs && !context.flag('replace')
        ? withOpenerIdentity(random, keys, tenderId, suite).keys
        : withFreshIdentity(random, keys, tenderId, suite);
    output.say('Now a passphrase for the recovery file: another one than that of the key file.');
    const second = await askNewPassphrase(recoveryEnv(env));
    check(second !== passphrase, 'same_passphrase', 'The recovery file needs a passphrase of its own.');
    await writeRecoveryFile(recovery, grown, second);
    await writeKeyFile(keyFile, grown, passphrase, { replace: true });
    const proven = sameKeys(await readKeyFile(keyFile, passphrase), grown);
    check(proven, 'recovery_unproven', `${keyFile} could not be read back. Nothing was registered.`);
    if (context.flag('replace')) await revokeOpenerKey(client, keys, { tenderId, openerId });
    const { recipient } = await registerOpenerKey(client, random, grown, { tenderId, openerId, suite });
    output.say(`Both files were opened again, and the key for tender ${tenderId} is registered.`);
    sayWhereToKeep(context, recovery);
    output.result({ keyFile, recovery, recipient });
  },
};

function sayWhereToKeep({ output, keyFile }: Context, recovery: string): void {
  output.say(`Keep ${keyFile} on the computer you open with.`);
  output.say(`Move ${recovery} off this computer: print it, or put it on a stick in a safe, in another building.`);
  output.say('Keep its passphrase in a third place. Nobody can restore any of this for you.');
}

export const openerRecover: Command = {
  name: 'opener recover',
  summary: 'Make a working key file from a recovery file.',
  usage: 'RECOVERY-FILE [--keys FILE]',
  examples: ['segel opener recover /media/stick/roof.txt'],
  positionals: 1,
  async run(context) {
    const { output, env, keyFile } = context;
    const file = context.argument(0, 'RECOVERY-FILE');
    check(!(await exists(keyFile)), 'key_file_exists', `${keyFile} is there already: give another with --keys.`);
    const keys = await readRecoveryFile(file, await askPassphrase('Passphrase of the recovery file', recoveryEnv(env)));
    const passphrase = await askNewPassphrase(env);
    await writeKeyFile(keyFile, keys, passphrase, { replace: false });
    const tenders = keys.openerIdentities.map(({ tenderId }) => tenderId);
    output.say(
      `The keys are in ${keyFile}: ${tenders.length} of tenders. Prove that they work: segel opener drill TENDER`,
    );
    output.result({ keyFile, tenders });
  },
};

export const openerDrill: Command = {
  name: 'opener drill',
  summary: 'As an opener: ask for a challenge to your key of a tender and answer it.',
  usage: 'TENDER',
  examples: ['segel opener drill 0197…'],
  positionals: 1,
  async run(context) {
    const tenderId = context.argument(0, 'TENDER');
    const client = await context.client();
    const { id } = await whoAmI(client);
    const keys = await context.keys();
    await askDrill(client, tenderId);
    const proved = await proveReadiness(client, keys, id);
    check(proved.includes(tenderId), 'no_challenge', 'The notice in force pins no key of yours that holds.');
    context.output.say('Your key opened the challenge: you can open your shares. The log has it.');
    context.output.result({ tenderId, proved: true });
  },
};

export const openerRevoke: Command = {
  name: 'opener revoke',
  summary: 'As an opener: say that your key of a tender is lost, or in other hands. The officers are told at once.',
  usage: 'TENDER',
  examples: ['segel opener revoke 0197…'],
  positionals: 1,
  async run(context) {
    const tenderId = context.argument(0, 'TENDER');
    const client = await context.client();
    const { id: openerId } = await whoAmI(client);
    await revokeOpenerKey(client, await context.keys(), { tenderId, openerId });
    context.output.say('Revoked. Register another with segel opener key; an addendum then has bids sealed to it.');
    context.output.result({ tenderId });
  },
};
