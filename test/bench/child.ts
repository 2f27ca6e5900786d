/** Programs of dist/ as processes of their own: what is measured must not share a heap with what measures. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** The root of the compiled tree: this file is dist/test/bench/child.js. */
const dist = path.resolve(import.meta.dirname, '../..');

/** Arguments of node for every program, e.g. `--cpu-prof --cpu-prof-dir=FOLDER` to see where the time goes. */
const profiling = (): readonly string[] => process.env['BENCH_NODE_ARGS']?.split(' ') ?? [];

/** A running program that answers messages. */
export class Child {
  private said = '';
  private readonly exited: Promise<number | string>;
  private ended = false;

  private constructor(
    private readonly name: string,
    readonly process: ChildProcess,
  ) {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on('data', (text: Buffer) => (this.said = (this.said + text.toString()).slice(-16_384)));
    }
    this.exited = once(process, 'exit').then(([code, signal]) => {
      this.ended = true;
      return (code ?? signal) as number | string;
    });
  }

  /** Starts a program of dist/ with these settings beside those of this process. */
  static start(program: string, env: Readonly<Record<string, string>>, args: readonly string[] = []): Child {
    const child = fork(path.join(dist, program), args, {
      env: { ...process.env, ...env },
      execArgv: ['--enable-source-maps', ...profiling()],
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    });
    return new Child(program, child);
  }

  /** The next message of the program. */
  async message<T>(): Promise<T> {
    return this.orEnds(once(this.process, 'message').then(([message]) => message as T));
  }

  /** Waits for something this program is needed for; throws with what it said when it ends before. */
  async orEnds<T>(awaited: Promise<T>): Promise<T> {
    return Promise.race([awaited, this.exited.then((code) => Promise.reject(this.failure(code)))]);
  }

  /** Resolves when it ended well. */
  async done(): Promise<void> {
    const code = await this.exited;
    if (code !== 0) throw this.failure(code);
  }

  async stop(): Promise<void> {
    if (!this.ended) this.process.kill('SIGTERM');
    await this.exited;
  }

  private failure(code: number | string): Error {
    return new Error(`${this.name} ended (${code}):\n${this.said}`);
  }
}

/** Runs a program of dist/ to its end. */
export async function runProgram(program: string, env: Readonly<Record<string, string>>): Promise<void> {
  await Child.start(program, env).done();
}
