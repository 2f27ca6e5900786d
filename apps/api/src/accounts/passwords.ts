/** Passwords: argon2id, and the same work when there is no account. */
import { Injectable } from '@nestjs/common';
import argon2 from 'argon2';
import { setTimeout } from 'node:timers/promises';
import { Clock } from '../platform/clock/clock.js';

/** RFC 9106, section 4: the second recommended option. */
const PARAMETERS = { type: argon2.argon2id, memoryCost: 64 * 1024, timeCost: 3, parallelism: 4 } as const;

/** Answers that must not tell whether an address is known leave at multiples of this. */
const GRID_MS = 400;

@Injectable()
export class Passwords {
  /** The hash of a password nobody knows: unknown addresses cost what known ones cost. */
  private readonly nobody: Promise<string>;

  constructor(private readonly clock: Clock) {
    this.nobody = argon2.hash(Buffer.from(clock.random(32)), PARAMETERS);
    this.nobody.catch(() => undefined);
  }

  /** One spelling for characters that keyboards compose differently (NFKC, NIST SP 800-63B). */
  normal(password: string): string {
    return password.normalize('NFKC');
  }

  async hash(password: string): Promise<string> {
    return argon2.hash(this.normal(password), PARAMETERS);
  }

  /** True when the password is the hash's; without a hash false, after the same work. */
  async matches(hash: string | undefined, password: string): Promise<boolean> {
    const stored = hash?.startsWith('$argon2') === true ? hash : undefined;
    const right = await argon2.verify(stored ?? (await this.nobody), this.normal(password));
    return right && stored !== undefined;
  }

  /** Runs the work and lets its end, good or bad, be seen at the next tick of a grid only: the time a known address
   *  costs more is not visible. */
  async unhurried<T>(work: () => Promise<T>): Promise<T> {
    const started = this.clock.monotonicMs();
    try {
      return await work();
    } finally {
      const spent = this.clock.monotonicMs() - started;
      await setTimeout(Math.ceil(spent / GRID_MS) * GRID_MS - spent);
    }
  }
}
