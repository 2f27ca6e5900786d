/** The tus protocol (tus.io, 1.0.0) for one upload whose name, size and owner were decided before. What goes wrong is a
 *  {@link Refusal}: the protocol library's own words do not leave. */
import { Refusal } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { ERRORS, Server } from '@tus/server';
import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Config } from '../config/config.js';
import { ObjectStore } from '../object-store/object-store.js';
import { arrivedQuickly, type Arrived } from './arrival.js';
import { inOrder, leavePlace } from './arrivals.js';
import { Slots } from '../slots.js';
import { Turns } from './turns.js';
import { Staging, idOf, type Staged } from './staging.js';

export const OFFSET_STREAM = 'application/offset+octet-stream';
/** A request that is ended had its time before: see {@link Turns}. */
const DRAIN_MS = 1;
/** Bytes taken from the line ahead of the disk: those that wait in the request itself are lost when the line is cut. */
const AHEAD_BYTES = 256 * 1024;
/** Parts of so many bytes at most are taken from the line into memory, so many at a time. Others wait so long for room, and
 *  go by the folder then. */
const ROOM_BYTES = 8 * 1024 * 1024;
const IN_MEMORY_AT_ONCE = 8;
const PATIENCE_MS = 2000;
const VERSION = '1.0.0';
/** The headers of an answer that leave. */
const ANSWERED = ['tus-resumable', 'upload-offset', 'upload-length', 'upload-expires', 'cache-control'];

export type TusAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>> };

@Injectable()
export class Tus {
  readonly staging: Staging;
  private readonly server: Server;
  private readonly turns = new Turns();
  private readonly inMemory = new Slots(IN_MEMORY_AT_ONCE);
  /** Memory of parts that were stored, for the next: fresh pages cost as much as hashing what comes into them. */
  private readonly rooms: Uint8Array[] = [];
  /** What was read of a message and waits to be staged. */
  private readonly came = new WeakMap<IncomingMessage, Uint8Array>();
  private readonly errors = new WeakMap<object, unknown>();
  private readonly queued = new WeakMap<object, () => void>();

  constructor({ settings }: Config, objects: ObjectStore) {
    const { UPLOAD_FOLDER, UPLOAD_EXPIRY_HOURS } = settings;
    this.staging = new Staging(UPLOAD_FOLDER, UPLOAD_EXPIRY_HOURS * 3_600_000, objects);
    this.server = new Server({
      path: '/',
      datastore: this.staging,
      locker: (request) => ({ newLock: (id) => this.turns.newLock(id, () => this.queued.get(request)?.()) }),
      lockDrainTimeout: DRAIN_MS,
      getFileIdFromRequest: nameIn,
      namingFunction: nameIn,
      generateUrl: () => '',
      onResponseError: (request, error) => void this.errors.set(request, error),
    });
  }

  /** Takes a part that one request brings whole and quickly: it goes from the line into the store, by no file and no other
   *  program. Undefined when it does not come so; {@link handle} then takes what came and what still comes.
   *  @throws Refusal `part_digest_mismatch`, `upload_conflict` */
  async takeWhole(staged: Staged, message: IncomingMessage): Promise<TusAnswer | undefined> {
    if (!bringsAll(staged, message)) return undefined;
    await inOrder(message);
    if (!(await this.inMemory.take(PATIENCE_MS))) return undefined;
    const room = this.rooms.pop() ?? Buffer.allocUnsafeSlow(ROOM_BYTES);
    try {
      const arrived = await arrivedQuickly(message, room.subarray(0, staged.sizeBytes));
      if (arrived.bytes.length === staged.sizeBytes) return await this.settle(staged, message, arrived);
      this.came.set(message, arrived.bytes.slice());
      return undefined;
    } finally {
      this.rooms.push(room);
      this.inMemory.give();
    }
  }

