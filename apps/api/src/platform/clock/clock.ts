import { uuidV7 } from '@segel/encoding';
import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';

/** Time and randomness of the server: rules take them as parameters, tests control the time. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }

  /** Milliseconds that never go back, for waiting; tests do not control them. */
  monotonicMs(): number {
    return performance.now();
  }

  newId(): string {
    return uuidV7(this.now().getTime(), randomBytes(10));
  }

  random(length: number): Uint8Array {
    return new Uint8Array(randomBytes(length));
  }
}
