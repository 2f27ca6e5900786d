import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Worker } from 'node:worker_threads';
import { Clock } from '../platform/clock/clock.js';

/** OWASP password storage, argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { memorySize: 19 * 1024, iterations: 2, parallelism: 1 } as const;

type Request = { readonly password: string; readonly hash?: string; readonly salt?: Uint8Array };
type Reply = { readonly id: number; readonly result?: string | boolean; readonly failed?: true };
type Waiting = { readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void };

/** argon2id (RFC 9106) as WebAssembly in a thread. The native package's prebuilt binary crashed on a plain Debian and
 *  needs a compiler elsewhere; this runs wherever Node does. */
@Injectable()
export class Argon2 implements OnApplicationShutdown {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private requests = 0;

  constructor(private readonly clock: Clock) {}

  /** The encoded hash, salt and parameters included. */
  async hash(password: string): Promise<string> {
    return String(await this.ask({ password, salt: this.clock.random(16) }));
  }

  /** True when the encoded hash is the password's. */
  async verify(hash: string, password: string): Promise<boolean> {
    return (await this.ask({ password, hash })) === true;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.worker?.terminate();
  }

  private async ask(request: Request): Promise<string | boolean | undefined> {
    const id = this.requests++;
    const { result, failed } = await new Promise<Reply>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.thread().postMessage({ id, ...request, parameters: PARAMETERS });
    });
    // Whatever was wrong, the message may hold the password: it is not passed on.
    if (failed === true) throw new Error('hashing a password failed');
    return result;
  }

  private thread(): Worker {
    if (this.worker !== undefined) return this.worker;
    const worker = new Worker(new URL('./argon2.worker.mjs', import.meta.url));
    worker.unref();
    worker.on('message', (reply: Reply) => {
      this.waiting.get(reply.id)?.resolve(reply);
      this.waiting.delete(reply.id);
    });
    const ended = (): void => {
      this.worker = undefined;
      for (const { reject } of this.waiting.values()) reject(new Error('the thread that hashes passwords ended'));
      this.waiting.clear();
    };
    worker.on('error', ended);
    worker.on('exit', ended);
    this.worker = worker;
    return worker;
  }
}
