/** Bidders at work while the system dies under them: parts, bids, replacements, withdrawals, one after the other, each
 *  repeated until it is answered. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { approvedVendor, sealFor, submitBid, uploadParts, withdraw, type VendorUser } from '../support/sealed-bid.js';
import { insistOn, type BadLine } from './bad-line.js';
import { Seeded } from './seeded.js';

const BIDDERS = 4;
/** Every so many bids of the first bidder are too large for one part. */
const LARGE_EVERY = 6;
const LARGE_BYTES = 9 * 2 ** 20;
const PAUSE_MS = { from: 100, to: 500 } as const;

export class Load {
  private readonly stopping = new AbortController();
  private readonly bidders: Promise<void>[] = [];
  /** Answers that no client should get. */
  readonly surprises: string[] = [];

  private constructor(
    private readonly line: BadLine,
    private readonly tenderId: string,
  ) {}

  static async start(line: BadLine, tenderId: string, dice: Seeded): Promise<Load> {
    const load = new Load(line, tenderId);
    for (let i = 0; i < BIDDERS; i++) {
      const vendor = await approvedVendor(line, `Bidder ${i}`);
      load.bidders.push(load.work(vendor, new Seeded(dice.between(0, 2 ** 31)), i === 0));
    }
    return load;
  }

  /** Lets everybody end what was begun. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.bidders);
  }

  private async work(vendor: VendorUser, dice: Seeded, large: boolean): Promise<void> {
    let replaces: string | undefined;
    for (let n = 1; !this.stopping.signal.aborted; n++) {
      try {
        replaces = await this.bid(vendor, dice, replaces, large && n % LARGE_EVERY === 0);
      } catch (error) {
        this.surprises.push((error as Error).message.slice(0, 300));
        await sleep(1000);
      }
      await sleep(dice.between(PAUSE_MS.from, PAUSE_MS.to));
    }
  }

  /** One bid; now and then it is withdrawn. Returns what the next one replaces. */
  private async bid(
    vendor: VendorUser,
    dice: Seeded,
    replaces: string | undefined,
    large: boolean,
  ): Promise<string | undefined> {
    const { line, tenderId } = this;
    const options = {
      ...(replaces === undefined ? {} : { replaces }),
      ...(large ? { files: [{ path: 'annex.bin', bytes: new Uint8Array(randomBytes(LARGE_BYTES)) }] } : {}),
    };
    // It reads the tender's terms in the database, which may be down.
    const sealed = await insistOn(() => sealFor(line, tenderId, vendor, options));
    await uploadParts(line, tenderId, vendor, sealed);
    const { status, text } = await submitBid(line, tenderId, vendor, sealed);
    if (status !== 201) throw new Error(`a bid was refused: ${status} ${text}`);
    if (dice.fraction() > 0.25) return sealed.bidId;
    const withdrawn = await withdraw(line, tenderId, vendor, sealed);
    if (withdrawn.status !== 201) throw new Error(`a withdrawal was refused: ${withdrawn.status} ${withdrawn.text}`);
    return undefined;
  }
}
