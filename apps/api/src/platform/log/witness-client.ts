/** The log's side of the C2SP tlog-witness protocol: one request in flight a witness, the witness's size adopted on 409. */
import { toBase64 } from '@segel/encoding';
import {
  consistencyProof,
  cosignatureTime,
  parseNote,
  parseSignatureLine,
  type PolicyWitness,
  type ReadTile,
} from '@segel/tlog';
import { verifyEd25519 } from './ed25519.js';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

export class WitnessClient {
  private known = 0;
  private wanted = 0;
  private flight: Promise<unknown> = Promise.resolve();

  constructor(
    readonly witness: PolicyWitness,
    private readonly readTile: ReadTile,
    /** Whether a cosignature of this POSIX second counts: a witness whose clock is off must not date a checkpoint. */
    private readonly isTimely: (time: number) => boolean,
  ) {}

  /** The witness's signature line over the checkpoint of this size. Throws when it refuses or does not answer, and when
   *  a newer checkpoint was wanted while it was busy: a slow witness must not be asked for all it missed. */
  async cosign(size: number, note: string): Promise<string> {
    this.wanted = size;
    const next = this.flight.then(async () => {
      if (size < this.wanted) throw new Error(`${this.witness.name} was busy until a newer checkpoint came`);
      return this.ask(size, note, true);
    });
    this.flight = next.catch(() => undefined);
    return next;
  }

  private async ask(size: number, note: string, mayAdopt: boolean): Promise<string> {
    if (this.known > size) {
      throw new Error(
        `${this.witness.name} says that it has seen ${this.known} entries, and this is a checkpoint of ${size}. When the ` +
          'log is not that long, an older copy of it was restored.',
      );
    }
    const proof = await consistencyProof(this.known, size, this.readTile);
    const body = [`old ${this.known}`, ...proof.map(toBase64), '', note].join('\n');
    const response = await fetch(`${this.witness.url}/add-checkpoint`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    const answer = await beginningOf(response);
    if (response.status === 409 && mayAdopt && /^\d{1,15}\n?$/.test(answer)) {
      this.known = Number(answer);
      return this.ask(size, note, false);
    }
    if (response.status !== 200)
      throw new Error(`${this.witness.name} answered ${response.status}: ${answer.slice(0, 200)}`);
    const line = this.ownLine(answer, note);
    this.known = size;
    return line;
  }

  private ownLine(answer: string, note: string): string {
    const text = parseNote(note).text;
    for (const line of answer.split('\n').filter(Boolean)) {
      const signature = parseSignatureLine(line);
      const time = cosignatureTime(text, signature, this.witness.key, verifyEd25519);
      if (time === undefined) continue;
      if (!this.isTimely(time)) throw new Error(`${this.witness.name} has a clock that is far from ours`);
      return line;
    }
    throw new Error(`${this.witness.name} answered without a cosignature of its own that holds`);
  }
}

/** The answer, as far as an honest one can be long: no witness may fill our memory. */
async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
  }
  return Buffer.concat(chunks).toString('utf8');
}
