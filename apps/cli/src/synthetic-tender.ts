/** A made-up tender in a synthetic log for the specs: officials, openers with real keys, a notice, a box. */
import type { KeyRing, SealingKit } from '@segel/acts';
import { fromBase64, formatInstant, sha256, toBase64, utf8, type CanonicalObject } from '@segel/encoding';
import { encodeIdentity, recipientOf } from '@segel/sealing';
import { leafHash, treeRoot } from '@segel/tlog';
import { bytesOf, DEADLINE, idOf, keyOf, SyntheticLog, type Appended } from './synthetic-log.js';

export const TENDER = idOf('tender');
export const LOT = idOf('lot');
export const OPENERS = ['opener a', 'opener b', 'opener c'] as const;

export const openerKeys = (name: string): KeyRing => ({
  signingSecret: bytesOf(name),
  openerIdentities: [{ tenderId: TENDER, identity: encodeIdentity('x1', bytesOf(`age of ${name}`)) }],
});
export const recipientFor = (name: string): string => recipientOf('x1', bytesOf(`age of ${name}`));

/** Seconds after the deadline. */
export const after = (seconds: number): Date => new Date(DEADLINE.getTime() + seconds * 1000);

/** A log with the keys of everybody. */
export function people(log = new SyntheticLog()): SyntheticLog {
  const genesis = { log_origin: log.origin, promise_key: keyOf('promise'), policy_sha256: policyHash(log) };
  log.append({ type: 'log.genesis', body: genesis });
  for (const name of ['preparer', 'approver', 'auditor', ...OPENERS]) {
    const escrow: CanonicalObject = name === 'auditor' ? { escrow_recipient: recipientFor('auditor') } : {};
    const body = { account_id: idOf(name), key: keyOf(name), ...escrow };
    log.append({ type: 'key.authority.registered', body, signers: [name] });
  }
  const second = { account_id: idOf('preparer'), key: keyOf('second key') };
  log.append({ type: 'key.authority.registered', body: second, signers: ['second key'] });
  const vendor = { account_id: idOf('vendor person'), vendor_id: idOf('vendor'), key: keyOf('vendor') };
  log.append({ type: 'key.vendor.registered', body: vendor, signers: ['vendor'] });
  return log;
}

const policyHash = (log: SyntheticLog): string => toBase64(sha256(utf8(log.policy.text)));

/** Registers the openers' keys for the tender. */
export function registerOpeners(log: SyntheticLog, substituted?: string): readonly Appended[] {
  return OPENERS.map((name) => {
    const body = {
      tender_id: TENDER,
      opener_id: idOf(name),
      suite: 'x1',
      recipient: recipientFor(name),
      key: keyOf(name === substituted ? 'operator' : name),
    };
    return log.append({
      type: 'key.opener.registered',
      tenderId: TENDER,
      body,
      signers: [name === substituted ? 'operator' : name],
    });
  });
}

/** Publishes the notice, or an addendum when the version is above 1. */
export function publishNotice(
  log: SyntheticLog,
  keys: readonly Appended[],
  changes: Partial<CanonicalObject> & { readonly version?: number } = {},
  signers: readonly string[] = ['preparer', 'approver'],
): Appended {
  const version = changes.version ?? 1;
  const body = {
    ocid: 'ocds-spec-1',
    version,
    terms_sha256: toBase64(bytesOf('terms')),
    title: 'School roof',
    buyer_id: idOf('buyer'),
    buyer_name: 'City',
    rule_pack: { id: 'generic/open', version: '1', sha256: toBase64(bytesOf('pack')) },
    suite: 'x1',
    deadline: formatInstant(DEADLINE),
    enquiry_end: formatInstant(DEADLINE),
    policy_sha256: policyHash(log),
    tolerance_s: 120,
    lots: [{ id: LOT, envelopes: ['single'] }],
    groups: [
      {
        name: 'buyer',
        k: 2,
        openers: OPENERS.map((name, i) => ({ opener_id: idOf(name), key_entry_sha256: keys[i]!.sha256 })),
      },
    ],
    attestation_required: true,
    ...(version === 1 ? {} : { reason: 'A correction.', reseal_required: false }),
    ...changes,
  } as CanonicalObject;
  return log.append({ type: version === 1 ? 'tender.published' : 'tender.addendum', tenderId: TENDER, body, signers });
}

/** Closes the box over these commitments (base64). */
export function closeBox(log: SyntheticLog, notice: Appended, commitments: readonly string[] = []): Appended {
  const leaves = commitments.toSorted().map((commitment) => leafHash(fromBase64(commitment)));
  const body = {
    lot_id: LOT,
    envelope: 'single',
    deadline: formatInstant(DEADLINE),
    latest_notice_sha256: notice.sha256,
    cut_size: log.entries.length,
    count: commitments.length,
    set_root: toBase64(treeRoot(leaves)),
  };
  return log.append({ type: 'box.closed', tenderId: TENDER, body, at: after(1) });
}

export function attest(log: SyntheticLog, box: Appended, signer = 'auditor'): Appended {
  const { lot_id, envelope, set_root, cut_size } = JSON.parse(new TextDecoder().decode(box.entryBytes)).body;
  const body = { lot_id, envelope, box_idx: box.index, set_root, cut_size };
  return log.append({ type: 'box.attested', tenderId: TENDER, body, signers: [signer], at: after(60) });
}

/** The kit that an honest server gives for a notice. */
export function kitOf(log: SyntheticLog, notice: Appended, keys: readonly Appended[]): SealingKit {
  return {
    v: 1,
    tenderId: TENDER,
    title: 'School roof',
    logOrigin: log.origin,
    noticeSha256: notice.sha256,
    suite: 'x1',
    deadlineAt: formatInstant(DEADLINE),
    termsVersion: 1,
    termsSha256: toBase64(bytesOf('terms')),
    lots: [{ id: LOT, title: 'Roof', envelopes: ['single'] }],
    groups: [
      {
        name: 'buyer',
        k: 2,
        openers: OPENERS.map((name, i) => ({
          openerId: idOf(name),
          recipient: recipientFor(name),
          keyEntrySha256: keys[i]!.sha256,
        })),
      },
    ],
    policy: log.policy.text,
    maxBidBytes: 100_000_000,
  };
}
