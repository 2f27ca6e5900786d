/** A kit in a few letters that two people can compare. Whoever swaps a kit file on its way puts openers of his own into
 *  it, and a computer without a network knows no log that would tell: the letters, seen where the kit was made and
 *  written down or said by another way, do. */
import { canonicalBytes, taggedHash } from '@segel/encoding';
import type { SealingKit } from './kit.js';

const GROUPS = 4;

/** Four groups of four hexadecimal digits over everything that decides who can read a bid and what it is for: notice,
 *  terms, rule pack, lots, openers. 64 bits: nobody makes a second kit with the same ones in the days that a tender is
 *  open, and for an older one it is the check before sending that counts. */
export function kitFingerprint(kit: SealingKit): string {
  const digest = taggedHash(
    'segel/kit/v1',
    canonicalBytes({
      v: 1,
      log_origin: kit.logOrigin,
      tender_id: kit.tenderId,
      notice_sha256: kit.noticeSha256,
      terms_sha256: kit.termsSha256,
      rule_pack_id: kit.rulePackId ?? '',
      suite: kit.suite,
      lots: kit.lots.map(({ id, envelopes }) => ({ id, envelopes })),
      groups: kit.groups.map(({ name, k, openers }) => ({
        name,
        k,
        openers: openers.map(({ openerId, recipient }) => ({ opener_id: openerId, recipient })),
      })),
    }),
  );
  const hex = Array.from(digest.subarray(0, 2 * GROUPS), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.match(/.{4}/g)!.join(' ');
}
