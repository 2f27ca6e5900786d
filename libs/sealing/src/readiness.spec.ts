import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { deal } from './deal.js';
import { SealError } from './errors.js';
import { bytesOf, contextOf, idOf, openerIdentity, randomnessOf } from './fixtures.js';
import { answerReadiness, isReadinessAnswer, makeReadinessChallenge } from './readiness.js';
import { escrowSeed, openEscrow } from './escrow.js';
import { decryptSeedWithPassphrase, encryptSeedWithPassphrase, type KeptSeed } from './seed.js';
import { encryptAge } from './age-writer.js';
import { decodeRecipient, SUITES, type Suite } from './suite.js';

const subject = { tenderId: idOf('tender'), openerId: idOf('opener 0/0') };

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof SealError ? error.code : String(error);
  }
  return 'none';
}

describe.each(SUITES)('a readiness check of suite %s', (suite: Suite) => {
  const recipient = contextOf(suite).groups[0]!.openers[0]!.recipient;
  const identity = openerIdentity(suite, '0/0');
  const challenge = makeReadinessChallenge(suite, recipient, subject, bytesOf('nonce', 32), randomnessOf(suite));

  it('is answered by the key its recipient belongs to', () => {
    const answer = answerReadiness(suite, identity, subject, challenge.wrap);
    expect(answer).toEqual(challenge.answer);
    expect(isReadinessAnswer(answer, challenge.answerSha256)).toBe(true);
    expect(isReadinessAnswer(bytesOf('guess', 32), challenge.answerSha256)).toBe(false);
  });

  it('never answers with plaintext', async () => {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const plaintext = Buffer.from(await decrypter.decrypt(challenge.wrap));
    expect(plaintext.includes(Buffer.from(challenge.answer))).toBe(false);
  });

  it('is refused with an alarm when the wrap is a share of a bid', () => {
    const wrap = deal(contextOf(suite), bytesOf('seed', 32)).groups[0]!.shares[0]!.wrap;
    expect(codeOf(() => answerReadiness(suite, identity, subject, wrap))).toBe('share_as_challenge');
  });

  it('is refused for another tender, another opener, another key or another plaintext', () => {
    const answer = (about: typeof subject, wrap: Uint8Array, key = identity): string =>
      codeOf(() => answerReadiness(suite, key, about, wrap));
    expect(answer({ ...subject, tenderId: idOf('other') }, challenge.wrap)).toBe('context_mismatch');
    expect(answer({ ...subject, openerId: idOf('other') }, challenge.wrap)).toBe('context_mismatch');
    expect(answer(subject, challenge.wrap, openerIdentity(suite, '0/1'))).toBe('undecryptable');
    const short = encryptAge(suite, decodeRecipient(suite, recipient), randomnessOf(suite), Uint8Array.of(2));
    expect(answer(subject, short)).toBe('undecryptable');
  });
});

describe('a kept seed', () => {
  const kept: KeptSeed = {
    tenderId: idOf('tender'),
    bidId: idOf('bid'),
    ctx: bytesOf('ctx', 32),
    seed: bytesOf('seed', 32),
  };

  it('comes back with the passphrase and with no other', async () => {
    const file = await encryptSeedWithPassphrase(kept, 'correct horse battery staple', {
      random: (length) => bytesOf('passphrase', length),
      workFactor: 10,
    });
    expect(await decryptSeedWithPassphrase(file, 'correct horse battery staple')).toEqual(kept);
    await expect(decryptSeedWithPassphrase(file, 'wrong')).rejects.toMatchObject({ code: 'undecryptable' });
  });

  it('in escrow comes back to each auditor and to nobody else', async () => {
    const auditors = await Promise.all([generateX25519Identity(), generateX25519Identity()]);
    const file = await escrowSeed(kept, await Promise.all(auditors.map((key) => identityToRecipient(key))));
    for (const auditor of auditors) expect(await openEscrow(file, auditor)).toEqual(kept);
    await expect(openEscrow(file, await generateX25519Identity())).rejects.toMatchObject({ code: 'undecryptable' });
  });
});
