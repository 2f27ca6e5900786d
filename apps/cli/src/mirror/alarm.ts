/** The alarm of a mirror: evidence first, then silence until a person has looked. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { formatInstant } from '@segel/encoding';
import type { Policy } from '@segel/tlog';
import { Alarm, Rollback } from '../problem.js';
import { DurableFolder } from './durable.js';
import { examinePair, type Judgement } from './fork.js';

const FOLDER = 'alarm';
const STALE = 'stale';

/** Throws `alarm_pending` when an alarm of this mirror was not yet taken away by a person. */
export async function demandNoAlarm(folder: string): Promise<void> {
  const [first] = await readdir(join(folder, FOLDER)).catch(() => []);
  if (first === undefined) return;
  throw new Alarm(
    'alarm_pending',
    `An alarm was raised at ${first}: read ${join(folder, FOLDER, first, 'README')}. The mirror goes on when you have moved ${join(folder, FOLDER)} away.`,
  );
}

type Notes = { readonly seen: string; readonly offered: string; readonly from: string };

/** Keeps both notes, what shows that they contradict, and what that proves; then throws the alarm. */
export async function raiseAlarm(
  folder: string,
  policy: Policy,
  notes: Notes,
  judgement: Judgement,
  now: Date,
): Promise<never> {
  const kept = join(folder, FOLDER, formatInstant(now).replaceAll(':', '-'));
  await keepNotes(kept, policy, notes, judgement, now);
  const sentence = `ALARM: ${judgement.sentence} Both checkpoints are kept in ${kept}.`;
  throw new Alarm('log_forked', sentence, { kept });
}

/** Keeps both notes of a log that shows an older state of itself, once for each state, and throws. A stale cache on the
 *  way does this, too: the mirror goes on. */
export async function reportStale(
  folder: string,
  policy: Policy,
  notes: Notes,
  judgement: Judgement,
  now: Date,
): Promise<never> {
  const [older, newer] = judgement.checkpoints;
  const kept = join(folder, STALE, `${older.size}`);
  const known = await readdir(kept).catch(() => []);
  if (known.length === 0) await keepNotes(kept, policy, notes, judgement, now);
  const sentence = `The log went back: it showed ${newer.size} leaves and now shows ${older.size}. Both checkpoints are kept in ${kept}.`;
  throw new Rollback('log_rolled_back', sentence, { kept });
}

async function keepNotes(path: string, policy: Policy, notes: Notes, judgement: Judgement, now: Date): Promise<void> {
  const kept = new DurableFolder(path);
  await kept.write('seen', notes.seen);
  await kept.write('offered', notes.offered);
  await kept.write('policy', policy.text);
  if (judgement.proof !== undefined)
    await kept.write('proof.json', `${JSON.stringify(judgement.proof, undefined, 2)}\n`);
  await kept.write('README', readme(policy, notes, judgement, now));
  await kept.settle();
}

function readme(
  policy: Policy,
  { seen, offered, from }: Notes,
  { fork, sentence, proof }: Judgement,
  now: Date,
): string {
  const [small, large] = examinePair(policy, seen, offered);
  const cosigned = small.quorumMet && large.quorumMet;
  const command = `segel verify fork seen offered --policy policy${proof === undefined ? '' : ' --proof proof.json'}`;
  const proves =
    fork === 'proven'
      ? `${sentence} Both carry the signature of the log's key. ${
          cosigned
            ? 'Both were cosigned by a quorum of witnesses: the log and the witnesses that signed both are at fault.'
            : 'Not both were cosigned by the quorum: the log is at fault; honest witnesses refused one of them.'
        }
Together they prove it to anybody: nothing else is needed than these files, and nobody has to trust this mirror.`
      : `This is no contradiction between the two notes: the smaller tree is a prefix of the larger one. What is wrong is
that the log offered the smaller one after it had shown the larger. That it did so is the word of this mirror, not a
proof; that the larger tree existed is proven by the note "seen". A log restored from an old copy does this,
and so does a cache that gives an old answer.`;
  const whatNow =
    fork === 'proven'
      ? `The mirror does not go on while this folder is here. Keep a copy of it, tell the others who watch the log, then move
the folder "alarm" away if you want the mirror to go on.`
      : 'The mirror goes on looking. If the log does not come back to the larger tree, tell the others who watch it.';
  return `${fork === 'proven' ? 'ALARM' : 'ROLLBACK'} of ${formatInstant(now)}

log      ${large.origin}
from     ${from}
seen     the checkpoint of ${statedBy(policy, seen)} leaves that this mirror had verified and keeps
offered  the checkpoint of ${statedBy(policy, offered)} leaves that the log offered at the time above

${proves}

To check it: ${command}
policy is the policy that this mirror trusts; compare it with one you got elsewhere.

${whatNow}
`;
}

const statedBy = (policy: Policy, note: string): number => examinePair(policy, note, note)[0].size;
