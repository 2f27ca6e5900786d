/** The terms behind a kit. The log names them by hash only; what a kit says of them beside is the server's word, or that of
 *  whoever held the stick, until it was compared with the document. */
import {
  canonicalBytes,
  equalBytes,
  fromDocument,
  sha256,
  toBase64,
  utf8Text,
  type Canonical,
  type Sha256,
} from '@segel/encoding';
import { ciphertextDueAt, type TenderTerms } from '@segel/procurement';
import { check } from './failure.js';
import type { SealingKit } from './kit.js';

/** Reads the document of the terms and compares everything in the kit that only it can prove: rule pack, titles of the
 *  lots, size of a bid, grace for sealed files. Throws CheckFailed `kit_differs`. */
export function termsOfKit(kit: SealingKit, document: Uint8Array, hash: Sha256 = sha256): TenderTerms {
  const same = toBase64(hash(document)) === kit.termsSha256;
  check(same, 'kit_differs', 'The terms are not those of the notice.');
  const terms = fromDocument<TenderTerms>(JSON.parse(utf8Text(document)) as Canonical);
  demandSame(kit.rulePackId ?? '', terms.rulePackId, 'rule pack');
  demandSame(kit.maxBidBytes, terms.maxBidBytes, 'largest size of a bid');
  demandSame(titlesOf(kit.lots), titlesOf(terms.lots), 'list of lots');
  const { graceMinutes } = terms.precommit ?? {};
  const due = ciphertextDueAt(new Date(kit.deadlineAt), terms.precommit)?.toISOString();
  const stated = kit.precommit && [kit.precommit.graceMinutes, kit.precommit.ciphertextDueAt];
  const written = graceMinutes === undefined || due === undefined ? [] : [graceMinutes, due];
  demandSame(stated ?? [], written, 'grace for sealed files');
  return terms;
}

const titlesOf = (lots: readonly { readonly id: string; readonly title: string }[]): Canonical =>
  lots.map(({ id, title }) => ({ id, title }));

function demandSame(kit: Canonical, terms: Canonical, what: string): void {
  const equal = equalBytes(canonicalBytes(kit), canonicalBytes(terms));
  check(equal, 'kit_differs', `The ${what} in the kit is not that of the terms.`);
}
