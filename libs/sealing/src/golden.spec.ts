import { canonicalBytes, sha256, toBase64, toHex, utf8, fromBase64, fromHex } from '@segel/encoding';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { contextHash, parseContext, type SealContext } from './context.js';
import { deal } from './deal.js';
import { bidOf, contextOf, randomnessOf } from './fixtures.js';
import { makeReadinessChallenge } from './readiness.js';
import { openBidInMemory } from './open-bid.js';
import { parseManifest, type SealingClient } from './manifest.js';
import { collect, streamOf } from './chunks.js';
import { fileOf, sealBidInMemory, type SealInput } from './seal-bid.js';
import { SUITES, type Suite } from './suite.js';

/** One golden vector: bytes are base64, hashes of long values are SHA-256 in hexadecimal. */
type Golden = {
  readonly suite: Suite;
  readonly input: {
    readonly context: SealContext;
    readonly seed: string;
    readonly nonce: string;
    readonly file_key: string;
    readonly ephemeral: string;
    readonly payload_nonce: string;
    readonly files: readonly { readonly path: string; readonly content: string }[];
    readonly client: SealingClient;
    readonly sealed_at: string;
  };
  readonly output: object;
};

const file = new URL('../vectors/dealing.json', import.meta.url);

async function vectorOf(suite: Suite): Promise<Golden> {
  const bid = bidOf(suite, contextOf(suite), 'golden');
  const { seed, nonce, fileKey, ephemeral, payloadNonce } = bid.randomness;
  const files = [
    { path: 'offer.json', content: toBase64(utf8('{"prices":[{"item":"1","unit_price":"12.50"}]}')) },
    { path: 'annexes/Angebot – Übersicht.txt', content: toBase64(utf8('technical offer\n'.repeat(64))) },
  ];
  const input = {
    context: bid.context,
    seed: toBase64(seed),
    nonce: toBase64(nonce),
    file_key: toBase64(fileKey),
    ephemeral: toBase64(ephemeral),
    payload_nonce: toBase64(payloadNonce),
    files,
    client: bid.client,
    sealed_at: bid.sealedAt,
  };
  return { suite, input, output: await outputOf(inputOf(input)) };
}

function inputOf(input: Golden['input']): SealInput {
  return {
    context: parseContext(input.context),
    files: input.files.map(({ path, content }) => fileOf(path, fromBase64(content))),
    randomness: {
      seed: fromBase64(input.seed),
      nonce: fromBase64(input.nonce),
      fileKey: fromBase64(input.file_key),
      ephemeral: fromBase64(input.ephemeral),
      payloadNonce: fromBase64(input.payload_nonce),
    },
    client: input.client,
    sealedAt: input.sealed_at,
  };
}

async function outputOf(input: SealInput): Promise<object> {
  const sealed = await sealBidInMemory(input);
  const { dealing, sealJson } = sealed.sealing;
  const opener = input.context.groups[0]!.openers[0]!;
  const { suite, tender_id: tenderId } = input.context;
  const subject = { tenderId, openerId: opener.opener_id };
  const challenge = makeReadinessChallenge(
    suite,
    opener.recipient,
    subject,
    input.randomness.nonce,
    randomnessOf(suite, 'readiness'),
  );
  return {
    ctx: toHex(contextHash(input.context)),
    identity: dealing.identity,
    recipient_sha256: toHex(sha256(utf8(dealing.recipient))),
    seed_commitment: toHex(dealing.seedCommitment),
    groups: dealing.groups.map(({ shares }) =>
      shares.map(({ share, commitment, wrap }) => ({
        share: toHex(share),
        commitment: toHex(commitment),
        wrap_sha256: toHex(sha256(wrap)),
      })),
    ),
    seal_json_sha256: toHex(sha256(canonicalBytes(sealJson))),
    plaintext_root: toHex(sealed.plaintextRoot),
    ciphertext_size: sealed.ciphertext.length,
    ciphertext_sha256: toHex(sha256(sealed.ciphertext)),
    ct_root: toHex(sealed.ctRoot),
    manifest_sha256: toHex(sealed.manifestSha256),
    readiness: { answer: toHex(challenge.answer), wrap_sha256: toHex(sha256(challenge.wrap)) },
  };
}

// Written once, by SEGEL_WRITE_VECTORS=1; from then on a change here is a change of the format.
if (process.env['SEGEL_WRITE_VECTORS'] === '1') {
  const vectors = [await vectorOf('pq1'), await vectorOf('x1')];
  writeFileSync(file, `${JSON.stringify(vectors, null, 2)}\n`);
}
const golden = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Golden[]) : [];

describe('the golden vectors', () => {
  it('cover both suites with two groups each', () => {
    expect(golden.map(({ suite }) => suite)).toEqual(SUITES);
    expect(golden.every(({ input }) => input.context.groups.length === 2)).toBe(true);
  });

  it.each(golden)('of suite $suite come out the same, byte for byte', async ({ input, output }) => {
    expect(await outputOf(inputOf(input))).toEqual(output);
  });

  it.each(golden)('of suite $suite open again', async ({ input }) => {
    const { manifest, ciphertext } = await sealBidInMemory(inputOf(input));
    const { result, files } = await openBidInMemory({
      manifest: parseManifest(canonicalBytes(manifest)),
      key: { seed: fromBase64(input.seed) },
      ciphertext: streamOf(ciphertext),
    });
    expect(result.outcome).toBe('opened');
    for (const { path, content } of input.files) expect(toBase64(files.get(path)!)).toBe(content);
    expect(await collect(streamOf(ciphertext))).toEqual(ciphertext);
  });

  it.each(golden)('of suite $suite share the seed out so that the commitments fix it', ({ input, output }) => {
    const dealt = deal(input.context, fromBase64(input.seed));
    const shown = output as { readonly groups: readonly (readonly { readonly share: string }[])[] };
    dealt.groups.forEach(({ shares }, g) =>
      shares.forEach(({ share }, i) => expect(share).toEqual(fromHex(shown.groups[g]![i]!.share))),
    );
  });
});
