import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCheckpoint } from './checkpoint.js';
import { examineCheckpoint, quorumWithin, verifyCheckpoint } from './checkpoint-policy.js';
import { cosign } from './cosignature.js';
import { addSignatures, logKeyOf, signNote, witnessKeyOf } from './note.js';
import { notIndependent, notIndependentWitnesses, parsePolicy, satisfied, type Policy, type Quorum } from './policy.js';
import { disjointQuorums, lintPolicy } from './policy-lint.js';

type Valid = { name: string; text: string; satisfied: string[][]; not_satisfied: string[][]; lint: string[] };
type Vectors = { valid: Valid[]; invalid: { name: string; text: string; reason: string }[] };
const vectors = JSON.parse(readFileSync(new URL('../vectors/policies.json', import.meta.url), 'utf8')) as Vectors;

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

describe('policies', () => {
  it.each(vectors.valid)('$name', ({ text, satisfied: yes, not_satisfied: no, lint }) => {
    const policy = parsePolicy(text);
    for (const cosigners of yes) expect(satisfied(policy, cosigners)).toBe(true);
    for (const cosigners of no) expect(satisfied(policy, cosigners)).toBe(false);
    expect(lintPolicy(policy).map((finding) => finding.code)).toEqual(lint);
    expect(policy.text).toBe(text);
  });

  it.each(vectors.invalid)('are refused: $name', ({ text, reason }) => {
    expect(() => parsePolicy(text)).toThrow(reason);
  });

  it('say in the line of the fault what is wrong', () => {
    expect(() => parsePolicy('# fine\n\nquorum nobody\n')).toThrow('policy line 3');
  });

  it('take 32 logs, 32 witnesses and 32 groups', () => {
    const key = (n: number) => ({ name: `k${n}`, seed: seed(n) });
    const numbers = Array.from({ length: 32 }, (_, i) => i);
    const lines = [
      ...numbers.map((i) => `log ${logKeyOf(key(i)).vkey}`),
      ...numbers.map((i) => `witness w${i} ${witnessKeyOf(key(100 + i)).vkey}`),
      ...numbers.map((i) => `group g${i} all w${i}${i > 0 ? ` g${i - 1}` : ''}`),
      'quorum g31',
    ];
    const policy = parsePolicy(`${lines.join('\n')}\n`);
    expect(
      satisfied(
        policy,
        numbers.map((i) => `w${i}`),
      ),
    ).toBe(true);
    expect(
      satisfied(
        policy,
        numbers.slice(1).map((i) => `w${i}`),
      ),
    ).toBe(false);
  });

  it('mark a witness that is not independent', () => {
    expect(notIndependentWitnesses('# not-independent: dev\n#not-independent:\tw2 \n')).toEqual(['dev', 'w2']);
    expect(notIndependent('# not-independent: dev\n')).toBe(true);
    expect(notIndependent('# independent\nwitness not-independent: x\n')).toBe(false);
  });
});

/** All subsets of the names, the slow way that the linter avoids. */
function disjointBySearch(policy: Policy, names: readonly string[]): boolean {
  const subsets = Array.from({ length: 2 ** names.length }, (_, bits) => names.filter((_name, i) => bits & (1 << i)));
  return subsets.some(
    (one) =>
      satisfied(policy, one) &&
      satisfied(
        policy,
        names.filter((name) => !one.includes(name)),
      ),
  );
}

describe('the policy linter', () => {
  it('finds two disjoint quorums exactly when a search of all subsets does', () => {
    type Shape = number | { readonly k: number; readonly of: readonly Shape[] };
    const { tree } = fc.letrec<{ tree: Shape; group: Shape }>((tie) => ({
      tree: fc.oneof({ maxDepth: 3, depthSize: 'small' }, fc.constant(0), tie('group')),
      group: fc.record({ k: fc.nat(3), of: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }) }),
    }));
    fc.assert(
      fc.property(tree, (shape) => {
        const names: string[] = [];
        const build = (part: Shape): Quorum => {
          if (typeof part === 'number') {
            names.push(`w${names.length}`);
            return { kind: 'witness', name: names.at(-1)! };
          }
          const members = part.of.map(build);
          return { kind: 'group', name: 'g', threshold: 1 + (part.k % members.length), members };
        };
        const policy: Policy = { text: '', logs: [], witnesses: [], quorum: build(shape) };
        if (names.length > 10) return;
        const two = disjointQuorums(policy);
        expect(two !== undefined).toBe(disjointBySearch(policy, names));
        if (two === undefined) return;
        expect(two.every((names_) => satisfied(policy, names_))).toBe(true);
        expect(two[0].some((name) => two[1].includes(name))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a checkpoint under a policy', () => {
  const log = { name: 'log.example', seed: seed(1) };
  const [a, b, c] = ['a', 'b', 'c'].map((name, i) => ({ name: `${name}.example`, seed: seed(2 + i) }));
  const lines = [a!, b!, c!].map((key) => `witness ${key.name[0]} ${witnessKeyOf(key).vkey}\n`).join('');
  const policy = parsePolicy(`log ${logKeyOf(log).vkey}\n${lines}group g 2 a b c\nquorum g\n`);
  const body = formatCheckpoint({ origin: log.name, size: 9, root: seed(7) });
  const note = signNote(body, log);
  const cosigned = addSignatures(note, [cosign(body, 300, a!), cosign(body, 100, b!), cosign(body, 200, c!)]);

  it('tells who cosigned, in order of time, and when the quorum was complete', () => {
    const verified = verifyCheckpoint(policy, cosigned);
    const times = verified.cosignatures.map(({ witness, time }) => [witness, time]);
    expect(times).toEqual([['b', 100], ['c', 200], ['a', 300]]); // prettier-ignore
    expect(verified).toMatchObject({ origin: log.name, size: 9, root: seed(7), quorumTime: 200, quorumMet: true });
    expect(verified.logKey.vkey).toBe(logKeyOf(log).vkey);
  });

  it('is refused without a quorum, but can be examined', () => {
    const one = addSignatures(note, [cosign(body, 100, b!)]);
    expect(() => verifyCheckpoint(policy, one)).toThrow('no quorum of witnesses: cosigned by b');
    expect(() => verifyCheckpoint(policy, note)).toThrow('cosigned by nobody');
    const examined = examineCheckpoint(policy, one);
    expect(examined.quorumMet).toBe(false);
    expect(examined.quorumTime).toBeUndefined();
  });

  it('is witnessed in a window only if a quorum looked within it, both ends counted', () => {
    const { cosignatures } = verifyCheckpoint(policy, cosigned);
    expect(quorumWithin(policy, cosignatures, 100, 200)).toBe(true);
    expect(quorumWithin(policy, cosignatures, 101, 299)).toBe(false);
    expect(quorumWithin(policy, cosignatures, 200, Infinity)).toBe(true);
    expect(quorumWithin(policy, cosignatures, 201, Infinity)).toBe(false);
  });

  it('uses the faster verifier it is given', () => {
    let calls = 0;
    const verify = (): boolean => ++calls > 0;
    expect(verifyCheckpoint(policy, cosigned, verify).quorumMet).toBe(true);
    expect(calls).toBe(4);
    expect(() => verifyCheckpoint(policy, cosigned, () => false)).toThrow('does not hold');
  });
});
