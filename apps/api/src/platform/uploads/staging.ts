/** Unfinished uploads in a local folder. One is named by who sends it and by the hash and size its bytes will have, so
 *  that nothing is written beside the bytes themselves: no file that a crash could leave half written. */
import { toHex } from '@segel/encoding';
import { Refusal } from '@segel/procurement';
import { FileStore, type Configstore } from '@tus/file-store';
import { ERRORS, Upload } from '@tus/server';
import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, readFile, readdir, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { ObjectStore, contentKey } from '../object-store/object-store.js';
import type { Arrived } from './arrival.js';
import { Slots } from '../slots.js';

/** What is to be uploaded, and into whose drawer. Bytes of another drawer do not exist. */
export type Staged = { readonly drawer: string; readonly sha256: Uint8Array; readonly sizeBytes: number };

const ID = /^([0-9a-f]{32})\/([0-9a-f]{64})-([1-9][0-9]{0,9})$/;
/** Finished uploads read from the folder at a time, on their way into the object store. */
const KEEPING_AT_ONCE = 4;

/** The drawer of somebody in something: its name tells neither. */
export function drawerOf(...names: readonly string[]): string {
  return createHash('sha256').update(names.join(' ')).digest('hex').slice(0, 32);
}

export function idOf({ drawer, sha256, sizeBytes }: Staged): string {
  return `${drawer}/${toHex(sha256)}-${sizeBytes}`;
}

/** A finished upload whose bytes have the promised hash goes into the object store, and is staged no longer. */
export class Staging extends FileStore {
  private readonly keeping = new Slots(KEEPING_AT_ONCE);

  constructor(
    private readonly folder: string,
    private readonly expiryMs: number,
    private readonly objects: ObjectStore,
  ) {
    const configstore = new Names(folder);
    super({ directory: folder, configstore, expirationPeriodInMilliseconds: expiryMs });
  }

  async start(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Bytes of it that wait here. */
  async stagedBytes(staged: Staged): Promise<number> {
    return (await statOf(path.join(this.folder, idOf(staged))))?.size ?? 0;
  }

  /** How many others of the drawer are unfinished. */
  async othersStaged(staged: Staged): Promise<number> {
    const names = await readdir(path.join(this.folder, staged.drawer)).catch(() => []);
    return names.filter((name) => !idOf(staged).endsWith(name)).length;
  }

  /** Beginning again takes nothing away from what is staged. */
  override async create(upload: Upload): Promise<Upload> {
    const { id } = upload;
    if ((await statOf(path.join(this.folder, id))) !== undefined) return upload;
    return (await this.stored(id)) === undefined ? super.create(upload) : upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    if ((await statOf(path.join(this.folder, id))) === undefined) {
      const size = await this.stored(id);
      if (size === undefined) throw ERRORS.FILE_NOT_FOUND;
      return new Upload({ id, size, offset: size });
    }
    const upload = await super.getUpload(id);
    if (upload.offset === upload.size) await this.keep(id);
    return upload;
  }

  /** @returns how many bytes there are now, which may be more than were sent when an upload is begun again */
  override async write(source: Readable, id: string, offset: number): Promise<number> {
    const { size } = named(id);
    if ((await statOf(path.join(this.folder, id))) === undefined) {
      for await (const chunk of source) void chunk;
      return size;
    }
    await super.write(source, id, offset);
    const upload = await super.getUpload(id);
    if (upload.offset === size) await this.keep(id);
    return upload.offset;
  }

  /** Removes what has not got a byte for so long, and empty drawers. Returns how many uploads. */
  async sweep(): Promise<number> {
    const removed = await this.deleteExpired();
    for (const drawer of await readdir(this.folder)) {
      const file = path.join(this.folder, drawer);
      const old = ((await statOf(file))?.mtimeMs ?? Infinity) < Date.now() - this.expiryMs;
      if (old) await rmdir(file).catch(() => undefined); // Not empty: then it stays.
    }
    return removed;
  }

  private async stored(id: string): Promise<number | undefined> {
    const { sha256, size } = named(id);
    const stored = await this.objects.size(contentKey(sha256));
    return stored === size ? size : undefined;
  }

  /** Puts all bytes of an upload into the object store; what is staged of it goes.
   *  @throws Refusal `part_digest_mismatch` */
  async settle(id: string, { bytes, sha256: came }: Arrived): Promise<void> {
    const { sha256 } = named(id);
    const isPromised = sha256.equals(came);
    if (isPromised) await this.objects.put(contentKey(sha256), bytes);
    await this.remove(id).catch((error: unknown) => {
      if (error !== ERRORS.FILE_NOT_FOUND) throw error; // Nothing of it was staged.
    });
    if (isPromised) return;
    throw new Refusal('part_digest_mismatch', 'The part is not the one its address names; nothing was stored.');
  }

  private async keep(id: string): Promise<void> {
    await this.keeping.take();
    try {
      const bytes = await readFile(path.join(this.folder, id));
      await this.settle(id, { bytes, sha256: createHash('sha256').update(bytes).digest() });
    } finally {
      this.keeping.give();
    }
  }
}

function named(id: string): { readonly sha256: Buffer; readonly size: number } {
  const [, , hex, size] = ID.exec(id) ?? [];
  if (hex === undefined) throw ERRORS.FILE_NOT_FOUND;
  return { sha256: Buffer.from(hex, 'hex'), size: Number(size) };
}

async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What tus remembers about an upload is in its name and its times. */
class Names implements Configstore {
  constructor(private readonly folder: string) {}

  async get(id: string): Promise<Upload | undefined> {
    const found = await statOf(path.join(this.folder, id));
    if (found === undefined) return undefined;
    return new Upload({ id, size: named(id).size, offset: 0, creation_date: found.mtime.toISOString() });
  }

  async set(): Promise<void> {}

  async delete(): Promise<void> {}

  async list(): Promise<string[]> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const ids = files.map((entry) => path.relative(this.folder, path.join(entry.parentPath, entry.name)));
    return ids.filter((id) => ID.test(id));
  }
}
