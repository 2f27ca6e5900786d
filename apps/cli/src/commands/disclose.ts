import { readFile } from 'node:fs/promises';
import { decryptSeedWithPassphrase } from '@segel/sealing';
import { discloseSeed } from '../acts/disclose.js';
import { readSealedBid } from '../acts/seal.js';
import { askPassphrase } from '../keys/passphrase.js';
import type { Command } from './command.js';

export const disclose: Command = {
  name: 'disclose-seed',
  summary:
    'As a vendor: let your bid be opened although openers failed it. Refused while the log says that it is early.',
  usage: 'SEED-FILE [--log URL|FOLDER]',
  examples: ['segel disclose-seed sealed/0198….seed.age --policy policy.txt'],
  options: { log: { type: 'string' } },
  positionals: 1,
  async run(context) {
    const file = context.argument(0, 'SEED-FILE');
    const { envelope } = await readSealedBid(file);
    const client = await context.client();
    const log = await context.log();
    const passphrase = await askPassphrase('Passphrase for the seed of this bid', context.env);
    const kept = await decryptSeedWithPassphrase(new Uint8Array(await readFile(file)), passphrase);
    await discloseSeed(client, { kept, envelope, log });
    context.output.say('Disclosed. The bid is opened with the others, when every bid of its box can be.');
    context.output.result({ tenderId: kept.tenderId, bidId: kept.bidId });
  },
};
