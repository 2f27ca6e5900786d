/** A vendor with the real command line, as a process that can be killed: `segel submit` again and again until it says
 *  that the bid is submitted. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { writeKeyFile } from '../../../apps/cli/src/keys/key-file.js';
import { makeBidders, prepareBids, type PreparedBid } from '../../bench/submit/bidders.js';
import type { Harness } from '../../support/harness.js';

const PASSPHRASE = 'a passphrase of a campaign';
const WORK_FACTOR = 1;
const PROGRAM = 'dist/apps/cli/src/main.js';

export type VendorPlace = {
  readonly harness: Harness;
  readonly tenderId: string;
  /** Where the vendor finds the server, over a line that counts. */
  readonly lineUrl: string;
  readonly policyFile: string;
  readonly folder: string;
};

export class Vendor {
  /** How often the command was started. */
  starts = 0;
  private running: ChildProcess | undefined;
  private said = '';

  private constructor(
    readonly bid: PreparedBid,
    private readonly home: string,
    private readonly place: VendorPlace,
  ) {}

  /** A company with a key file and a sealed bid on its disk; nothing is sent yet. */
  static async prepare(place: VendorPlace, payloadBytes: number): Promise<Vendor> {
    const [bidder] = await makeBidders(place.harness, 1);
    const home = path.join(place.folder, bidder!.vendorId);
    const [bid] = await prepareBids(place.harness.url, place.tenderId, [bidder!], { payloadBytes, folder: home });
    const options = { replace: true, workFactor: WORK_FACTOR };
    await writeKeyFile(path.join(home, 'keys.age'), bidder!.keys, PASSPHRASE, options);
    return new Vendor(bid!, home, place);
  }

  /** Runs the command once; its exit code, or the signal that ended it. */
  async submit(): Promise<number | string> {
    this.starts++;
    const args = ['submit', `${this.base}.manifest.json`, '--policy', this.place.policyFile, '--json'];
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: {
        PATH: process.env['PATH'],
        SEGEL_HOME: this.home,
        SEGEL_URL: this.place.lineUrl,
        SEGEL_TOKEN: this.bid.token,
        SEGEL_PASSPHRASE: PASSPHRASE,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.running = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (this.said = `${this.said}${text.toString()}`.slice(-2000)));
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    this.running = undefined;
    return code ?? signal ?? 'unknown';
  }

  /** kill -9 of the command; nothing when it is not running. */
  kill(): boolean {
    return this.running?.kill('SIGKILL') ?? false;
  }

  /** The end of what the command said. */
  get words(): string {
    return this.said;
  }

  /** What the vendor's files begin with. */
  get base(): string {
    return this.bid.file.replace(/\.sealed$/, '');
  }

  async keeps(ending: 'receipt.tlog-proof' | 'promise.json'): Promise<string | undefined> {
    const file = `${this.base}.${ending}`;
    return access(file).then(
      () => file,
      () => undefined,
    );
  }
}
