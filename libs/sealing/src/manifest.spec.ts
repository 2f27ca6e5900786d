import { canonicalBytes, sealEnvelope, toBase64, utf8, type Canonical } from '@segel/encoding';
import mustFail from '../vectors/must-fail.json' with { type: 'json' };
import { contextHash, contextHashText, parseContext } from './context.js';
import { SealError } from './errors.js';
import { bidOf, bytesOf, contextOf, idOf, vendorSecret } from './fixtures.js';
import { checkManifest, manifestSha256, openManifest, parseManifest, signManifest, type Manifest } from './manifest.js';
import { assertPaths } from './paths.js';
import { sealBidInMemory } from './seal-bid.js';
import { recipientOf, SUITES, type Suite } from './suite.js';

type Change = {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly to?: unknown;
  readonly copy?: readonly (string | number)[];
  readonly recipient?: string;
  readonly remove?: boolean;
  readonly says: string;
};

type Tree = Record<string | number, unknown>;

/** The document with one member changed as a must-fail case says. */
function changed(document: object, change: Change): Canonical {
  const copy = JSON.parse(JSON.stringify(document)) as Tree;
  const at = (path: readonly (string | number)[]): unknown =>
    path.reduce((node: unknown, key) => (node as Tree)[key], copy);
  const holder = at(change.path.slice(0, -1)) as Tree;
  const key = change.path.at(-1)!;
  if (change.remove === true && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (change.remove === true) delete holder[key];
  else if (change.copy !== undefined) holder[key] = at(change.copy);
  else if (change.recipient !== undefined) holder[key] = recipientOf(change.recipient as Suite, bytesOf('spare', 32));
  else holder[key] = change.to;
  return copy as Canonical;
}

function refusal(work: () => unknown): SealError | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof SealError) return error;
    throw error;
  }
  return undefined;
}

async function manifestOf(suite: Suite): Promise<Manifest> {
  return (await sealBidInMemory(bidOf(suite))).manifest;
}

describe('a context', () => {
  it.each(SUITES)('of suite %s is read from its document and from its canonical bytes', (suite) => {
    const context = contextOf(suite);
    expect(parseContext(context)).toEqual(context);
    expect(parseContext(canonicalBytes(context))).toEqual(context);
    expect(toBase64(contextHash(context))).toBe(contextHashText(context));
  });

  it.each(mustFail.context as readonly Change[])('is refused: $name', (change) => {
    const error = refusal(() => parseContext(changed(contextOf('x1'), change)));
    expect(error).toMatchObject({ code: 'malformed', message: expect.stringContaining(change.says) });
  });

  it('may need all openers of a group only under the demonstration mark', () => {
    const context = contextOf('x1', [[1, 1]]);
    expect(parseContext(context, { demonstration: true })).toEqual(context);
    expect(refusal(() => parseContext(context))?.code).toBe('malformed');
  });

  it('may have 32 openers in a group and not 33', () => {
    expect(parseContext(contextOf('x1', [[2, 32]])).groups[0]!.openers).toHaveLength(32);
    expect(refusal(() => parseContext(contextOf('x1', [[2, 33]])))?.message).toContain('openers');
  });

  it('is not read from bytes that are not canonical', () => {
    const bytes = utf8(JSON.stringify(contextOf('x1'), null, 1));
    expect(refusal(() => parseContext(bytes))?.message).toContain('canonical');
    expect(refusal(() => parseContext(utf8('"text"')))?.code).toBe('malformed');
    expect(refusal(() => parseContext(null))?.code).toBe('malformed');
  });
});

describe('a manifest', () => {
  it.each(SUITES)('of suite %s is read from its document and from its canonical bytes', async (suite) => {
    const manifest = await manifestOf(suite);
    expect(parseManifest(manifest)).toEqual(manifest);
    expect(parseManifest(canonicalBytes(manifest))).toEqual(manifest);
    expect(manifest.ciphertext.parts).toBe(1);
    expect(canonicalBytes(manifest).length).toBeLessThan(40_000);
  });

  it('is refused: each case of the data file', async () => {
    const manifest = await manifestOf('x1');
    for (const change of mustFail.manifest as readonly Change[]) {
      const error = refusal(() => parseManifest(changed(manifest, change)));
      expect({ name: change.name, code: error?.code, says: error?.message.includes(change.says) }).toEqual({
        name: change.name,
        code: 'malformed',
        says: true,
      });
    }
  });

  it('is checked against what the tender pins, member by member', async () => {
    const manifest = await manifestOf('x1');
    const { groups, ...context } = contextOf('x1');
    const { v: _, ...pinned } = context;
    expect(checkManifest(manifest, { ...pinned, groups })).toEqual([]);
    expect(checkManifest(manifest, {})).toEqual([]);
    const expected = {
      suite: 'pq1',
      log_origin: 'other.example',
      tender_id: idOf('other'),
      notice_sha256: toBase64(bytesOf('other', 32)),
      lot_id: idOf('other'),
      envelope: 'price',
      vendor_id: idOf('other'),
      vendor_key: toBase64(bytesOf('other', 32)),
      offer_id: idOf('other'),
      bid_id: idOf('other'),
      groups: [...groups].reverse(),
    } as const;
    const fields = checkManifest(manifest, expected).map(({ field }) => field);
    expect(fields).toEqual(Object.keys(expected));
  });

  it('is opened from an envelope signed by the key of its context and by no other', async () => {
    const manifest = await manifestOf('x1');
    const opened = openManifest(signManifest(manifest, vendorSecret));
    expect(opened.manifest).toEqual(manifest);
    expect(opened.manifestSha256).toEqual(manifestSha256(manifest));
    const envelope = signManifest(manifest, vendorSecret);
    const altered = { ...envelope, payload: signManifest(await manifestOf('pq1'), vendorSecret).payload };
    for (const bad of [
      signManifest(manifest, bytesOf('a competitor', 32)),
      sealEnvelope('bid-withdrawal', manifest, vendorSecret),
      { ...envelope, signatures: [] },
      { ...envelope, signatures: [...envelope.signatures, ...envelope.signatures] },
      altered,
    ]) {
      expect(refusal(() => openManifest(bad))?.message).toContain('manifest envelope');
    }
  });
});

describe('file names', () => {
  it.each(mustFail.paths)('are refused: $name', ({ paths }) => {
    expect(refusal(() => assertPaths(paths))?.code).toBe('malformed');
  });

  it('may be in any writing and in folders', () => {
    expect(() =>
      assertPaths(['offer.json', 'annexes/Анкета.pdf', 'annexes/見積書.pdf', 'é.txt', 'a'.repeat(100)]),
    ).not.toThrow();
  });
});
