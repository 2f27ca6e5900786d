/** Somebody outside who follows the public log all the time, as a mirror does, and keeps every checkpoint it was ever
 *  shown: what was public once must be a prefix of every later log, whatever crashed in between. */
import { equalBytes } from '@segel/encoding';
import { RightEdge, TILE_WIDTH, leafHash, parseBundle, tilePath, verifyCheckpoint, type Policy } from '@segel/tlog';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyEd25519 } from '../../apps/api/src/platform/log/ed25519.js';
import { found, type Finding } from './findings.js';

const EVERY_MS = 200;

export class Observer {
  /** Every checkpoint that was ever served. */
  readonly notes = new Set<string>();
  readonly findings: Finding[] = [];
  private readonly edge = new RightEdge();
  private readonly stopping = new AbortController();
  private following: Promise<void> = Promise.resolve();

  constructor(
    private readonly url: string,
    private readonly policy: Policy,
  ) {}

  start(): void {
    this.following = this.follow();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  get size(): number {
    return this.edge.size;
  }

  private async follow(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.poll();
      } catch {
        // The server is down: that is what the campaign does.
      }
      await sleep(EVERY_MS);
    }
  }

  private async poll(): Promise<void> {
    const response = await fetch(`${this.url}/log/checkpoint`);
    if (!response.ok) return;
    const note = await response.text();
    if (this.notes.has(note)) return;
    const { size, root } = verifyCheckpoint(this.policy, note, verifyEd25519);
    if (size < this.edge.size) this.report(`the public log shrank from ${this.edge.size} entries to ${size}`);
    while (this.edge.size < size) await this.take(size);
    if (this.edge.size === size && !equalBytes(this.edge.root(), root))
      this.report(`the entries that were served up to ${size} are not those of the checkpoint that was served`);
    this.notes.add(note);
  }

  /** The rest of one bundle. What was taken once is never asked for again. */
  private async take(size: number): Promise<void> {
    const n = Math.floor(this.edge.size / TILE_WIDTH);
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
    const response = await fetch(`${this.url}/log/${tilePath({ level: 'entries', n, width })}`);
    if (!response.ok) throw new Error(`bundle ${n} was answered ${response.status}`);
    const entries = parseBundle(new Uint8Array(await response.arrayBuffer()), width);
    for (const data of entries.slice(this.edge.size - n * TILE_WIDTH)) this.edge.append(leafHash(data));
  }

  private report(what: string): void {
    this.findings.push(...found('nonPrefix', [what]));
  }
}
