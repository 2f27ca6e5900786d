/** Checkpoints measured by a policy: who cosigned, when, and whether that is a quorum. */
import { ed25519Verify, type VerifyEd25519 } from '@segel/encoding';
import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { cosignatureTime } from './cosignature.js';
import { claimsKey, openNote, parseNote, type NoteSignature, type VerifierKey } from './note.js';
import { satisfied, type Policy, type PolicyWitness } from './policy.js';

/** A witness (its name in the policy) that cosigned, and when, in POSIX seconds. */
export type Cosignature = { readonly witness: string; readonly time: number };

/** A checkpoint signed by a log of the policy. `cosignatures` are in order of time; `quorumTime` is the second in
 *  which they first made a quorum: the tree is not younger. `quorumSince` is the latest second from which on a whole
 *  quorum looked: only it can show that a moment had passed, because one witness whose clock is ahead may be the last
 *  of `quorumTime`. Both are absent while they make no quorum, and for a policy that asks for none. */
export type ExaminedCheckpoint = Checkpoint & {
  readonly text: string;
  readonly logKey: VerifierKey;
  readonly cosignatures: readonly Cosignature[];
  readonly quorumMet: boolean;
  readonly quorumTime?: number;
  readonly quorumSince?: number;
};

function cosignaturesBy(
  witness: PolicyWitness,
  text: string,
  signatures: readonly NoteSignature[],
  verify: VerifyEd25519,
): readonly Cosignature[] {
  return signatures
    .filter((signature) => claimsKey(signature, witness.key))
    .map((signature) => {
      const time = cosignatureTime(text, signature, witness.key, verify);
      if (time === undefined) throw new Error(`the cosignature of ${witness.name} does not hold`);
      return { witness: witness.name, time };
    });
}

/** The first second by which these cosignatures (in order of time) are a quorum, or undefined. */
function firstQuorum(policy: Policy, cosignatures: readonly Cosignature[]): number | undefined {
  const count = cosignatures.findIndex((_, i) =>
    satisfied(
      policy,
      cosignatures.slice(0, i + 1).map(({ witness }) => witness),
    ),
  );
  return cosignatures[count]?.time;
}

/** The latest second from which on these cosignatures are a quorum, or undefined. */
function lastQuorum(policy: Policy, cosignatures: readonly Cosignature[]): number | undefined {
  return cosignatures.findLast(({ time }) => quorumWithin(policy, cosignatures, time, Infinity))?.time;
}

/** What a checkpoint note is worth under a policy, **without** demanding the quorum: look at `quorumMet`. Throws when
 *  it is malformed, not signed by a log of the policy, or carries a signature of a known key that does not hold
 *  (signed-note: the whole note is then refused). */
export function examineCheckpoint(
  policy: Policy,
  note: string,
  verify: VerifyEd25519 = ed25519Verify,
): ExaminedCheckpoint {
  const { text, signatures } = parseNote(note);
  const checkpoint = parseCheckpoint(text);
  const logs = policy.logs.map(({ key }) => key).filter(({ name }) => name === checkpoint.origin);
  if (logs.length === 0) throw new Error(`no log of the policy has the origin ${checkpoint.origin}`);
  const { signedBy } = openNote(note, logs, verify);
  const cosignatures = policy.witnesses
    .flatMap((witness) => cosignaturesBy(witness, text, signatures, verify))
    .toSorted((a, b) => a.time - b.time);
  const quorumTime = firstQuorum(policy, cosignatures);
  const quorumSince = lastQuorum(policy, cosignatures);
  const quorumMet = satisfied(
    policy,
    cosignatures.map(({ witness }) => witness),
  );
  return {
    ...checkpoint,
    text,
    logKey: signedBy[0]!,
    cosignatures,
    quorumMet,
    ...(quorumTime === undefined ? {} : { quorumTime }),
    ...(quorumSince === undefined ? {} : { quorumSince }),
  };
}

/** A checkpoint that the policy accepts: signed by one of its logs and cosigned by its quorum. Throws otherwise,
 *  with the reason of {@link examineCheckpoint} or who was missing. */
export function verifyCheckpoint(
  policy: Policy,
  note: string,
  verify: VerifyEd25519 = ed25519Verify,
): ExaminedCheckpoint {
  const examined = examineCheckpoint(policy, note, verify);
  if (!examined.quorumMet) {
    const names = [...new Set(examined.cosignatures.map(({ witness }) => witness))].join(', ') || 'nobody';
    throw new Error(`the checkpoint has no quorum of witnesses: cosigned by ${names}`);
  }
  return examined;
}

/** True when the cosignatures with a time in [from, to] (POSIX seconds, both ends in) are a quorum on their own:
 *  "witnessed" of protocol section 5. With `to` Infinity: a quorum that looked at `from` or later. */
export function quorumWithin(policy: Policy, cosignatures: readonly Cosignature[], from: number, to: number): boolean {
  const inside = cosignatures.filter(({ time }) => time >= from && time <= to);
  return satisfied(
    policy,
    inside.map(({ witness }) => witness),
  );
}
