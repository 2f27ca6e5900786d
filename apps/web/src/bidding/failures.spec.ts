import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bidding, sealing, sealingFailures } from '../words/id/bidding.js';
import { sealingFailures as english } from '../words/en/bidding.js';

const sources = path.resolve(import.meta.dirname, '../../../..');

/** What openers, officers and auditors do: their pages have words of their own. */
const NOT_BIDDERS = [
  'attest',
  'ciphertexts',
  'judged-promise',
  'may-release',
  'notice',
  'opener-key',
  'readiness',
  'release',
];

/** Codes of the checks in a folder, as the source writes them. */
function codesIn(folder: string): readonly string[] {
  const names = readdirSync(path.join(sources, folder)).filter(
    (name) => /(?<!\.spec)\.ts$/.test(name) && !NOT_BIDDERS.includes(name.replace('.ts', '')),
  );
  const text = names.map((name) => readFileSync(path.join(sources, folder, name), 'utf8')).join('\n');
  const checks = [...text.matchAll(/(?:\bcheck|\bCheckFailed|\bActFailed)\(([\s\S]*?)\);/g)].map(
    ([, given = '']) => given,
  );
  const own = [...text.matchAll(/'(receipt_[a-z]+|key_file_[a-z]+|wrong_passphrase)'/g)].map(([, code = '']) => code);
  return [
    ...checks.flatMap((given) => [...given.matchAll(/'([a-z]+(?:_[a-z]+)+)'/g)].map(([, code = '']) => code)),
    ...own,
  ];
}

/** Of these people read the words of the API's refusals, or those of the offline kit; and a member's name is no code. */
const ELSEWHERE = [
  'bid_too_large',
  'key_not_registered',
  'notice_outdated',
  'kit_file_malformed',
  'bid_id',
  'manifest_sha256',
  'promise_key',
];

describe('words for what can go wrong while a bid is sealed and sent', () => {
  it('are there for every check of the worker', () => {
    const folders = ['libs/acts/src', 'apps/web/src/islands/sealing', 'apps/web/src/islands/bid'];
    const codes = new Set(folders.flatMap(codesIn));
    for (const code of ['kit_differs', 'log_rolled_back', 'self_test_failed', 'policy_changed', 'receipt_late'])
      expect([code, codes.has(code)]).toEqual([code, true]);
    const said = Object.keys(sealingFailures).map((key) => key.replace('failed.', ''));
    expect([...codes].filter((code) => !said.includes(code) && !ELSEWHERE.includes(code))).toEqual([]);
    expect(Object.keys(english)).toEqual(Object.keys(sealingFailures));
  });

  it('say what to do next, and never how many bids there are', () => {
    for (const words of Object.values(sealingFailures)) expect(words).toMatch(/\w\.$/);
    for (const words of Object.values({ ...bidding, ...sealing }))
      expect(JSON.stringify(words)).not.toMatch(/\{n\} (penawaran|penyedia)/);
  });
});
