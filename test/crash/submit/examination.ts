/** After every submission that was interrupted: is what was acknowledged there, once, and whole? */
import { openEnvelope, sha256, toBase64, toHex, type Envelope } from '@segel/encoding';
import { PART_BYTES, openManifest, partRoot } from '@segel/sealing';
import { blindedLeaf, verifyReceipt, type Policy } from '@segel/tlog';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { contentKey, type ObjectStore } from '../../../apps/api/src/platform/object-store/object-store.js';
import { verifyEd25519 } from '../../../apps/api/src/platform/log/ed25519.js';
import type { Vendor } from './vendor.js';

export const HARMS = ['lost', 'duplicated', 'corrupt', 'stuck'] as const;
export type Harm = (typeof HARMS)[number];
export type Finding = { readonly harm: Harm; readonly what: string };

export type Witnesses = { readonly owner: pg.Pool; readonly store: ObjectStore; readonly policy: Policy };

type Row = { readonly leaf: Buffer; readonly manifest: Buffer; readonly entries: number; readonly leaves: number };

/** What is wrong with a bid whose vendor was told that it is submitted. */
export async function examine(vendor: Vendor, witnesses: Witnesses): Promise<readonly Finding[]> {
  const { rows } = await witnesses.owner.query<Row>(
    `SELECT b.leaf_sha256 AS leaf, b.manifest_object AS manifest,
       (SELECT count(*)::int FROM trail t WHERE t.type IN ('bid.submitted', 'bid.replaced') AND t.subject_id =
          (SELECT account_id FROM role_assignment r WHERE r.organisation_id = b.vendor_id)) AS entries,
       (SELECT count(*)::int FROM tlog.entry e WHERE sha256(e.data) = b.leaf_sha256) AS leaves
     FROM bid b WHERE b.id = $1`,
    [vendor.bid.bidId],
  );
  const row = rows[0];
  if (row === undefined) return [{ harm: 'lost', what: `the bid ${vendor.bid.bidId} has a receipt and is not stored` }];
  const harm = (harm: Harm, problems: readonly string[]): Finding[] => problems.map((what) => ({ harm, what }));
  return [
    ...harm('lost', await lost(vendor, witnesses.policy, row)),
    ...harm(
      'duplicated',
      row.entries === 1 && row.leaves === 1 ? [] : [`${row.entries} entries, ${row.leaves} leaves`],
    ),
    ...harm('corrupt', await corrupt(vendor, witnesses, row)),
  ];
}

/** Receipt and promise, as the vendor keeps them, against what is stored. */
async function lost(vendor: Vendor, policy: Policy, { leaf }: Row): Promise<readonly string[]> {
  const problems: string[] = [];
  const receipt = await vendor.keeps('receipt.tlog-proof');
  if (receipt === undefined) return ['the command said submitted and kept no receipt'];
  try {
    const { commitment } = verifyReceipt(await readFile(receipt, 'utf8'), policy, verifyEd25519);
    const own = commitment !== undefined && toBase64(sha256(blindedLeaf(commitment))) === toBase64(leaf);
    if (!own) problems.push('the receipt is about another leaf than the stored bid');
  } catch (error) {
    problems.push(`the receipt does not hold: ${(error as Error).message}`);
  }
  const promise = await vendor.keeps('promise.json');
  if (promise === undefined) return problems;
  // A promise that was broken off in the middle of being written would not parse.
  const envelope = JSON.parse(await readFile(promise, 'utf8')) as Envelope;
  const { document } = openEnvelope('promise', envelope, verifyEd25519);
  if (document['leaf_sha256'] !== toBase64(leaf)) problems.push('a promise was given that the log does not keep');
  return problems;
}

/** Every byte in the store against the manifest that the vendor signed. */
async function corrupt({ bid, base }: Vendor, { owner, store }: Witnesses, row: Row): Promise<readonly string[]> {
  const envelope = JSON.parse(await readFile(`${base}.manifest.json`, 'utf8')) as Envelope;
  const { manifest } = openManifest(envelope, {}, verifyEd25519);
  const { rows } = await owner.query<{ sha256: Buffer }>(
    'SELECT sha256 FROM bid_part WHERE bid_id = $1 ORDER BY position',
    [bid.bidId],
  );
  const problems: string[] = [];
  const hashes: Uint8Array[] = [];
  let size = 0;
  for (const { sha256: named } of rows) {
    const bytes = await store.bytes(contentKey(named)).catch(() => new Uint8Array());
    const hash = createHash('sha256').update(bytes).digest();
    if (!hash.equals(named)) problems.push(`the part ${toHex(named)} is missing or holds other bytes`);
    if (bytes.length > PART_BYTES) problems.push(`the part ${toHex(named)} is too long`);
    hashes.push(new Uint8Array(hash));
    size += bytes.length;
  }
  if (size !== manifest.ciphertext.size || toBase64(partRoot(hashes)) !== manifest.ciphertext.root)
    problems.push('the ciphertext in the store is not that of the manifest');
  const stored = await store.bytes(contentKey(row.manifest)).catch(() => new Uint8Array());
  if (!createHash('sha256').update(stored).digest().equals(row.manifest)) problems.push('the manifest is damaged');
  return problems;
}
