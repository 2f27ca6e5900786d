/** Files that are whole or not there, whenever the power fails. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Files written into a folder; they are safe once {@link DurableFolder.settle} returned. */
export class DurableFolder {
  readonly #touched = new Set<string>();

  constructor(readonly path: string) {}

  /** Writes a file under a temporary name, flushes it and gives it its name. */
  async write(name: string, content: Uint8Array | string): Promise<void> {
    const target = join(this.path, name);
    await this.#folder(dirname(target));
    const draft = `${target}.tmp`;
    const file = await open(draft, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.path, name), { recursive: true, force: true });
  }

  /** Flushes the folders: until then a new name may be lost though its file is not. */
  async settle(): Promise<void> {
    for (const folder of this.#touched) {
      const handle = await open(folder, 'r');
      // Not every system can flush a folder; those that cannot keep names by other means.
      await handle.sync().catch(() => undefined);
      await handle.close();
    }
    this.#touched.clear();
  }

  async #folder(path: string): Promise<void> {
    this.#touched.add(path);
    const made = await mkdir(path, { recursive: true });
    for (let parent = dirname(path); made !== undefined && parent.length >= this.path.length; parent = dirname(parent))
      this.#touched.add(parent);
  }
}
