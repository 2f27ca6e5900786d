/** Submissions from many connections across a deadline, over HTTP against a real PostgreSQL, and what became of each. */
import { fromBase64, toBase64, utf8Text, uuidV7 } from '@segel/encoding';
import { contextHashText, manifestSha256, partRoot, recipientOf, signManifest, type Manifest } from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { contentKey } from '../../apps/api/src/platform/object-store/object-store.js';
import type { Harness } from '../support/harness.js';
import { publishTender, type PublishedTender } from '../support/published-tender.js';
import { approvedVendor, sealFor, signedBody, submitBid, type VendorUser } from '../support/sealed-bid.js';

/** How a submission was answered; `at` is the server's one reading of its clock: of the entry, or of the signed refusal. */
export type Outcome = {
  readonly manifest: string;
  readonly accepted: boolean;
  readonly atMs: number;
  readonly code: string;
};

export type Report = {
  readonly submissions: number;
  readonly accepted: number;
  readonly refused: number;
  readonly boxCount: number;
  readonly valid: number;
  /** Nearest decisions on both sides of the deadline, in milliseconds. */
  readonly nearestBeforeMs: number;
  readonly nearestAfterMs: number;
  readonly seconds: number;
  readonly wrongSide: number;
  readonly acceptedAndRefused: number;
  readonly acceptedOutsideTheBox: number;
  readonly unrecorded: number;
  readonly surprises: readonly string[];
};

type Lane = { readonly vendor: VendorUser; last?: string };

/** Companies that may bid, a tender, and one sealed bid that all others are made from. */
export type Scene = {
  readonly harness: Harness;
  readonly tender: PublishedTender;
  readonly deadlineMs: number;
  readonly lanes: readonly Lane[];
  readonly template: Manifest;
};

export async function prepare(harness: Harness, connections: number, deadlineInMs: number): Promise<Scene> {
  const lanes: Lane[] = [];
  for (let i = 0; i < connections; i++) lanes.push({ vendor: await approvedVendor(harness, `Company ${i}`) });
  const tender = await publishTender(harness, { deadlineInMs });
  const { manifest: template } = await sealFor(harness, tender.tenderId, lanes[0]!.vendor);
  return { harness, tender, deadlineMs: Date.parse(tender.terms.deadlineAt), lanes, template };
}

/** Every connection bids for its company, one bid after the other, each replacing the one before, until `next` says no. The
 *  close runs among them as soon as the deadline has passed. */
export async function across(scene: Scene, next: () => boolean): Promise<Report> {
  const { harness, lanes } = scene;
  const began = performance.now();
  const outcomes: Outcome[] = [];
  const surprises: string[] = [];
  let open = true;
  const closing = (async () => {
    for (; open; await sleep(20)) if (harness.clock.now().getTime() >= scene.deadlineMs) await harness.runDueJobs();
  })();
  const work = async (lane: Lane): Promise<void> => {
    while (next()) {
      const outcome = await bid(scene, lane).catch((error: unknown) => void surprises.push((error as Error).message));
      if (outcome !== undefined) outcomes.push(outcome);
    }
  };
  await Promise.all(lanes.map(work));
  open = false;
  await closing;
  const seconds = (performance.now() - began) / 1000;
  if (harness.clock.now().getTime() < scene.deadlineMs) harness.clock.set(new Date(scene.deadlineMs));
  await harness.runDueJobs();
  return examine(scene, outcomes, surprises, seconds);
}

/** A signed manifest of its own on a ciphertext of which only the size exists: nothing is opened here. */
async function bid({ harness, tender, template }: Scene, lane: Lane): Promise<Outcome> {
  const { vendor } = lane;
  const now = harness.clock.now().getTime();
  const part = new Uint8Array(randomBytes(32));
  await reserve(harness, part, template.ciphertext.size);
  const { replaces: _, ...pinned } = template.context;
  const context = {
    ...pinned,
    vendor_id: vendor.vendorId,
    vendor_key: vendor.key,
    offer_id: uuidV7(now, new Uint8Array(randomBytes(10))),
    bid_id: uuidV7(now, new Uint8Array(randomBytes(10))),
    ...(lane.last === undefined ? {} : { replaces: lane.last }),
  };
  const manifest: Manifest = {
    ...template,
    context,
    ctx: contextHashText(context),
    recipient: recipientOf('x1', new Uint8Array(randomBytes(32))),
    ciphertext: { ...template.ciphertext, root: toBase64(partRoot([part])) },
  };
  const hash = toBase64(manifestSha256(manifest));
  const ours = signedBody(manifest, hash, vendor.secret);
  const sealed = { envelope: signManifest(manifest, vendor.secret), parts: [toBase64(part)], ...ours };
  const answer = await submitBid(harness, tender.tenderId, vendor, sealed);
  if (answer.status === 201) {
    lane.last = context.bid_id;
    return { manifest: hash, accepted: true, atMs: Date.parse(answer.body.submittedAt), code: '' };
  }
  const { code, params } = answer.body as unknown as { code: string; params?: { refusal?: { payload: string } } };
  const refusal = params?.refusal;
  if (refusal === undefined) throw new Error(`${answer.status} ${answer.text}`);
  const signed = JSON.parse(utf8Text(fromBase64(refusal.payload))) as { at: string; manifest_sha256: string };
  if (signed.manifest_sha256 !== hash) throw new Error('the refusal is of another bid');
  return { manifest: hash, accepted: false, atMs: Date.parse(signed.at), code };
}

