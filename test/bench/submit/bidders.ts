/** Companies by the hundred, straight into the database, and their bids, sealed by the code of the command line before
 *  any clock starts. */
import { bidEntry, fetchKit, type KeyRing, type SealingKit } from '@segel/acts';
import { ed25519PublicKey, signDocument, toBase64, toHex } from '@segel/encoding';
import { PART_BYTES, type FileSource } from '@segel/sealing';
import jwt from 'jsonwebtoken';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { sealBid } from '../../../apps/cli/src/acts/seal.js';
import { ApiClient } from '../../../apps/cli/src/api-client.js';
import { newId, random } from '../../../apps/cli/src/primitives.js';
import { fromBase64 } from '@segel/encoding';
import type { Harness } from '../../support/harness.js';

export type Bidder = { readonly vendorId: string; readonly token: string; readonly keys: KeyRing };

export type PreparedPart = { readonly sha256: string; readonly hex: string; readonly bytes: number };

/** A sealed and signed bid on disk, and the one JSON body that submits it. */
export type PreparedBid = {
  readonly bidId: string;
  readonly tenderId: string;
  readonly token: string;
  readonly file: string;
  readonly bytes: number;
  readonly parts: readonly PreparedPart[];
  readonly submission: string;
};

const YEAR_MS = 365 * 86_400_000;
/** The seed's file is not what is measured: scrypt at its cheapest. */
export const WORK_FACTOR = 1;
export const PASSPHRASE = 'a passphrase of a benchmark';

/** Approved companies with one signed-in person and one registered key each. Their keys are no entries of the log. */
export async function makeBidders(harness: Harness, count: number): Promise<readonly Bidder[]> {
  const secret = Buffer.from(harness.config.settings.TOKEN_SECRET);
  const made = Array.from({ length: count }, () => {
    const [accountId, sessionId, vendorId] = [newId(), newId(), newId()];
    const keys: KeyRing = { signingSecret: random(32), openerIdentities: [] };
    const token = jwt.sign({ sub: accountId, sid: sessionId }, secret, { algorithm: 'HS256', issuer: 'segel' });
    return { accountId, sessionId, vendorId, keys, token, key: ed25519PublicKey(keys.signingSecret) };
  });
  const ids = (of: (one: (typeof made)[number]) => string): string[] => made.map(of);
  const columns = [ids((one) => one.accountId), ids((one) => one.sessionId), ids((one) => one.vendorId)];
  const now = harness.clock.now();
  for (const sql of ROWS) {
    const all = [...columns, made.map(({ key }) => Buffer.from(key)), now, new Date(now.getTime() + YEAR_MS)];
    await harness.owner.query(
      `WITH made AS (SELECT *, $5::timestamptz AS at, $6::timestamptz AS ends
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[]) AS made (account, session, vendor, key)) ${sql}`,
      all,
    );
  }
  return made.map(({ vendorId, token, keys }) => ({ vendorId, token, keys }));
}

const ROWS = [
  `INSERT INTO account (id, email, name, language, password_hash, created_at, confirmed_at)
   SELECT account, account || '@example.org', 'Bidder', 'en', 'none', at, at FROM made`,
  `INSERT INTO session (id, account_id, created_at, expires_at, ip, user_agent)
   SELECT session, account, at, ends, '127.0.0.1', 'benchmark' FROM made`,
  `INSERT INTO vendor (id, name, country, identifier_scheme, identifier, address, record, registered_by, registered_at, state)
   SELECT vendor, 'Bidder', 'NL', 'XX-TEST', vendor, 'Example street 1', '{}', account, at, 'approved' FROM made`,
  `INSERT INTO role_assignment (id, account_id, role, organisation_id, granted_at, granted_by)
   SELECT gen_random_uuid(), account, 'vendor', vendor, at, 'benchmark' FROM made`,
  `INSERT INTO signing_key (id, account_id, vendor_id, public_key, entry_sha256, leaf_sha256, registered_at)
   SELECT gen_random_uuid(), account, vendor, key, sha256(key), sha256(key), at FROM made`,
] as const;

/** Every bidder's bid for the first lot of the tender. */
export async function prepareBids(
  url: string,
  tenderId: string,
  bidders: readonly Bidder[],
  { payloadBytes, folder }: { readonly payloadBytes: number; readonly folder: string },
): Promise<readonly PreparedBid[]> {
  const kit = await fetchKit(new ApiClient({ url }), tenderId);
  const bids: PreparedBid[] = [];
  for (const bidder of bidders) bids.push(await prepareBid(kit, bidder, payloadBytes, folder));
  return bids;
}

async function prepareBid(
  kit: SealingKit,
  { vendorId, token, keys }: Bidder,
  payloadBytes: number,
  folder: string,
): Promise<PreparedBid> {
  const sealed = await sealBid({
    kit,
    lotId: kit.lots[0]!.id,
    vendorId,
    keys,
    offer: { currency: 'EUR', answers: [], documents: [], prices: [], total: '0.00' },
    files: [zeros(payloadBytes)],
    outDir: folder,
    passphrase: PASSPHRASE,
    workFactor: WORK_FACTOR,
  });
  const { manifest, envelope, partHashes } = sealed;
  const entry = bidEntry(manifest, fromBase64(sealed.manifestSha256));
  const { size } = manifest.ciphertext;
  const parts = partHashes.map((hash, i) => ({
    sha256: toBase64(hash),
    hex: toHex(hash),
    bytes: Math.min(PART_BYTES, size - i * PART_BYTES),
  }));
  const submission = {
    manifest: envelope,
    parts: parts.map(({ sha256 }) => sha256),
    bodySig: signDocument(entry.types[0]!, entry.body, keys.signingSecret),
  };
  return {
    bidId: sealed.bidId,
    tenderId: kit.tenderId,
    token,
    file: sealed.sealedFile,
    bytes: size,
    parts,
    submission: JSON.stringify(submission),
  };
}

/** Every bid is encrypted under a key of its own: the same zeros become other bytes each time. */
export function zeros(size: number): FileSource {
  const chunk = new Uint8Array(1 << 16);
  async function* read(): AsyncGenerator<Uint8Array> {
    for (let left = size; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
  }
  return { path: 'annex.bin', size, open: read };
}

/** Takes the objects of these bids away again: nobody opens them, and disks are small. */
export async function removeObjects(objects: string, bids: readonly PreparedBid[]): Promise<void> {
  for (const { hex } of bids.flatMap(({ parts }) => parts))
    await rm(path.join(objects, 'objects', hex.slice(0, 2), hex.slice(2)), { force: true });
}
