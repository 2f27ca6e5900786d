/** The witness itself: one decision at a time per log, on the disk before it is answered. */
import { formatInstant, type VerifyEd25519 } from '@segel/encoding';
import { cosign, type SigningKey, type VerifierKey } from '@segel/tlog';
import { checkGrowth, isFork, parseAddCheckpoint, Refused, trustedSignatures } from './add-checkpoint.js';
import type { AddCheckpoint } from './add-checkpoint.js';
import { failpoint } from './failpoint.js';
import type { WitnessState } from './state.js';

/** What a witness needs: its key, the log keys it trusts, its memory, the time, and where alarms go. */
export type WitnessParts = {
  readonly key: SigningKey;
  readonly logs: readonly VerifierKey[];
  readonly state: WitnessState;
  readonly verify: VerifyEd25519;
  readonly now: () => number;
  readonly report: (line: string) => void;
};

/** What /health says of one log; instants are ISO text. */
export type LogHealth = {
  readonly origin: string;
  readonly vkey: string;
  readonly size: number;
  readonly cosignedAt?: string;
  readonly lastSeenAt?: string;
};

export class Witness {
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #lastSeen = new Map<string, number>();

  constructor(private readonly parts: WitnessParts) {}

  /** Answers one add-checkpoint body with the witness's signature line. Throws Refused. */
  async addCheckpoint(body: string): Promise<string> {
    const request = parseAddCheckpoint(body);
    const signatures = trustedSignatures(request, this.parts.logs, this.parts.verify);
    const { origin } = request.checkpoint;
    this.#lastSeen.set(origin, this.parts.now());
    return this.#inTurn(origin, () => this.#cosign(request, signatures));
  }

  /** Check, persist and answer of one log never overlap: otherwise an older checkpoint could be stored over a newer. */
  async #inTurn<T>(origin: string, act: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(origin) ?? Promise.resolve();
    const turn = before.then(act, act);
    this.#queues.set(
      origin,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async #cosign(request: AddCheckpoint, logLines: readonly string[]): Promise<string> {
    const { key, state, now } = this.parts;
    const { checkpoint, text } = request;
    const last = state.last(checkpoint.origin);
    try {
      checkGrowth(request, last);
    } catch (error) {
      await this.#alarm(request, error);
      throw error;
    }
    const time = Math.floor(now() / 1000);
    // A cosignature says "the largest tree I have seen at this time"; behind an earlier one it would be a lie.
    if (last !== undefined && time < last.time) throw new Refused(503, 'the clock of this witness went back\n');
    const line = cosign(text, time, key);
    failpoint('witness.cosigned');
    await state.keep(checkpoint.origin, `${text}\n${[...logLines, line].join('\n')}\n`);
    failpoint('witness.kept');
    return `${line}\n`;
  }

  async #alarm(request: AddCheckpoint, error: unknown): Promise<void> {
    const { checkpoint, note } = request;
    const last = this.parts.state.last(checkpoint.origin);
    if (isFork(checkpoint, last)) {
      this.parts.report(`ALARM ${checkpoint.origin} signed two trees of size ${checkpoint.size}; both notes are kept`);
      await this.parts.state.keepEvidence(checkpoint, note);
    } else if (error instanceof Refused && error.status === 422) {
      this.parts.report(
        `${checkpoint.origin}: size ${checkpoint.size} came without a valid proof from ${last?.size ?? 0}`,
      );
    }
  }

  /** The logs watched, how far each is cosigned, and when each was last heard of. */
  logs(): readonly LogHealth[] {
    return this.parts.logs.map(({ name: origin, vkey }) => {
      const last = this.parts.state.last(origin);
      const seen = this.#lastSeen.get(origin);
      return {
        origin,
        vkey,
        size: last?.size ?? 0,
        ...(last === undefined ? {} : { cosignedAt: formatInstant(last.time * 1000) }),
        ...(seen === undefined ? {} : { lastSeenAt: formatInstant(seen) }),
      };
    });
  }

  /** Resolves when every decision that was begun is on the disk. */
  async idle(): Promise<void> {
    await Promise.all(this.#queues.values());
  }
}