async function reserve(harness: Harness, digest: Uint8Array, size: number): Promise<void> {
  const file = path.join(harness.config.settings.OBJECT_FOLDER, contentKey(digest));
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'w');
  await handle.truncate(size);
  await handle.close();
}

async function examine(
  { harness, tender, deadlineMs, lanes }: Scene,
  outcomes: readonly Outcome[],
  surprises: readonly string[],
  seconds: number,
): Promise<Report> {
  await harness.published(300);
  const { rows: bids } = await harness.owner.query<{ manifest: string; inside: boolean; id: string; at: Date }>(
    `SELECT encode(b.manifest_sha256, 'base64') AS manifest, b.id, b.submitted_at AS at,
       EXISTS (SELECT FROM tlog.entry e JOIN box x ON x.lot_id = b.lot_id AND e.idx < x.cut_size WHERE sha256(e.data) = b.leaf_sha256) AS inside
     FROM bid b WHERE b.tender_id = $1`,
    [tender.tenderId],
  );
  const { rows: late } = await harness.owner.query<{ bytes: Buffer }>(
    `SELECT o.entry_bytes AS bytes FROM trail t JOIN tlog.opening o ON o.commitment = t.commitment
     WHERE t.tender_id = $1 AND t.type = 'bid.refused'`,
    [tender.tenderId],
  );
  const refusedLog = new Set(
    late.map(
      ({ bytes }) => (JSON.parse(utf8Text(bytes)) as { body: { manifest_sha256: string } }).body.manifest_sha256,
    ),
  );
  const { rows: boxes } = await harness.owner.query<{ count: number; bids: string[] }>(
    `SELECT count, ARRAY(SELECT bid_id::text FROM box_bid WHERE box_id = x.id) AS bids FROM box x WHERE tender_id = $1`,
    [tender.tenderId],
  );
  const stored = new Set(bids.map(({ manifest }) => manifest));
  const accepted = outcomes.filter((one) => one.accepted);
  const refused = outcomes.filter((one) => !one.accepted);
  const newest = lanes.flatMap(({ last }) => (last === undefined ? [] : [last]));
  const boxed = new Set(boxes.flatMap((box) => box.bids));
  const away = (list: readonly Outcome[]): number => Math.min(...list.map(({ atMs }) => Math.abs(atMs - deadlineMs)));
  return {
    submissions: outcomes.length,
    accepted: accepted.length,
    refused: refused.length,
    boxCount: boxes.reduce((sum, { count }) => sum + count, 0),
    valid: newest.length,
    nearestBeforeMs: away(accepted),
    nearestAfterMs: away(refused),
    seconds: Math.round(seconds * 10) / 10,
    wrongSide:
      outcomes.filter((one) => one.accepted !== one.atMs < deadlineMs).length +
      bids.filter(({ at }) => at.getTime() >= deadlineMs).length,
    acceptedAndRefused:
      [...refusedLog].filter((manifest) => stored.has(manifest)).length +
      refused.filter(({ manifest }) => stored.has(manifest)).length +
      accepted.filter(({ manifest }) => refusedLog.has(manifest)).length,
    acceptedOutsideTheBox:
      bids.filter(({ inside }) => !inside).length +
      newest.filter((bidId) => !boxed.has(bidId)).length +
      Math.abs(boxed.size - newest.length),
    unrecorded:
      accepted.filter(({ manifest }) => !stored.has(manifest)).length +
      refused.filter(({ manifest }) => !refusedLog.has(manifest)).length +
      Math.abs(stored.size - accepted.length),
    surprises: surprises.slice(0, 10),
  };
}

/** Reasons why a run failed; none when every submission is on its side. */
export function failures(report: Report): readonly string[] {
  const { wrongSide, acceptedAndRefused, acceptedOutsideTheBox, unrecorded, boxCount, valid, surprises } = report;
  const counts = { wrongSide, acceptedAndRefused, acceptedOutsideTheBox, unrecorded, boxDiffers: boxCount - valid };
  const wrong = Object.entries(counts).filter(([, count]) => count !== 0);
  return [...wrong.map(([name, count]) => `${name}: ${count}`), ...surprises];
}
