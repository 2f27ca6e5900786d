/** A small tender that lives through its close and its opening on the real clock, by clients that do not give up. */
import { sha256, toBase64, utf8, canonicalBytes, toDocument } from '@segel/encoding';
import { attestBox, sendRelease, sharesOf, type BoxAnswer } from '../support/opening-day.js';
import { expectStatus, publishTender, type PublishedTender } from '../support/published-tender.js';
import { approvedVendor, sealAndSubmit, type SealedBid } from '../support/sealed-bid.js';
import { eventually, type BadLine } from './bad-line.js';
import { SMALL_BIDS } from './plan.js';
import { known } from './rows.js';

/** Two of each group, as many as are needed. */
const RELEASING = [0, 1, 3, 4] as const;

/** Opens when the campaign says so: what waits behind it would pass the failpoint before it is armed. */
class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

export class SmallTender {
  /** Before the first release, and before the one that begins the opening. */
  readonly releases = new Gate();
  readonly lastRelease = new Gate();

  private constructor(
    private readonly line: BadLine,
    readonly published: PublishedTender,
    private readonly bids: readonly SealedBid[],
  ) {}

  static async publish(line: BadLine, deadlineInMs: number): Promise<SmallTender> {
    const published = await publishTender(line, { deadlineInMs });
    const bids: SealedBid[] = [];
    for (let i = 0; i < SMALL_BIDS; i++)
      bids.push(await sealAndSubmit(line, published, await approvedVendor(line, `Small bidder ${i}`)));
    return new SmallTender(line, published, bids);
  }

  get deadline(): number {
    return Date.parse(this.published.terms.deadlineAt);
  }

  /** Close, attestation, releases, opening. */
  async live(): Promise<void> {
    const { line, published } = this;
    const box = await this.publicBox();
    await attestBox(line, published, box);
    await this.releases.opened;
    for (const opener of RELEASING) {
      if (opener === RELEASING.at(-1)) await this.lastRelease.opened;
      const made = await sharesOf(line, published, box, opener);
      expectStatus(await sendRelease(line, published, box, opener, made), 201);
    }
    await eventually('the opening', async () => {
      const { status } = await line.get(`/api/tenders/${published.tenderId}/opening`);
      return status === 200 ? true : undefined;
    });
  }

  /** The closed box, once everybody can see that it was witnessed. */
  private async publicBox(): Promise<BoxAnswer> {
    return eventually('the close of the box', async () => {
      const { body } = await this.line.get<BoxAnswer[]>(`/api/tenders/${this.published.tenderId}/boxes`);
      const box = body[0];
      const { rows } = await this.line.owner.query<{ size: number }>(
        'SELECT max(size)::int AS size FROM tlog.public_checkpoint',
      );
      return box?.index !== undefined && rows[0]!.size > box.index ? box : undefined;
    });
  }

  /** What differs from an opening that nothing interrupted: every bid opened once, with exactly its documents. */
  async differences(): Promise<readonly string[]> {
    const { rows } = await this.line.owner.query<{
      id: string;
      outcome: string;
      documents: string[] | null;
      entries: number;
    }>(
      `SELECT b.id, o.outcome,
         (SELECT array_agg(d.path || ' ' || encode(d.sha256, 'base64') ORDER BY d.position) FROM opened_document d WHERE d.bid_id = b.id) AS documents,
         (SELECT count(*)::int FROM trail t WHERE t.type = 'bid.opened' AND t.leaf_sha256 = o.leaf_sha256
          AND ${known('t.leaf_sha256')}) AS entries
       FROM bid b LEFT JOIN opened_bid o ON o.bid_id = b.id WHERE b.tender_id = $1`,
      [this.published.tenderId],
    );
    const found = rows.map(({ id, outcome, documents, entries }) => JSON.stringify([id, outcome, documents, entries]));
    const expected = this.bids.map((bid) => JSON.stringify([bid.bidId, 'opened', documentsOf(bid), 1]));
    const { rows: counts } = await this.line.owner.query<{ type: string; count: number }>(
      `SELECT type, count(*)::int AS count FROM trail WHERE tender_id = $1
       AND type IN ('box.closing', 'box.closed', 'opening.authorised', 'opening.completed') GROUP BY type`,
      [this.published.tenderId],
    );
    const once = ['box.closed', 'box.closing', 'opening.authorised', 'opening.completed'].filter(
      (type) => counts.find((row) => row.type === type)?.count !== 1,
    );
    return [
      ...expected.filter((line) => !found.includes(line)).map((line) => `expected ${line}`),
      ...found.filter((line) => !expected.includes(line)).map((line) => `found ${line}`),
      ...once.map((type) => `${type} is not in the trail exactly once`),
    ];
  }
}

/** Path and SHA-256 of what the bidder sealed, in the order of the payload. */
function documentsOf({ offer }: SealedBid): readonly string[] {
  const files = [
    { path: 'offer.json', bytes: canonicalBytes(toDocument(offer)) },
    ...offer.documents.map(({ path }) => ({ path, bytes: utf8('%PDF-1.7 proposal') })),
  ];
  return files.map(({ path, bytes }) => `${path} ${toBase64(sha256(bytes))}`);
}
