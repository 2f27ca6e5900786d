/** The panel that tells how far sealing and sending are. */
import type { BidIsland } from '../../bidding/bid-island.js';
import { formats } from '../../words/formats.js';
import type { sealing } from '../../words/id/bidding.js';
import type { Say } from '../../words/translate.js';
import { part } from '../page-data.js';
import type { Phase, Warning } from '../sealing/messages.js';
import { ActFailed } from '../worker-client.js';
import { knownLog } from './known-log.js';

const area = (id: string): HTMLElement => part(id, HTMLElement);

/** Before that a rate is a guess. */
const RATE_AFTER_MS = 2000;

export class ProgressPanel {
  #phase: Phase | undefined;
  #began = { at: 0, done: 0 };

  constructor(
    private readonly data: Pick<BidIsland, 'locale' | 'zone' | 'failures'>,
    private readonly say: Say<typeof sealing>,
    /** False where no log is read. */
    private readonly tellsOfLog = true,
  ) {}

  /** Shows the panel and moves there: on a phone the button was a screen below. */
  open(sealed: boolean): void {
    area('bid').hidden = true;
    area('failure').hidden = true;
    area('failure-ways').hidden = true;
    area('warnings').hidden = true;
    area('warnings').replaceChildren();
    for (const id of ['bar', 'closing', 'known', 'progress']) area(id).hidden = false;
    this.#phase = undefined;
    area('phase').textContent = '';
    this.#tellClosing(sealed);
    area('known').textContent = this.tellsOfLog ? this.#knownWords() : '';
    area('progress').focus();
  }

  #knownWords(): string {
    const known = knownLog();
    if (known === undefined) return this.say('seal.first_log');
    return this.say('seal.known_log', { at: formats(this.data.locale).short(known.since, this.data.zone) });
  }

  /** From now on a closed tab loses nothing; or, kept in memory, everything. */
  isSealed(kept: 'disk' | 'memory'): void {
    this.#tellClosing(kept === 'disk');
  }

  #tellClosing(mayClose: boolean): void {
    area('closing').textContent = this.say(mayClose ? 'seal.may_close' : 'seal.do_not_close');
  }

  show(phase: Phase, done: number, total: number): void {
    const now = performance.now();
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#began = { at: now, done };
      area('phase').textContent = this.say(`seal.phase.${phase}`);
    }
    const bar = part('bar', HTMLProgressElement);
    if (total === 0) {
      bar.removeAttribute('value');
      area('numbers').textContent = '';
      return;
    }
    const percent = Math.floor((100 * done) / total);
    bar.value = percent;
    const { bytes } = formats(this.data.locale);
    const numbers = this.say('seal.numbers', { percent, done: bytes(done), total: bytes(total) });
    const remaining = this.#remaining(now, done, total);
    area('numbers').textContent = remaining === undefined ? numbers : `${numbers}, ${remaining}`;
  }

  #remaining(now: number, done: number, total: number): string | undefined {
    const { at, done: from } = this.#began;
    if (now - at < RATE_AFTER_MS || done <= from || done >= total) return undefined;
    const seconds = Math.ceil(((total - done) * (now - at)) / (done - from) / 1000);
    const time =
      seconds < 90
        ? this.say('seal.seconds', { n: seconds })
        : this.say('seal.minutes', { n: Math.ceil(seconds / 60) });
    return this.say('seal.remaining', { time });
  }

  warn(warning: Warning): void {
    const line = document.createElement('li');
    line.textContent = this.say(`seal.warning.${warning}`);
    area('warnings').append(line);
    area('warnings').hidden = false;
  }

  /** What went wrong and what to do next: send again what is sealed, or go back to the fields. */
  fail(error: unknown, isSealed: boolean): void {
    const code = codeOf(error);
    area('failure-words').textContent = this.data.failures[`failed.${code}`] ?? this.say('seal.failed.other', { code });
    area('failure').hidden = false;
    area('failure-ways').hidden = false;
    area('retry').hidden = !isSealed;
    area('back').hidden = isSealed;
    area('forget').hidden = code !== 'policy_changed';
    area('anyway').hidden = code !== 'log_old';
    for (const id of ['bar', 'closing', 'known']) area(id).hidden = true;
    area('numbers').textContent = '';
    (isSealed ? area('retry') : area('back')).focus();
  }

  close(): void {
    area('progress').hidden = true;
    area('bid').hidden = false;
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof ActFailed)) return error instanceof Error ? error.name : 'failed';
  // The browser's word for a file that was moved or changed since it was chosen.
  if (error.name === 'NotReadableError' || error.name === 'NotFoundError') return 'file_changed';
  return error.code === 'failed' ? error.name : error.code;
}