  /** Does what the request asks of this upload. @throws Refusal `part_digest_mismatch`, `upload_conflict`, `not_found`,
   *  `payload_too_large`, `request_malformed` */
  async handle(staged: Staged, message: IncomingMessage): Promise<TusAnswer> {
    const { method = 'GET', headers } = message;
    const sends = method === 'POST' || method === 'PATCH';
    const type = headers['content-type'];
    if (sends && type !== undefined && type !== OFFSET_STREAM) {
      throw new Refusal('request_malformed', `The bytes of a part are ${OFFSET_STREAM}.`);
    }
    await inOrder(message);
    // When the line is cut, what came before counts: whoever sent it asks how much that was.
    const body = new PassThrough({ highWaterMark: AHEAD_BYTES });
    message.once('error', () => body.end());
    body.on('data', () => this.turns.moved(idOf(staged)));
    body.pause();
    const came = this.came.get(message);
    if (came !== undefined) body.write(came);
    this.came.delete(message);
    if (message.destroyed) body.end();
    else if (sends) message.pipe(body);
    try {
      return await this.answer(staged, message, sends ? body : undefined);
    } finally {
      // What was not wanted must not be taken for the next request.
      message.unpipe(body);
      message.resume();
    }
  }

  private async settle(staged: Staged, message: IncomingMessage, arrived: Arrived): Promise<TusAnswer> {
    message.resume();
    const id = idOf(staged);
    const lock = this.turns.newLock(id, () => undefined);
    await lock
      .lock(new AbortController().signal, () => undefined)
      .catch((error: unknown) => {
        throw refusalOf(409, error);
      });
    try {
      await this.staging.settle(id, arrived);
    } finally {
      await lock.unlock();
    }
    const headers = {
      'tus-resumable': VERSION,
      'upload-offset': String(staged.sizeBytes),
      'cache-control': 'no-store',
    };
    return { status: 201, headers };
  }

  private async answer(staged: Staged, message: IncomingMessage, body?: PassThrough): Promise<TusAnswer> {
    const request = new Request(`http://staged/${idOf(staged)}`, {
      method: message.method ?? 'GET',
      headers: Object.entries(message.headers).map(([name, value]): [string, string] => [name, String(value)]),
      ...(body === undefined ? {} : { body: Readable.toWeb(body) as ReadableStream, duplex: 'half' }),
    } as RequestInit);
    this.queued.set(request, () => leavePlace(message));
    const answer = await this.server.handleWeb(request);
    if (answer.status >= 400) throw refusalOf(answer.status, this.errors.get(request));
    const given = ANSWERED.flatMap((name): [string, string][] => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value]];
    });
    return { status: answer.status, headers: Object.fromEntries(given) };
  }
}

/** Whether the request creates the upload and says that it has all its bytes with it. */
function bringsAll({ sizeBytes }: Staged, { method, headers }: IncomingMessage): boolean {
  const isTus = headers['tus-resumable'] === VERSION && headers['content-type'] === OFFSET_STREAM;
  const asUsual = headers['upload-concat'] === undefined && headers['upload-defer-length'] === undefined;
  const sizes = [headers['upload-length'], headers['content-length']];
  return (
    method === 'POST' &&
    isTus &&
    asUsual &&
    sizeBytes <= ROOM_BYTES &&
    sizes.every((size) => size === String(sizeBytes))
  );
}

function nameIn(request: { readonly url: string }): string {
  return new URL(request.url).pathname.slice(1);
}

function refusalOf(status: number, error: unknown): Error {
  if (error instanceof Refusal) return error;
  if (error === ERRORS.ABORTED || error === ERRORS.ERR_LOCK_TIMEOUT || status === 409) {
    return new Refusal('upload_conflict', 'This is not where the part goes on: ask how many bytes of it have arrived.');
  }
  if (status >= 500) {
    const words = (error as { readonly body?: string } | undefined)?.body;
    return error instanceof Error ? error : new Error(words ?? 'the upload failed', { cause: error });
  }
  if (status === 404 || status === 410) return new Refusal('not_found', 'Nothing of this part has arrived.');
  if (status === 413) return new Refusal('payload_too_large', 'These are more bytes than the part has.');
  return new Refusal('request_malformed', 'This is not a request of the tus protocol, version 1.0.0.');
}
