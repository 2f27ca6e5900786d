/** The folder store: temporary file, fsync, link to the final name (never overwriting), fsync of the folder. It is
 *  not write-once storage: who owns the disk can remove files. Production uses a bucket with object lock.
 *
 *  A folder has no lock. What it has instead binds the server only: files are read-only, and until when one is kept is
 *  its time of modification, so that the promise travels with the file through copies and backups. */
import { constants, createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, unlink, utimes, type FileHandle } from 'node:fs/promises';
import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { failpoint } from '../failpoint.js';
import { ObjectConflict, ObjectMissing, ObjectStore, checkContent, checkKey } from './object-store.js';
import { digestOf, exactly } from './streams.js';

/** A temporary file this old is nobody's any more. */
const LEFT_BEHIND_MS = 86_400_000;

function code(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

const absent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(code(error) ?? '');

export class FolderStore extends ObjectStore {
  private readonly folder: string;
  /** Folders whose own place on the disk is certain: this process made it so, and nobody made them anew since. */
  private readonly certain = new Set<string>();

  constructor(folder: string) {
    super();
    this.folder = path.resolve(folder);
  }

  override async start(): Promise<readonly string[]> {
    await mkdir(path.join(this.folder, 'tmp'), { recursive: true });
    await this.sweepTemporary();
    return [`Objects lie in ${this.folder}. A folder has no lock: whoever owns the disk can remove them.`];
  }

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.write(key, bytes.length, async (file) => writeAll(file, bytes));
  }

  override async putStream(key: string, source: AsyncIterable<Uint8Array>, size: number): Promise<void> {
    await this.write(key, size, async (file) => {
      for await (const chunk of exactly(source, size)) await file.writeFile(chunk);
    });
  }

  override async size(key: string): Promise<number | undefined> {
    try {
      const file = await stat(this.file(key));
      return file.isFile() ? file.size : undefined;
    } catch (error) {
      if (absent(error)) return undefined;
      throw error;
    }
  }

  override async read(key: string): Promise<Readable> {
    const file = await open(this.file(key), constants.O_RDONLY).catch((error: unknown) => {
      throw absent(error) ? new ObjectMissing(key) : error;
    });
    return createReadStream('', { fd: file });
  }

  override async restore(key: string, bytes: Uint8Array): Promise<void> {
    checkContent(key, bytes);
    if ((await this.size(key)) === bytes.length) {
      const held = await digestOf(await this.read(key));
      if (held === createHash('sha256').update(bytes).digest('hex')) return;
    }
    await this.replace(key, bytes);
  }

  override async retainUntil(key: string, until: Date): Promise<void> {
    const file = this.file(key);
    const { atime, mtime } = await stat(file).catch((error: unknown) => {
      throw absent(error) ? new ObjectMissing(key) : error;
    });
    if (mtime < until) await utimes(file, atime, until);
  }

  override async discard(key: string): Promise<boolean> {
    const file = this.file(key);
    try {
      // By the machine's own clock, as a bucket goes by its server's.
      if ((await stat(file)).mtimeMs > Date.now()) return false;
    } catch (error) {
      if (absent(error)) return true;
      throw error;
    }
    await rm(file, { force: true });
    await syncFolder(path.dirname(file));
    return true;
  }

  /** Only a process that died leaves something behind, and after it one starts. Another may be writing right now. */
  private async sweepTemporary(): Promise<void> {
    const folder = path.join(this.folder, 'tmp');
    for (const name of await readdir(folder)) {
      const { mtimeMs } = await stat(path.join(folder, name)).catch(() => ({ mtimeMs: Infinity }));
      if (mtimeMs < Date.now() - LEFT_BEHIND_MS) await rm(path.join(folder, name), { force: true });
    }
  }

  private file(key: string): string {
    return path.join(this.folder, checkKey(key));
  }

  override async replace(key: string, bytes: Uint8Array): Promise<void> {
    const target = this.file(key);
    await this.writeTemporary(
      async (file) => writeAll(file, bytes),
      async (temporary) => {
        await this.makeFolder(path.dirname(target));
        await rename(temporary, target);
        await this.syncFolders(path.dirname(target));
      },
    );
  }

  private async write(key: string, size: number, fill: (file: FileHandle) => Promise<void>): Promise<void> {
    const target = this.file(key);
    await this.writeTemporary(fill, (temporary) => this.publish(temporary, target, size));
    failpoint('object.durable');
  }

  private async writeTemporary(
    fill: (file: FileHandle) => Promise<void>,
    then: (temporary: string) => Promise<void>,
  ): Promise<void> {
    const temporary = path.join(this.folder, 'tmp', randomUUID());
    try {
      const file = await open(temporary, 'wx', 0o440);
      try {
        await fill(file);
        await file.sync();
      } finally {
        await file.close();
      }
      failpoint('object.written');
      await then(temporary);
    } finally {
      // Not `rm`, which asks what it is first: every question is a trip to another thread.
      await unlink(temporary).catch((error: unknown) => {
        if (!absent(error)) throw error;
      });
    }
  }

  private async publish(temporary: string, target: string, size: number): Promise<void> {
    try {
      await this.linkTo(temporary, target);
    } catch (error) {
      if (code(error) !== 'EEXIST') throw error;
      if ((await stat(target)).size !== size || !(await sameBytes(temporary, target))) {
        throw new ObjectConflict('the key holds other bytes');
      }
    }
    await this.syncFolders(path.dirname(target));
  }

  private async linkTo(temporary: string, target: string): Promise<void> {
    try {
      await link(temporary, target);
    } catch (error) {
      if (!absent(error)) throw error;
      await this.makeFolder(path.dirname(target));
      await link(temporary, target);
    }
  }

  private async makeFolder(folder: string): Promise<void> {
    const made = await mkdir(folder, { recursive: true });
    if (made !== undefined) this.certain.clear();
  }

  /** The folder of the new name, and every folder on the way that may itself be new: a crash may have come between
   *  making it and here. */
  private async syncFolders(folder: string): Promise<void> {
    await syncFolder(folder);
    const above: string[] = [];
    for (let at = folder; at !== this.folder && !this.certain.has(at); at = path.dirname(at)) above.push(at);
    for (const at of above) await syncFolder(path.dirname(at));
    for (const at of above) this.certain.add(at);
  }
}

/** As `writeFile`, which writes half a megabyte at a time: every write is a trip to another thread. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sameBytes(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([open(a), open(b)]);
  try {
    const one = Buffer.alloc(1 << 16);
    const two = Buffer.alloc(1 << 16);
    for (let at = 0; ;) {
      const [x, y] = await Promise.all([left.read(one, 0, one.length, at), right.read(two, 0, two.length, at)]);
      if (x.bytesRead !== y.bytesRead || !one.subarray(0, x.bytesRead).equals(two.subarray(0, y.bytesRead)))
        return false;
      if (x.bytesRead === 0) return true;
      at += x.bytesRead;
    }
  } finally {
    await Promise.all([left.close(), right.close()]);
  }
}
