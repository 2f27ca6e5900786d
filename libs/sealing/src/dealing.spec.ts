import { fromBase64, toBase64, type Canonical } from '@segel/encoding';
import { Decrypter } from 'age-encryption';
import fc from 'fast-check';
import { combine } from 'shamir-secret-sharing';
import { deal } from './deal.js';
import { SealError } from './errors.js';
import { bidOf, bytesOf, contextOf, idOf, openerIdentity, type GroupShape } from './fixtures.js';
import type { Manifest } from './manifest.js';
import { isCommittedSeed, redeal } from './redeal.js';
import { sealBidInMemory } from './seal-bid.js';
import { chairOf, combineSeed, isShareOf, openWrap, type ReleasedShare } from './shares.js';
import { encodeIdentity, SUITES, type Suite } from './suite.js';

const seed = bytesOf('bid draw 0', 32);

async function manifestOf(suite: Suite, shapes?: readonly GroupShape[]): Promise<Manifest> {
  return (await sealBidInMemory(bidOf(suite, contextOf(suite, shapes)))).manifest;
}

function allShares(manifest: Manifest): readonly ReleasedShare[] {
  return deal(manifest.context, seed).groups.flatMap(({ shares }, group) =>
    shares.map(({ x, share }) => ({ group, x, share })),
  );
}

function subsets<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof SealError ? error.code : String(error);
  }
  return 'none';
}

describe.each(SUITES)('a dealing of suite %s', (suite) => {
  it('gives each opener a wrap that opens with the own key only, in our reader and in age-encryption', async () => {
    const manifest = await manifestOf(suite);
    for (const released of allShares(manifest)) {
      const identity = openerIdentity(suite, `${released.group}/${released.x - 1}`);
      expect(openWrap(manifest, released, identity)).toEqual(released.share);
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      const wrap = fromBase64(manifest.groups[released.group]!.shares[released.x - 1]!.wrap);
      expect((await decrypter.decrypt(wrap)).slice(33)).toEqual(released.share);
    }
    const other = openerIdentity(suite, 'somebody else');
    expect(codeOf(() => openWrap(manifest, { group: 0, x: 1 }, other))).toBe('undecryptable');
    expect(codeOf(() => openWrap(manifest, { group: 0, x: 9 }, other))).toBe('malformed');
    expect(chairOf(manifest, idOf('opener 1/1'))).toEqual({ group: 1, x: 2 });
    expect(chairOf(manifest, idOf('nobody'))).toBeUndefined();
  });

  it('says malformed, not what it was given, when an identity is wrong', async () => {
    const manifest = await manifestOf(suite);
    const secret = encodeIdentity(suite, seed).slice(0, -1);
    expect(() => openWrap(manifest, { group: 0, x: 1 }, secret)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret.slice(20)) }),
    );
  });

  it('is found out by the re-deal whichever part of the manifest was dealt otherwise', async () => {
    const manifest = await manifestOf(suite);
    expect(redeal(manifest, seed)).toMatchObject({ outcome: 'ok', dealing: { recipient: manifest.recipient } });
    const other = (base64: string): string => {
      const bytes = fromBase64(base64);
      bytes[bytes.length - 1]! ^= 1;
      return toBase64(bytes);
    };
    const change = (edit: (copy: Record<string, Canonical>) => void): Manifest => {
      const copy = JSON.parse(JSON.stringify(manifest)) as unknown as Record<string, Canonical>;
      edit(copy);
      return copy as unknown as Manifest;
    };
    const share = (copy: Record<string, Canonical>, g: number, i: number): Record<string, string> =>
      (copy as unknown as { groups: { shares: Record<string, string>[] }[] }).groups[g]!.shares[i]!;
    const cases: readonly [Manifest, object][] = [
      [change((m) => (m['recipient'] = manifest.context.groups[0]!.openers[0]!.recipient)), { what: 'recipient' }],
      [change((m) => (m['seed_commitment'] = other(manifest.seed_commitment))), { what: 'seed_commitment' }],
      [change((m) => (m['ctx'] = other(manifest.ctx))), { what: 'ctx' }],
      [change((m) => (m['groups'] = manifest.groups.slice(1))), { what: 'groups' }],
      ...manifest.groups.flatMap(({ shares }, group) =>
        shares.flatMap(({ x }, i): [Manifest, object][] => [
          [
            change((m) => (share(m, group, i)['wrap'] = other(share(m, group, i)['wrap']!))),
            { what: 'wrap', group, x },
          ],
          [
            change((m) => (share(m, group, i)['commitment'] = other(share(m, group, i)['commitment']!))),
            { what: 'commitment', group, x },
          ],
        ]),
      ),
    ];
    for (const [changed, difference] of cases) {
      expect(redeal(changed, seed)).toEqual({ outcome: 'invalid_dealing', differences: [difference] });
    }
    expect(redeal(manifest, bytesOf('another seed', 32)).outcome).toBe('invalid_dealing');
    expect(isCommittedSeed(manifest, seed)).toBe(true);
    expect(isCommittedSeed(manifest, bytesOf('another seed', 32))).toBe(false);
  });
});

