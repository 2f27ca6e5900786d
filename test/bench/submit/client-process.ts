/** The vendors of a measurement, in a process of their own. Takes one message, the {@link Job}; answers `ready` when the
 *  small bids are in memory; begins at `go`; answers what became of every bid. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpLine } from './http-line.js';
import type { PreparedBid } from './bidders.js';
import { submit, uploadBid, type Sending, type Way } from './upload.js';

export type Job = {
  readonly url: string;
  readonly way: Way;
  readonly bids: readonly PreparedBid[];
  /** So many at work, each with its next bid when its last is accepted; or everybody at a moment of their own. */
  readonly arrival: { readonly clients: number } | { readonly atMs: readonly number[] };
  /** When a bid's receipt is asked for: not at all, once all are accepted, or at once beside the next bids. */
  readonly receipts: 'none' | 'afterwards' | 'at once';
};

/** Instants are milliseconds of the clock on the wall; of a bid that was not accepted `code` says why. */
export type Sent = {
  readonly bidId: string;
  readonly status: number;
  readonly code?: string;
  readonly beganAt: number;
  readonly submittedAt: number;
  readonly answeredAt: number;
  readonly receiptAt?: number;
};

/** What is held in memory before the clock starts. */
const SMALL_BYTES = 1 << 20;
const RECEIPT_WAIT_MS = 30_000;

const now = (): number => performance.timeOrigin + performance.now();

class Vendors {
  private readonly line: HttpLine;
  private readonly receiptsUnderWay: Promise<Sent>[] = [];

  constructor(private readonly job: Job) {
    const { arrival, bids } = job;
    this.line = new HttpLine(job.url, 'clients' in arrival ? 2 * arrival.clients : bids.length);
  }

  async run(bids: readonly Sending[]): Promise<readonly Sent[]> {
    const { arrival, receipts } = this.job;
    const sent = 'clients' in arrival ? await this.closed(bids, arrival.clients) : await this.open(bids, arrival.atMs);
    if (receipts === 'none') return sent;
    const received =
      receipts === 'at once'
        ? await Promise.all(this.receiptsUnderWay)
        : await Promise.all(sent.map((one, i) => this.receipt(bids[i]!, one)));
    this.line.close();
    return received;
  }

  private async closed(bids: readonly Sending[], clients: number): Promise<readonly Sent[]> {
    const sent: Sent[] = [];
    let next = 0;
    const client = async (): Promise<void> => {
      for (let i = next++; i < bids.length; i = next++) sent[i] = await this.send(bids[i]!);
    };
    await Promise.all(Array.from({ length: clients }, client));
    return sent;
  }

  private async open(bids: readonly Sending[], atMs: readonly number[]): Promise<readonly Sent[]> {
    return Promise.all(
      bids.map(async (bid, i) => {
        await sleep(Math.max(0, atMs[i]! - now()));
        return this.send(bid);
      }),
    );
  }

  private async send(bid: Sending): Promise<Sent> {
    const beganAt = now();
    let submittedAt = beganAt;
    try {
      await uploadBid(this.line, this.job.way, bid);
      submittedAt = now();
      const { status, text } = await submit(this.line, this.job.way, bid);
      const { code } = JSON.parse(text) as { code?: string };
      const sent = {
        bidId: bid.bidId,
        status,
        beganAt,
        submittedAt,
        answeredAt: now(),
        ...(code === undefined ? {} : { code }),
      };
      if (this.job.receipts === 'at once') this.receiptsUnderWay.push(this.receipt(bid, sent));
      return sent;
    } catch (error) {
      const { message } = error as Error;
      const code = /"code":"(\w+)"/.exec(message)?.[1] ?? message;
      return { bidId: bid.bidId, status: 0, code, beganAt, submittedAt, answeredAt: now() };
    }
  }

  private async receipt(bid: Sending, sent: Sent): Promise<Sent> {
    if (sent.status !== 201) return sent;
    const path = `/api/tenders/${bid.tenderId}/bids/${bid.bidId}/receipt?waitMs=${RECEIPT_WAIT_MS}`;
    const { status } = await this.line.send('GET', path, bid.token);
    return status === 200 ? { ...sent, receiptAt: now() } : sent;
  }
}

async function loaded(bid: PreparedBid): Promise<Sending> {
  return bid.bytes > SMALL_BYTES ? bid : { ...bid, content: await readFile(bid.file) };
}

const message = async <T>(): Promise<T> => new Promise((resolve) => process.once('message', resolve));
const tell = (what: 'ready' | readonly Sent[]): void => void process.send?.(what);

process.on('disconnect', () => process.exit(0));
const job = await message<Job>();
const vendors = new Vendors(job);
const sendings = await Promise.all(job.bids.map(loaded));
const go = message<'go'>();
tell('ready');
await go;
tell(await vendors.run(sendings));
