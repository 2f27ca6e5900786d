/** Receipts, and the promises that stand in for them until they come. */
import { readFile } from 'node:fs/promises';
import { check, CheckFailed, judgePromise, readBidReceipt, type JudgedPromise } from '@segel/acts';
import { formatInstant, toBase64, type Envelope } from '@segel/encoding';
import { openManifest } from '@segel/sealing';
import { notIndependentWitnesses } from '@segel/tlog';
import { readSealedBid } from '../acts/seal.js';
import { writePrivately } from '../home.js';
import { logSource } from '../log-source.js';
import { verifyWithNode } from '../primitives.js';
import { PromiseBroken } from '../problem.js';
import { sayIndependence, type Command, type Context } from './command.js';

/** A second of a quorum as people read it. */
export const seconds = (time: number | undefined): string =>
  time === undefined ? 'by no quorum' : new Date(time * 1000).toISOString();

export const receiptVerify: Command = {
  name: 'receipt verify',
  summary: 'Verify a receipt offline; or a promise against the log: kept, broken, or too young to tell.',
  usage: 'FILE --policy FILE [--manifest FILE | --log URL|FOLDER [--checkpoint FILE] [--proof FILE]]',
  examples: [
    'segel receipt verify sealed/0197….receipt.tlog-proof --policy policy.txt',
    'segel receipt verify sealed/0197….promise.json --log ./mirror --policy policy.txt',
  ],
  options: {
    manifest: { type: 'string' },
    log: { type: 'string' },
    checkpoint: { type: 'string' },
    proof: { type: 'string' },
  },
  positionals: 1,
  async run(context) {
    const { output } = context;
    const given = await readFile(context.argument(0, 'FILE'), 'utf8');
    if (given.trimStart().startsWith('{')) return verifyPromise(context, JSON.parse(given) as Envelope);
    const policy = await context.policy();
    const checked = readBidReceipt(given, policy);
    const { receipt, entry, entrySha256 } = checked;
    const manifestFile = context.option('manifest');
    if (manifestFile !== undefined) {
      const { envelope } = await readSealedBid(manifestFile);
      const { manifestSha256 } = openManifest(envelope, { demonstration: true }, verifyWithNode);
      const same = entry.body['manifest_sha256'] === toBase64(manifestSha256);
      check(same, 'receipt_mismatch', 'The receipt is of another bid than the manifest.');
    }
    output.say(
      `The receipt holds: ${entry.type} of ${entry.at.toISOString()}, entry ${receipt.index} of ${receipt.origin}.`,
    );
    output.say(
      `Witnessed ${seconds(receipt.quorumTime)} by ${receipt.times.map(({ witness }) => witness).join(', ')}.`,
    );
    sayIndependence(output, checked.notIndependent);
    output.result({
      holds: true,
      type: entry.type,
      tenderId: entry.tenderId,
      at: entry.at.toISOString(),
      origin: receipt.origin,
      index: receipt.index,
      size: receipt.size,
      quorumTime: receipt.quorumTime,
      entrySha256,
      body: entry.body,
      notIndependent: checked.notIndependent,
    });
  },
};

async function verifyPromise(context: Context, envelope: Envelope): Promise<void> {
  const { output } = context;
  const file = context.option('checkpoint');
  const log = await context.log(file === undefined ? undefined : await readFile(file, 'utf8'));
  const judged = await judgePromise(log, logSource(await context.logBase()), envelope);
  const { outcome, promise, index, checkpoint } = judged;
  output.say(
    `Promised ${formatInstant(promise.promisedAt)}, due ${formatInstant(promise.dueAt)}, by ${promise.logOrigin}.`,
  );
  sayIndependence(output, notIndependentWitnesses(log.policy.text));
  const seen = `the checkpoint of ${checkpoint.size} leaves, witnessed ${seconds(checkpoint.quorumTime)}`;
  if (outcome === 'open')
    throw new CheckFailed(
      'promise_open',
      `The entry is not in the log, but ${seen} is from before the promise was due: it proves nothing yet.`,
    );
  if (outcome === 'broken' || outcome === 'kept_late') await broken(context, envelope, judged);
  const when = outcome === 'kept_in_time' ? 'in time' : 'in time or late: the kept checkpoints cannot tell';
  output.say(`KEPT: entry ${index}, ${when}. First seen in ${seen}.`);
  output.result({ outcome, index, dueAt: promise.dueAt, size: checkpoint.size, quorumTime: checkpoint.quorumTime });
}

/** A broken promise as it can be shown to anybody: both signatures are in it, and how to repeat the rest. */
async function broken(context: Context, envelope: Envelope, judged: JudgedPromise): Promise<never> {
  const { outcome, promise, index, checkpoint, note } = judged;
  const proof = {
    v: 1,
    proof: 'promise_broken',
    log_origin: promise.logOrigin,
    promise: envelope,
    checkpoint: note,
    due_at: promise.dueAt,
    quorum_time: checkpoint.quorumSince,
    absent_from: `leaves 0 to ${checkpoint.size - 1}`,
    repeat:
      'Take the policy from elsewhere than the log, and any copy of the log. The key of the promise is promise_key of entry 0. The leaf 0x01 ‖ commitment is not among the leaves of the checkpoint: segel receipt verify PROMISE --checkpoint CHECKPOINT --log LOG --policy POLICY',
  };
  const file = context.option('proof');
  if (file !== undefined) await writePrivately(file, `${JSON.stringify(proof, undefined, 2)}\n`);
  const late = outcome === 'kept_late' ? `It came later, as entry ${index}. ` : '';
  const kept = file === undefined ? 'Keep the promise and the log (or --proof FILE)' : `The proof is in ${file}`;
  throw new PromiseBroken(
    'promise_broken',
    `PROMISE BROKEN: due ${formatInstant(promise.dueAt)}, and not among the ${checkpoint.size} leaves that the quorum saw ${seconds(checkpoint.quorumSince)}. ${late}${kept}.`,
    { proof },
  );
}
