/** Every notice: signed by two people, and saying what the terms, the policy and the rule pack say. */
import { fromBase64, sha256, toBase64, type CanonicalObject } from '@segel/encoding';
import {
  checkTerms as findingsOf,
  extendedDeadline,
  packDocument,
  resealRequired,
  RULE_PACKS,
  type TenderTerms,
} from '@segel/procurement';
import type { Findings, Where } from '../report.js';
import { text, type Notice, type TenderView } from '../tender-view.js';

export function noticesCheck(view: TenderView, found: Findings): void {
  view.notices.forEach((notice, i) => {
    const where: Where = { entry: notice.index };
    checkSignatures(view, notice, found, where);
    checkTerms(notice, found, where);
    checkPack(view, notice, found, where);
    const { body, at } = notice.entry;
    if (body['policy_sha256'] !== view.log.policySha256) {
      found.error('policy_hash', 'The notice names another log policy than the one used here.', where);
    }
    if (at >= new Date(text(body, 'deadline')))
      found.error('notice_late', 'The notice came after its deadline.', where);
    const before = view.notices[i - 1];
    if (before !== undefined && notice.version <= before.version) {
      found.error('version_order', 'The notice does not have a later version than the one before.', where);
    }
    const deadline = view.deadlineAt(notice.index);
    if (before !== undefined && at >= new Date(deadline)) {
      found.error('addendum_late', 'An addendum came after the deadline had passed: it opened a closed tender.', where);
    }
    checkRules(view, notice, before, found, where);
    if (before !== undefined && text(body, 'deadline') < deadline) {
      found.error('deadline_earlier', 'An addendum moved the deadline to an earlier time.', where);
    }
  });
}

function checkSignatures(view: TenderView, { entry, index }: Notice, found: Findings, where: Where): void {
  const keys = (entry.bodySig ?? []).map((signature) => signature.key);
  const holders = keys.map((key) => view.keys.holder(key, index));
  if (holders.some((holder) => holder === undefined || holder.kind === 'vendor')) {
    found.error('signer_unknown', 'The notice is signed by a key that no official had registered.', where);
  }
  const people = new Set(holders.flatMap((holder) => (holder === undefined ? [] : [holder.accountId])));
  if (new Set(keys).size < 2 || people.size < 2) {
    found.error('one_signer', 'The notice is not signed by two different people.', where);
  }
}

function checkTerms({ entry, terms }: Notice, found: Findings, where: Where): void {
  if (terms === undefined) {
    found.error('terms_hash', 'The terms that were published are not those of the notice.', where);
    return;
  }
  for (const [field, said, meant] of comparisons(entry.body, terms)) {
    if (said !== meant) found.error('terms_differ', `Notice and terms differ in ${field}.`, { ...where, field });
  }
}

/** The terms keep the rules of the pack at the moment they came into force. */
function checkRules(view: TenderView, notice: Notice, before: Notice | undefined, found: Findings, where: Where): void {
  const { terms, entry } = notice;
  if (terms === undefined || view.pack === undefined) return;
  // After an addendum the rule of the extension stands in for the shortest time for bids.
  const pack = before === undefined ? view.pack : { ...view.pack, minimumSubmissionDays: 0 };
  const broken = findingsOf(terms, pack, entry.at).filter(
    ({ severity, code }) => severity === 'error' && (before === undefined || code !== 'period_too_short'),
  );
  for (const { code, path } of broken)
    found.error('terms_break_rules', `The terms do not keep the rule pack: ${code}.`, { ...where, field: path });
  if (before === undefined) return;
  const deadline = new Date(terms.deadlineAt);
  if (extendedDeadline(deadline, view.pack, entry.at).getTime() !== deadline.getTime())
    found.error('extension_short', 'The addendum leaves fewer days than the rule pack asks for.', where);
  const replaced = keysReplaced(before.entry.body, entry.body);
  const reseal = before.terms === undefined ? undefined : replaced || resealRequired(before.terms, terms);
  if (reseal !== undefined && entry.body['reseal_required'] !== reseal)
    found.error('reseal_differs', 'The addendum says wrongly whether bids must be sealed again.', where);
}

type Pins = readonly {
  readonly openers: readonly { readonly opener_id: string; readonly key_entry_sha256: string }[];
}[];

/** True when an opener of both notices has another key in the second. */
function keysReplaced(before: CanonicalObject, after: CanonicalObject): boolean {
  const pins = (body: CanonicalObject): ReadonlyMap<string, string> =>
    new Map(
      (body['groups'] as unknown as Pins).flatMap(({ openers }) =>
        openers.map((o) => [o.opener_id, o.key_entry_sha256]),
      ),
    );
  const old = pins(before);
  return [...pins(after)].some(([opener, pinned]) => old.has(opener) && old.get(opener) !== pinned);
}

function comparisons(body: CanonicalObject, terms: TenderTerms): readonly (readonly [string, unknown, unknown])[] {
  const lots = body['lots'] as readonly { readonly id: string }[];
  const groups = body['groups'] as readonly { name: string; k: number; openers: readonly { opener_id: string }[] }[];
  return [
    ['title', body['title'], terms.title],
    ['buyer', body['buyer_id'], terms.buyer.id],
    ['suite', body['suite'], terms.suite],
    ['deadline', body['deadline'], terms.deadlineAt],
    ['enquiry_end', body['enquiry_end'], terms.enquiryEndAt],
    ['lots', JSON.stringify(lots.map((lot) => lot.id)), JSON.stringify(terms.lots.map((lot) => lot.id))],
    [
      'groups',
      JSON.stringify(groups.map(({ name, k, openers }) => [name, k, openers.map((opener) => opener.opener_id)])),
      JSON.stringify(terms.groups.map(({ name, k, openerIds }) => [name, k, openerIds])),
    ],
  ];
}

function checkPack(view: TenderView, { entry: { body } }: Notice, found: Findings, where: Where): void {
  const named = body['rule_pack'] as CanonicalObject;
  const { pack, evidence } = view;
  if (pack === undefined || toBase64(sha256(fromBase64(evidence.rulePack))) !== named['sha256']) {
    found.error('rule_pack_hash', 'The rule pack that was published is not the one the notice froze.', where);
    return;
  }
  if (pack.id !== named['id'] || String(pack.version) !== named['version']) {
    found.error('rule_pack_differs', 'The rule pack has another name or version than the notice says.', where);
  }
  const known = RULE_PACKS.find(({ id, version }) => id === pack.id && version === pack.version);
  if (known === undefined) {
    found.warn(
      'rule_pack_unknown',
      'The rule pack is none that this program knows: read it before you trust it.',
      where,
    );
  } else if (packDocument(known).sha256 !== named['sha256']) {
    found.error('rule_pack_foreign', 'The rule pack has the name of a known one and other rules.', where);
  }
  if ((pack.attestation === 'required') !== body['attestation_required']) {
    found.error('attestation_differs', 'Notice and rule pack differ on whether the box must be attested.', where);
  }
  if (pack.demonstration) found.warn('demonstration', 'The tender ran under a demonstration rule pack.', where);
}
