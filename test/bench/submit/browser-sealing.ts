/** Sealing one file in Chromium, as a bidder's browser does: from a file on disk through the worker into the private file
 *  system, and opened again whole. A fresh browser each time, so that its memory is of this file alone. */
import { encryptKeyRing } from '@segel/acts';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { random } from '../../../apps/cli/src/primitives.js';
import { serveFolder } from '../../../apps/cli/src/static-fixture.js';
import { bytesOf, idOf } from '../../../apps/cli/src/synthetic-log.js';
import {
  after,
  kitOf,
  LOT,
  people,
  publishNotice,
  registerOpeners,
  TENDER,
} from '../../../apps/cli/src/synthetic-tender.js';
import { openBrowser } from '../../support/browser.js';
import { SealingPage } from '../../support/sealing-page.js';
import type { SealingFigures } from './sealing-process.js';

export type BrowserFigures = SealingFigures & {
  /** Of `ms`, spent on opening the sealed file again. */
  readonly selfTestMs: number;
};

type Said = { readonly phase: string; readonly at: number };

const PASSPHRASE = 'a long passphrase';
const OFFER = { currency: 'IDR', answers: [], documents: [], prices: [], total: '100' };

/** Seals the file once. The time is of the bytes: from the first that is read to the last that is opened again; the check
 *  of the log and the passphrases, a few seconds whatever the size, are outside. */
export async function sealInBrowser(input: string, home: string, bytes: number): Promise<BrowserFigures> {
  const folder = await mkdtemp(path.join(home, 'browser-'));
  const { url, stop } = await serveFolder(await tenderFolder(folder));
  const web = await SealingPage.open(url, '');
  const keys = { signingSecret: bytesOf('vendor'), openerIdentities: [] };
  web.addFile('keys.age', await encryptKeyRing(keys, PASSPHRASE, { random, workFactor: 10 }));
  const profile = path.join(folder, 'profile');
  const browser = await openBrowser(profile);
  try {
    const page = await browser.newPage();
    await page.goto(web.url);
    while (!(await page.evaluate('globalThis.ready === true'))) await sleep(20);
    await page.evaluate(`document.body.append(Object.assign(document.createElement('input'), { type: 'file' }))`);
    await page.setInputFiles('input', input);
    const policy = await readFile(path.join(folder, 'log', 'policy'), 'utf8');
    const given = { tenderId: TENDER, lotId: LOT, vendorId: idOf('vendor'), offer: OFFER, policy };
    await page.evaluate(`(async (given, passphrase) => {
      const files = [{ path: 'annex.bin', file: document.querySelector('input').files[0] }];
      const keyFile = await (await fetch('/files/keys.age')).blob();
      await sealing.seal({ ...given, files, passphrase, keyFile });
    })(${JSON.stringify(given)}, ${JSON.stringify(PASSPHRASE)})`);
    const said = await page.evaluate<readonly Said[]>('said');
    const of = (phase: string): readonly number[] => said.filter((one) => one.phase === phase).map(({ at }) => at);
    const [began, tested, ended] = [of('reading')[0]!, of('testing')[0]!, of('testing').at(-1)!];
    const peakMebibytes = await peakOfRenderers(profile);
    return { ms: ended - began, bytes, selfTestMs: ended - tested, peakMebibytes };
  } finally {
    await browser.close();
    await web.close();
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A log with one notice, and its kit, as files. */
async function tenderFolder(folder: string): Promise<string> {
  const log = people();
  const openers = registerOpeners(log);
  const notice = publishNotice(log, openers);
  log.publish(after(-1800));
  await log.write(path.join(folder, 'log'));
  const kit = path.join(folder, 'api', 'tenders', TENDER, 'kit');
  await mkdir(path.dirname(kit), { recursive: true });
  await writeFile(kit, JSON.stringify({ ...kitOf(log, notice, openers), maxBidBytes: Number.MAX_SAFE_INTEGER }));
  return folder;
}

/** MiB of the page's process at its largest, by Linux; 0 elsewhere. */
async function peakOfRenderers(profile: string): Promise<number> {
  const processes = new Map<number, { readonly parent: number; readonly command: string; readonly peak: number }>();
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const [status = '', command = ''] = await Promise.all(
      ['status', 'cmdline'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')),
    );
    const figure = (member: string): number => Number(new RegExp(`^${member}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    processes.set(Number(name), { parent: figure('PPid'), command, peak: figure('VmHWM') / 1024 });
  }
  const isOurs = (pid: number): boolean => {
    const found = processes.get(pid);
    return found !== undefined && (found.command.includes(profile) || isOurs(found.parent));
  };
  const renderers = [...processes].filter(([pid, { command }]) => command.includes('--type=renderer') && isOurs(pid));
  return Math.max(0, ...renderers.map(([, { peak }]) => peak));
}
