/** A vendor at a real browser: a key file, a tender to bid for, and the bid page as a person walks it. */
import { encryptKeyRing } from '@segel/acts';
import { uuidV7 } from '@segel/encoding';
import type { TenderTerms } from '@segel/procurement';
import { randomBytes } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import type { Harness } from './harness.js';
import { publishTender, type PublishedTender, type PublishOptions } from './published-tender.js';
import type { VendorUser } from './sealed-bid.js';

export const PASSPHRASE = 'empat kata acak sekali';

/** A person's key file, as `segel keygen` makes it, with a work factor that tests can wait for. */
export async function keyFileOf({ secret }: Pick<VendorUser, 'secret'>): Promise<Buffer> {
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  return Buffer.from(
    await encryptKeyRing({ signingSecret: secret, openerIdentities: [] }, PASSPHRASE, { random, workFactor: 10 }),
  );
}

/** Signs a form of a page, as people do, and waits for the page that answers it. */
export async function signForm(page: Page, form: string, signer: Pick<VendorUser, 'secret'>): Promise<void> {
  const buffer = await keyFileOf(signer);
  await page.setInputFiles(`${form} input[type=file]`, {
    name: 'kunci.age',
    mimeType: 'application/octet-stream',
    buffer,
  });
  await page.fill(`${form} input[type=password]`, PASSPHRASE);
  await Promise.all([page.waitForNavigation({ timeout: 60_000 }), page.click(`${form} .button`)]);
}

/** A tender with {@link biddingTerms} that is open for twenty hours. */
export async function furnitureTender(
  harness: Harness,
  { terms, ...options }: PublishOptions = {},
): Promise<PublishedTender> {
  const title = 'Pengadaan mebel untuk tiga sekolah';
  return opened(harness, { ...options, terms: { title, ...biddingTerms(harness), ...terms } });
}

/** One whose quantities are whole: bids for it are sealed without a browser too. */
export const chairsTender = (harness: Harness): Promise<PublishedTender> =>
  opened(harness, { terms: { title: `Pengadaan kursi ${randomBytes(4).toString('hex')}` } });

async function opened(harness: Harness, options: PublishOptions): Promise<PublishedTender> {
  const tender = await publishTender(harness, { deadlineInMs: 20 * 3_600_000, ...options });
  await harness.published();
  return tender;
}

/** Two priced items, one of them a lump sum, a large document, a statement. Ids tell the fields on the page. */
export function biddingTerms(harness: Harness): Pick<TenderTerms, 'lots' | 'items' | 'slots' | 'estimate'> {
  const newId = (): string => uuidV7(harness.clock.now().getTime(), randomBytes(10));
  const [lotId, deskId, workId] = [newId(), newId(), newId()];
  const slot = { envelope: 'single', required: true } as const;
  return {
    estimate: { amount: '50000.00', currency: 'EUR' },
    lots: [{ id: lotId, title: 'Mebel sekolah', estimate: { amount: '50000.00', currency: 'EUR' } }],
    items: [
      { id: deskId, lotId, description: 'Meja', quantity: '2.5', unit: 'set' },
      { id: workId, lotId, description: 'Perakitan', quantity: '1', unit: 'lump' },
    ],
    slots: [
      { ...slot, id: 'desk', lotId, label: 'Meja', kind: 'price', itemId: deskId },
      { ...slot, id: 'work', lotId, label: 'Perakitan', kind: 'price', itemId: workId },
      {
        ...slot,
        id: 'offer',
        label: 'Surat penawaran',
        kind: 'document',
        mediaTypes: ['application/pdf'],
        maxBytes: 2e7,
      },
      { ...slot, id: 'terms', label: 'Kami menerima syarat', kind: 'answer', answer: 'yes_no' },
    ],
  };
}

export type SignedIn = { readonly context: BrowserContext; readonly wrong: string[] };

/** A context with the vendor's session at these addresses; what the policy of a page forbids is an error of the page. */
export async function signIn(context: BrowserContext, token: string, urls: readonly string[]): Promise<SignedIn> {
  await context.addCookies(urls.map((url) => ({ name: 'segel', value: token, url })));
  const wrong: string[] = [];
  context.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && /polic|trusted|refused to/i.test(text)) wrong.push(text);
  });
  context.on('weberror', (error) => wrong.push(String(error.error())));
  return { context, wrong };
}

export type Typed = { readonly desk: string; readonly work: string; readonly file: Buffer; readonly key: Buffer };

/** Fills the form of {@link biddingTerms}. */
export async function fillBid(page: Page, { desk, work, file, key }: Typed): Promise<void> {
  await page.fill('#price-desk', desk);
  await page.fill('#price-work', work);
  await page.setInputFiles('#file-offer', { name: 'surat penawaran.pdf', mimeType: 'application/pdf', buffer: file });
  await page.selectOption('#answer-terms', 'yes');
  await page.setInputFiles('#key-file', { name: 'kunci.age', mimeType: 'application/octet-stream', buffer: key });
  await page.fill('#passphrase', PASSPHRASE);
}

/** Waits for the receipt; a failure that the page tells is thrown with its words. */
export async function received(page: Page): Promise<{ readonly bidId: string; readonly index: number }> {
  await page.locator('#receipt:not([hidden]), #failure:not([hidden])').first().waitFor({ timeout: 90_000 });
  if (await page.isVisible('#failure')) throw new Error(`the page says: ${await page.textContent('#failure-words')}`);
  const address = (await page.getAttribute('#receipt-page', 'href'))!;
  return { bidId: address.split('/').at(-1)!, index: Number(await page.textContent('#receipt-index')) };
}

/** Id of the element that has the focus. */
export const focused = (page: Page): Promise<string> => page.evaluate<string>('document.activeElement.id');
/** Width of the page in pixels, as far as it scrolls. */
export const width = (page: Page): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth');
