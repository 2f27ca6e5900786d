/** A key file that somebody asked this browser to remember: the age file as it is, useless without its passphrase. */
const FOLDER = 'segel-keys';
const nameOf = (accountId: string): string => `${accountId}.age`;

async function folder(create: boolean): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create });
  } catch {
    // Private windows and old browsers have no such place: people choose their file each time.
    return undefined;
  }
}

/** The remembered file; undefined when there is none. */
export async function keptKey(accountId: string): Promise<Blob | undefined> {
  try {
    return await (await (await folder(false))?.getFileHandle(nameOf(accountId)))?.getFile();
  } catch {
    return undefined;
  }
}

/** Remembers a key file. False where the browser cannot. */
export async function keepKey(accountId: string, file: Blob): Promise<boolean> {
  const handle = await (await folder(true))?.getFileHandle(nameOf(accountId), { create: true });
  if (handle === undefined || typeof handle.createWritable !== 'function') return false;
  const writable = await handle.createWritable();
  await writable.write(file);
  await writable.close();
  return true;
}

export async function forgetKey(accountId: string): Promise<void> {
  await (await folder(false))?.removeEntry(nameOf(accountId)).catch(() => undefined);
}
