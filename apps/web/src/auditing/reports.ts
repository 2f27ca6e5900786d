/** Reports that were made, and those that are being made. One at a time for each tender and few in all: everybody may ask,
 *  and nobody may keep the server busy with it. */
import { boundedBody, httpLogSource, NetworkError, type HttpGet } from '@segel/acts';
import { utf8Text } from '@segel/encoding';
import { Injectable } from '@nestjs/common';
import { verifyAsStranger, type Evidence, type Report } from './verification.js';

const AT_ONCE = 2;
const KEPT = 100;
/** A report this young is shown although the log has grown: it says how much it read. */
const FRESH_MS = 60_000;
const LIMIT_MS = 60_000;
/** How long a page waits before it says that the work goes on. */
const PATIENCE_MS = 4_000;
const MOST_BYTES = 16 * 1024 * 1024;

export type Asked = { readonly tenderId: string; readonly size: number; readonly now: Date };
/** Where the API is, and whose requests these count as. */
export type Reader = { readonly api: URL; readonly client: string };
/** `busy`: being made, or waiting for its turn. */
export type Made = Report | 'busy' | 'failed';

@Injectable()
export class Reports {
  readonly #made = new Map<string, Report>();
  readonly #running = new Map<string, Promise<Report | undefined>>();

  /** The report of a tender at a size of the log. */
  async of(asked: Asked, reader: Reader): Promise<Made> {
    const { tenderId, size, now } = asked;
    const made = this.#made.get(tenderId);
    const age = made === undefined ? Infinity : now.getTime() - made.at.getTime();
    if (made !== undefined && (made.size === size || (age >= 0 && age < FRESH_MS))) return made;
    const running = this.#running.get(tenderId);
    if (running === undefined && this.#running.size >= AT_ONCE) return 'busy';
    const work = running ?? this.start(asked, reader);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<'busy'>((done) => (timer = setTimeout(done, PATIENCE_MS, 'busy')));
    const first = await Promise.race([work, patience]);
    clearTimeout(timer);
    return first ?? 'failed';
  }

  private start({ tenderId, now }: Asked, reader: Reader): Promise<Report | undefined> {
    const work = report(tenderId, now, reader)
      .then((made) => {
        this.#made.delete(tenderId);
        this.#made.set(tenderId, made);
        if (this.#made.size > KEPT) this.#made.delete(this.#made.keys().next().value!);
        return made;
      })
      // What could not be read is asked again by the next visitor.
      .catch(() => undefined)
      .finally(() => this.#running.delete(tenderId));
    this.#running.set(tenderId, work);
    return work;
  }
}

async function report(tenderId: string, now: Date, { api, client }: Reader): Promise<Report> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  // As a stranger: without the visitor's session.
  const get: HttpGet = (url) => fetch(url, { headers: { 'x-forwarded-for': client }, signal });
  const path = `api/tenders/${tenderId}/evidence`;
  const answer = await get(new URL(path, api).href);
  if (!answer.ok) throw new NetworkError(`the API answers ${answer.status} to ${path}`);
  const evidence = JSON.parse(utf8Text(await boundedBody(answer, path, MOST_BYTES))) as Evidence;
  return verifyAsStranger(httpLogSource(new URL('log', api).href, get), evidence, { tenderId, now });
}
