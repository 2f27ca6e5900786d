/** From a published tender to its opening, as openers and auditors do it with their own clients. */
import { fromBase64, signDocument, toBase64, type CanonicalObject, type Envelope } from '@segel/encoding';
import { shareReleaseBody } from '@segel/procurement';
import {
  chairOf,
  openManifest,
  openWrap,
  SealError,
  sentShareCommitment,
  sentSharesRoot,
  type SentShareCommitment,
} from '@segel/sealing';
import type { Answer, Harness } from './harness.js';
import { expectStatus, type PublishedTender } from './published-tender.js';
import type { Signer } from './tender-people.js';

export type BoxAnswer = {
  readonly id: string;
  readonly lotId: string;
  readonly cutSize: number;
  readonly count: number;
  readonly setRoot: string;
  readonly index: number;
};

export type SentShare = { readonly bidId: string; readonly x: number } & (
  { readonly share: string } | { readonly complaint: string }
);

type ReleaseSet = {
  readonly lotId: string;
  readonly group: string;
  readonly body: CanonicalObject;
  readonly bids: readonly { readonly bidId: string; readonly commitment: string; readonly manifest: Envelope }[];
};

/** Goes past the deadline and closes the boxes; returns them in the order of the lots. */
export async function closeBoxes(
  harness: Harness,
  tender: PublishedTender,
  pastDeadlineMs = 1000,
): Promise<readonly BoxAnswer[]> {
  await harness.published();
  harness.clock.set(new Date(Date.parse(tender.terms.deadlineAt) + pastDeadlineMs));
  await harness.runDueJobs();
  await harness.published();
  return expectStatus(await harness.get<BoxAnswer[]>(`/api/tenders/${tender.tenderId}/boxes`), 200);
}

/** The auditor attests the box. */
export async function attestBox(harness: Harness, tender: PublishedTender, box: BoxAnswer): Promise<void> {
  const { auditor } = tender.people;
  const { lotId, index, setRoot, cutSize } = box;
  const body = { lot_id: lotId, envelope: 'single', box_idx: index, set_root: setRoot, cut_size: cutSize };
  const signature = signDocument('box.attested', body, auditor.secret);
  const route = `/api/tenders/${tender.tenderId}/boxes/${box.id}/attestation`;
  const answer = await harness.post(route, signature, auditor);
  if (answer.status >= 300) throw new Error(`the attestation was refused: ${answer.status} ${answer.text}`);
}

export const releaseRoute = (tender: PublishedTender, box: BoxAnswer, what = 'releases'): string =>
  `/api/tenders/${tender.tenderId}/boxes/${box.id}/${what}`;

/** What an opener's client makes of the release set: its share of every bid, opened with the tender's key, or a
 *  complaint about the wrap. */
export async function sharesOf(
  harness: Harness,
  tender: PublishedTender,
  box: BoxAnswer,
  opener: number,
): Promise<{ readonly set: ReleaseSet; readonly shares: readonly SentShare[] }> {
  const person = tender.people.openers[opener]!;
  const set = expectStatus(await harness.get<ReleaseSet>(releaseRoute(tender, box, 'release-set'), person), 200);
  const shares = set.bids.map(({ bidId, manifest: envelope }) => {
    const { manifest } = openManifest(envelope);
    const chair = chairOf(manifest, person.id)!;
    try {
      const share = openWrap(manifest, chair, tender.openerIdentities[opener]!.identity);
      return { bidId, x: chair.x, share: toBase64(share) };
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      return { bidId, x: chair.x, complaint: error.code };
    }
  });
  return { set, shares };
}

