/** What openers, auditors and signing officials do. */
import { createInterface } from 'node:readline/promises';
import { attestBox, proveReadiness, releaseShares } from '@segel/acts';
import { announceAward, decideAward, declareConflict, fetchAward } from '../acts/award.js';
import { approve, fetchNoticeDraft, fetchTerms, submitForApproval } from '../acts/notice.js';
import { whoAmI } from '../acts/people.js';
import { UsageError } from '../problem.js';
import { sayIndependence, type Command, type Context } from './command.js';

export const ready: Command = {
  name: 'ready',
  summary: 'Prove to every open challenge that you still hold your opener keys.',
  usage: '',
  examples: ['segel ready'],
  async run(context) {
    const client = await context.client();
    const { id } = await whoAmI(client);
    const tenders = await proveReadiness(client, await context.keys(), id);
    context.output.say(tenders.length === 0 ? 'There is no open challenge.' : `Proved for ${tenders.join(', ')}.`);
    context.output.result({ tenders });
  },
};

export const attest: Command = {
  name: 'attest',
  summary: 'As an auditor: open every entry of the period, rebuild the box, attest that it is complete.',
  usage: 'TENDER BOX [--log URL|FOLDER]',
  examples: ['segel attest 0197… 0198…'],
  options: { log: { type: 'string' } },
  positionals: 2,
  async run(context) {
    const [tenderId, boxId] = [context.argument(0, 'TENDER'), context.argument(1, 'BOX')];
    const log = await context.log();
    const done = await attestBox(await context.client(), await context.keys(), { tenderId, boxId, log });
    context.output.say(`Attested: ${done.count} bids, by ${done.opened} opened entries.`);
    context.output.result(done);
  },
};

export const release: Command = {
  name: 'release',
  summary: 'As an opener: decide from the log whether the box may be opened, then release your shares of all bids.',
  usage: 'TENDER BOX [--log URL|FOLDER]',
  examples: ['segel release 0197… 0198… --policy policy.txt'],
  options: { log: { type: 'string' } },
  positionals: 2,
  async run(context) {
    const { output } = context;
    const [tenderId, boxId] = [context.argument(0, 'TENDER'), context.argument(1, 'BOX')];
    const client = await context.client();
    const { id: openerId } = await whoAmI(client);
    const log = await context.log();
    const { bids, complaints, group, permission } = await releaseShares(client, await context.keys(), {
      now: new Date(),
      tenderId,
      boxId,
      openerId,
      log,
    });
    output.say(`Released your shares of ${bids} bids for the group ${group}.`);
    for (const bidId of complaints)
      output.warn(`Bid ${bidId} holds no share for you: you complained about it in the release.`);
    if (permission.attestationWaived) output.warn('No auditor attested the box: the rules of this tender waive it.');
    sayIndependence(output, permission.notIndependent);
    const { attestationWaived, notIndependent } = permission;
    output.result({ bids, complaints, group, attestationWaived, notIndependent });
  },
};

export const signNotice: Command = {
  name: 'sign-notice',
  summary: 'Show the notice of a tender and sign it: as its preparer, or with --approve as its approver.',
  usage: 'TENDER [--approve] [--yes]',
  examples: ['segel sign-notice 0197…', 'segel sign-notice 0197… --approve'],
  options: { approve: { type: 'boolean' }, yes: { type: 'boolean' } },
  positionals: 1,
  async run(context) {
    const tenderId = context.argument(0, 'TENDER');
    const client = await context.client();
    const draft = await fetchNoticeDraft(client, tenderId);
    const terms = await fetchTerms(client, tenderId, draft);
    await showAndAsk(context, `Notice of version ${draft.version}, and the terms it binds`, {
      notice: draft.body,
      terms,
    });
    const keys = await context.keys();
    // Exactly what was shown is signed; a draft that changed meanwhile is refused by the server.
    await (context.flag('approve') ? approve : submitForApproval)(client, keys, tenderId, draft);
    context.output.say(context.flag('approve') ? 'Signed and approved.' : 'Signed and submitted for approval.');
    context.output.result({ tenderId, version: draft.version });
  },
};

export const conflict: Command = {
  name: 'declare-conflict',
  summary: 'As an evaluator: declare an interest in a tender, or none.',
  usage: 'TENDER --none | --interest',
  examples: ['segel declare-conflict 0197… --none'],
  options: { none: { type: 'boolean' }, interest: { type: 'boolean' } },
  positionals: 1,
  async run(context) {
    if (context.flag('none') === context.flag('interest')) throw new UsageError('give --none or --interest');
    const tenderId = context.argument(0, 'TENDER');
    const client = await context.client();
    const { id: accountId } = await whoAmI(client);
    const declared = { tenderId, accountId, conflict: context.flag('interest') };
    await declareConflict(client, await context.keys(), declared);
    context.output.say('Declared.');
    context.output.result(declared);
  },
};

export const award: Command = {
  name: 'award',
  summary: 'As the award authority: show and sign the intended award, or with --decide the award after the standstill.',
  usage: 'TENDER LOT [--decide] [--yes]',
  examples: ['segel award 0197… 0198…', 'segel award 0197… 0198… --decide'],
  options: { decide: { type: 'boolean' }, yes: { type: 'boolean' } },
  positionals: 2,
  async run(context) {
    const lot = { tenderId: context.argument(0, 'TENDER'), lotId: context.argument(1, 'LOT') };
    const client = await context.client();
    const draft = await fetchAward(client, lot);
    const shown = context.flag('decide') ? draft.decisionBody : draft.body;
    await showAndAsk(context, context.flag('decide') ? 'Award' : 'Intended award', shown ?? {});
    const act = context.flag('decide') ? decideAward : announceAward;
    const body = await act(client, await context.keys(), lot, draft);
    context.output.say('Signed.');
    context.output.result(body);
  },
};

async function showAndAsk(context: Context, title: string, body: object): Promise<void> {
  if (context.flag('yes')) return;
  if (!process.stdin.isTTY) throw new UsageError('there is no terminal to ask at; add --yes to sign unseen');
  process.stderr.write(`${title}:\n${JSON.stringify(body, undefined, 2)}\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if ((await terminal.question('Sign this? Type yes: ')) !== 'yes') throw new UsageError('not signed');
  } finally {
    terminal.close();
  }
}
