import { Clock } from '../../apps/api/src/platform/clock/clock.js';

/** A clock that tests move. It starts at a fixed instant and stands still until told otherwise. */
export class TestClock extends Clock {
  private at = Date.parse('2026-12-01T02:00:00.000Z');

  private since: number | undefined;

  override now(): Date {
    return new Date(this.at + (this.since === undefined ? 0 : Math.floor(performance.now() - this.since)));
  }

  /** From now on it goes as fast as the machine's. */
  run(): void {
    this.since = performance.now();
  }

  set(at: Date | string): void {
    this.at = new Date(at).getTime();
  }

  advance(ms: number): void {
    this.at += ms;
  }
}
