/** The demonstration reads its mails where the development server puts them, as people read theirs. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const TOKEN = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{43}/g;

/** Undoes quoted-printable, in which long lines of a mail are broken. */
function plain(mail: string): string {
  return mail
    .replaceAll(/=\r?\n/g, '')
    .replaceAll('=3D', '=')
    .replaceAll('=2E', '.');
}

/** The one-use token of the newest mail to this address that `used` does not hold yet. Waits up to 20 s. */
export async function tokenFor(folder: string, address: string, used: Set<string>): Promise<string> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml')).sort();
    for (const name of names.reverse()) {
      const mail = plain(await readFile(path.join(folder, name), 'utf8'));
      const fresh = (mail.match(TOKEN) ?? []).find((token) => !used.has(token));
      if (fresh !== undefined && mail.toLowerCase().includes(`to: ${address}`)) {
        used.add(fresh);
        return fresh;
      }
    }
    await sleep(100);
  }
  throw new Error(`no mail with a token came for ${address} in ${folder}`);
}
