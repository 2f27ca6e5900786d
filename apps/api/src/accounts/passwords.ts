/** Passwords: argon2id, and the same work when there is no account. */
import { toHex } from '@segel/encoding';
import { Injectable } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { Clock } from '../platform/clock/clock.js';
import { Argon2 } from './argon2.js';

/** Answers that must not tell whether an address is known leave at multiples of this. */
const GRID_MS = 400;

@Injectable()
export class Passwords {
  /** The hash of a password nobody knows: unknown addresses cost what known ones cost. */
  private nobody: Promise<string> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly argon2: Argon2,
  ) {}

  /** One spelling for characters that keyboards compose differently (NFKC, NIST SP 800-63B). */
  normal(password: string): string {
    return password.normalize('NFKC');
  }

  async hash(password: string): Promise<string> {
    return this.argon2.hash(this.normal(password));
  }

  /** True when the password is the hash's; without a hash false, after the same work. */
  async matches(hash: string | undefined, password: string): Promise<boolean> {
    const stored = hash?.startsWith('$argon2') === true ? hash : undefined;
    this.nobody ??= this.argon2.hash(toHex(this.clock.random(32)));
    const right = await this.argon2.verify(stored ?? (await this.nobody), this.normal(password));
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
