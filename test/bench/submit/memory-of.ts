/** Resident memory of another process, looked at several times a second. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';

const EVERY_MS = 100;

/** One look: MiB, and milliseconds since the watch began. */
export type MemorySample = { readonly atMs: number; readonly mebibytes: number };

export class MemoryWatch {
  readonly samples: MemorySample[] = [];
  private readonly began = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => void this.look(), EVERY_MS);
  }

  stop(): readonly MemorySample[] {
    clearInterval(this.timer);
    return this.samples;
  }

  private async look(): Promise<void> {
    const mebibytes = (await residentBytes(this.pid)) / 2 ** 20;
    this.samples.push({ atMs: Math.round(performance.now() - this.began), mebibytes });
  }
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  const kibibytes =
    status === undefined
      ? spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout
      : /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return Number(kibibytes ?? 0) * 1024;
}
