/** Documents as PDF/UA, by Typst in a thread. Nothing is loaded before the first document. */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Document } from './blocks.js';
import { coverage, readFonts } from './fonts.js';
import { printableAll } from './printable.js';

/** Documents that wait at once; who asks for more hears that it is busy. */
const MAX_WAITING = 20;
const TIMEOUT_MS = 30_000;
const TEMPLATES = path.join(import.meta.dirname, 'templates');

type Reply = {
  readonly id: number;
  readonly bytes?: Uint8Array;
  readonly failed?: string;
  readonly missing?: boolean;
};
type Waiting = { readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void };
type Running = { readonly worker: Worker; readonly has: (codePoint: number) => boolean };

/** This machine has no typesetter, or it is too busy. */
export class NoTypesetter extends Error {
  override readonly name = 'NoTypesetter';
}

@Injectable()
export class Typesetter implements OnApplicationShutdown {
  private running: Running | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private requests = 0;

  /** The PDF of a document: the same bytes for the same document, whenever and wherever. Throws {@link NoTypesetter}. */
  async pdf(document: Document): Promise<Uint8Array> {
    if (this.waiting.size >= MAX_WAITING) throw new NoTypesetter('too many documents wait');
    const { worker, has } = (this.running ??= this.start());
    const id = this.requests++;
    const timer = setTimeout(() => void worker.terminate(), TIMEOUT_MS).unref();
    try {
      const { bytes, failed, missing } = await new Promise<Reply>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject });
        const [year, month, ...time] = document.at;
        const at = Date.UTC(year!, month! - 1, ...time) / 1000;
        worker.postMessage({ id, document: JSON.stringify(printableAll(document, has)), at });
      });
      if (bytes !== undefined) return bytes;
      throw missing === true ? new NoTypesetter(failed) : new Error(failed);
    } finally {
      clearTimeout(timer);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.running?.worker.terminate();
  }

  private start(): Running {
    const fonts = readFonts();
    const workerData = { templates: TEMPLATES, main: path.join(TEMPLATES, 'document.typ'), fonts };
    const worker = new Worker(new URL('./typesetter.worker.mjs', import.meta.url), { workerData });
    worker.unref();
    worker.on('message', (reply: Reply) => {
      this.waiting.get(reply.id)?.resolve(reply);
      this.waiting.delete(reply.id);
    });
    const ended = (): void => {
      if (this.running?.worker === worker) this.running = undefined;
      for (const { reject } of this.waiting.values()) reject(new NoTypesetter('the typesetter ended'));
      this.waiting.clear();
    };
    worker.on('error', ended);
    worker.on('exit', ended);
    return { worker, has: coverage(fonts) };
  }
}