describe('shares', () => {
  it('of every k openers of every group give the seed, and of one fewer in any group nothing', async () => {
    const manifest = await manifestOf('x1', [
      [2, 3],
      [3, 4],
      [1, 2],
    ]);
    const shares = allShares(manifest);
    const ofGroup = (group: number): readonly ReleasedShare[] => shares.filter((share) => share.group === group);
    for (const a of subsets(ofGroup(0), 2)) {
      for (const b of subsets(ofGroup(1), 3)) {
        for (const c of subsets(ofGroup(2), 1)) {
          expect(combineSeed(manifest, [...a, ...b, ...c])).toEqual({ outcome: 'ok', seed, rejected: [] });
        }
      }
    }
    for (const b of subsets(ofGroup(1), 2)) {
      expect(combineSeed(manifest, [...ofGroup(0), ...b, ...ofGroup(2)])).toEqual({
        outcome: 'insufficient',
        missing: [{ group: 1, lacking: 1 }],
        rejected: [],
      });
    }
    expect(combineSeed(manifest, []).outcome).toBe('insufficient');
  });

  it('of any threshold and any number of openers behave so', async () => {
    const shape = fc
      .integer({ min: 3, max: 5 })
      .chain((n) => fc.tuple(fc.integer({ min: 2, max: n - 1 }), fc.constant(n)));
    await fc.assert(
      fc.asyncProperty(fc.array(shape, { minLength: 1, maxLength: 2 }), fc.nat(), async (shapes, pick) => {
        const manifest = await manifestOf('x1', shapes);
        const shares = allShares(manifest);
        const chosen = shapes.map(([k], group) => {
          const all = subsets(
            shares.filter((share) => share.group === group),
            k,
          );
          return all[pick % all.length]!;
        });
        expect(combineSeed(manifest, chosen.flat())).toMatchObject({ outcome: 'ok', seed });
        expect(combineSeed(manifest, chosen.flat().slice(1)).outcome).toBe('insufficient');
      }),
      { numRuns: 10 },
    );
  });

  it('that are wrong are named and never combined; one that comes twice counts once', async () => {
    const manifest = await manifestOf('x1');
    const [a, b, c, d] = allShares(manifest) as [ReleasedShare, ReleasedShare, ReleasedShare, ReleasedShare];
    const wrong = { ...b, share: b.share.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) };
    const renumbered = { ...b, share: Uint8Array.from([...b.share.slice(0, 32), 3]) };
    const elsewhere = { ...d, group: 0, x: 1 };
    const short = { ...b, share: b.share.slice(0, 32) };
    const nowhere = { ...b, group: 7 };
    for (const bad of [wrong, renumbered, elsewhere, short, nowhere]) {
      expect(isShareOf(manifest, bad)).toBe(false);
      expect(combineSeed(manifest, [a, bad, d])).toEqual({
        outcome: 'insufficient',
        missing: [{ group: 0, lacking: 1 }],
        rejected: [{ group: bad.group, x: bad.x }],
      });
    }
    expect(combineSeed(manifest, [a, a, d]).outcome).toBe('insufficient');
    expect(combineSeed(manifest, [a, wrong, c, d])).toEqual({ outcome: 'ok', seed, rejected: [{ group: 0, x: 2 }] });
  });

  it('of one group are combined by shamir-secret-sharing as well', async () => {
    const manifest = await manifestOf('x1', [[2, 3]]);
    const shares = allShares(manifest).map(({ share }) => share);
    expect(await combine([shares[0]!, shares[2]!])).toEqual(seed);
  });

  it('are refused from a wrap that was dealt for another bid, or is not the committed one', async () => {
    const manifest = await manifestOf('x1');
    const foreignContext = { ...manifest.context, bid_id: idOf('another bid') };
    const identity = openerIdentity('x1', '0/0');
    const withWrap = (wrap: Uint8Array): Manifest => {
      const copy = JSON.parse(JSON.stringify(manifest)) as unknown as { groups: { shares: { wrap: string }[] }[] };
      copy.groups[0]!.shares[0]!.wrap = toBase64(wrap);
      return copy as unknown as Manifest;
    };
    const foreign = deal(foreignContext, seed).groups[0]!.shares[0]!.wrap;
    expect(codeOf(() => openWrap(withWrap(foreign), { group: 0, x: 1 }, identity))).toBe('context_mismatch');
    const reseeded = deal(manifest.context, bytesOf('another seed', 32)).groups[0]!.shares[0]!.wrap;
    expect(codeOf(() => openWrap(withWrap(reseeded), { group: 0, x: 1 }, identity))).toBe('commitment_mismatch');
    const altered = fromBase64(manifest.groups[0]!.shares[0]!.wrap);
    altered[altered.length - 1]! ^= 1;
    expect(codeOf(() => openWrap(withWrap(altered), { group: 0, x: 1 }, identity))).toBe('undecryptable');
  });
});