/** Sends a release, signed by `signer` or else the opener. */
export async function sendRelease(
  harness: Harness,
  tender: PublishedTender,
  box: BoxAnswer,
  opener: number,
  {
    set,
    shares,
    signer,
    signed = shares,
  }: {
    set: ReleaseSet;
    shares: readonly SentShare[];
    signer?: Signer | undefined;
    /** The shares that the signature covers, when they are others than those sent. */
    signed?: readonly SentShare[];
  },
): Promise<Answer<{ releaseId: string; leafSha256: string; code?: string }>> {
  const person = tender.people.openers[opener]!;
  const body = shareReleaseBody({
    lotId: set.lotId,
    envelope: 'single',
    openerId: person.id,
    group: set.group,
    commitments: set.bids.map(({ commitment }) => commitment),
    complaints: shares
      .filter((sent) => 'complaint' in sent)
      .map(({ bidId }) => set.bids.find((bid) => bid.bidId === bidId)!.commitment),
    sharesRoot: toBase64(sentSharesRoot(commitmentsOf(set, signed, person.id))),
  });
  const signature = signDocument('opening.share_released', body, (signer ?? person).secret);
  return harness.post(releaseRoute(tender, box), { shares, ...signature }, person);
}

/** What the opener signs of its shares. */
function commitmentsOf({ bids }: ReleaseSet, shares: readonly SentShare[], openerId: string): SentShareCommitment[] {
  return shares.flatMap((sent) => {
    const bid = bids.find(({ bidId }) => bidId === sent.bidId);
    if (!('share' in sent) || bid === undefined) return [];
    const { manifest } = openManifest(bid.manifest);
    const share = sentShareCommitment(manifest, chairOf(manifest, openerId)!, fromBase64(sent.share));
    return [{ bid: fromBase64(bid.commitment), share }];
  });
}

/** These openers release, one after the other; then the jobs run. Throws when one is refused. */
export async function releaseShares(
  harness: Harness,
  tender: PublishedTender,
  box: BoxAnswer,
  openers: readonly number[],
): Promise<void> {
  for (const opener of openers) {
    const made = await sharesOf(harness, tender, box, opener);
    expectStatus(await sendRelease(harness, tender, box, opener, made), 201);
  }
  await harness.runDueJobs();
}

/** The bodies of all entries of a type, oldest first, as an auditor reads them. */
export async function entryBodies(
  harness: Harness,
  tenderId: string,
  type: string,
): Promise<readonly CanonicalObject[]> {
  await harness.published();
  const { rows } = await harness.owner.query<{ bytes: Buffer }>(
    `SELECT coalesce(o.entry_bytes, substring(e.data FROM 2)) AS bytes FROM trail t
     LEFT JOIN tlog.opening o ON o.commitment = t.commitment
     LEFT JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
     WHERE t.tender_id = $1 AND t.type = $2 ORDER BY e.idx`,
    [tenderId, type],
  );
  return rows.map(({ bytes }) => (JSON.parse(bytes.toString()) as { body: CanonicalObject }).body);
}

/** Base64 of a hash as the object store's file name, below its folder. */
export function objectPath(sha256: string): string {
  const hex = Buffer.from(fromBase64(sha256)).toString('hex');
  return `objects/objects/${hex.slice(0, 2)}/${hex.slice(2)}`;
}

/** What the public minutes say. */
export type Minutes = {
  readonly lots: readonly {
    readonly lotId: string;
    readonly setRoot: string;
    readonly count: number;
    readonly withdrawn: number;
    readonly opened: number;
    readonly rejected: number;
    readonly openers: readonly { readonly openerId: string; readonly group: string }[];
    readonly bids: readonly {
      readonly bidId: string;
      readonly vendorName: string;
      readonly outcome: string;
      readonly total?: string;
      readonly documents: number;
    }[];
  }[];
};

export async function minutesOf(harness: Harness, { tenderId }: PublishedTender): Promise<Answer<Minutes>> {
  return harness.get<Minutes>(`/api/tenders/${tenderId}/opening`);
}

/** The outcome of each bid in the minutes. */
export async function outcomesOf(harness: Harness, tender: PublishedTender): Promise<Record<string, string>> {
  const { body } = await minutesOf(harness, tender);
  return Object.fromEntries(body.lots.flatMap(({ bids }) => bids.map(({ bidId, outcome }) => [bidId, outcome])));
}

/** How many bids of a box are opened. */
export async function openedRows(harness: Harness, box: Pick<BoxAnswer, 'id'>): Promise<number> {
  return (await harness.owner.query('SELECT FROM opened_bid WHERE box_id = $1', [box.id])).rowCount ?? 0;
}
