/** What documents have in common: their head, their entries in the log, and how to check them. */
import type { Schemas } from '@segel/client';
import type { Visitor } from '../http/visitor.js';
import type { Key } from '../words/words.js';
import { mono, momentOf, small, type Block, type Document } from './blocks.js';
import { qrSvg } from './qr.js';

/** In whose language a document is, and where it can be checked. */
export type Edition = Pick<Visitor, 't' | 'f' | 'locale'> & {
  /** Our public address, without a slash at its end. */
  readonly url: string;
};

/** An entry of the public log. */
export type Place = { readonly index: number; readonly leafSha256: string };

type Given = {
  readonly title: string;
  readonly tender: Schemas['TenderView'];
  /** When the event was that the document is about. */
  readonly at: string;
  readonly blocks: readonly Block[];
};

export function letter({ t, locale, url }: Edition, { title, tender, at, blocks }: Given): Document {
  return {
    lang: locale,
    title,
    subject: tender.title,
    running: `${title} · ${tender.ocid}`,
    site: t('site.name'),
    host: new URL(url).host,
    page: t('doc.page', { n: '#n', total: '#total' }),
    at: momentOf(at),
    blocks,
  };
}

/** Number, buyer and title: the first lines of every document. */
export const aboutTender = ({ t }: Edition, tender: Schemas['TenderView']): readonly (readonly [string, string])[] => [
  [t('doc.number'), tender.ocid],
  [t('doc.buyer'), tender.terms.buyer.name],
];

/** Where a QR code leads: to the entry; the hash stays in the browser, as all that follows a `#`. */
export const addressOf = ({ url, locale }: Edition, { index, leafSha256 }: Place): string =>
  `${url}${locale === 'en' ? '/en' : ''}/r/${index}#${leafSha256}`;

/** How to check the document by this entry. */
export function checkBlock(edition: Edition, place: Place): Block {
  const { t } = edition;
  const address = addressOf(edition, place);
  const shown = address.split('#')[0]!;
  return {
    kind: 'check',
    title: t('doc.check'),
    svg: qrSvg(address),
    alt: t('doc.check.alt', { url: shown, n: String(place.index) }),
    lines: [
      t('doc.check.scan', { n: String(place.index) }),
      mono(shown),
      t('doc.check.hash'),
      mono(place.leafSha256),
      small(t('doc.made')),
      small(t('doc.unsigned')),
    ],
  };
}

/** How to recompute the tender. */
export const recompute = ({ t, url }: Edition, tenderId: string): readonly Block[] => [
  {
    kind: 'command',
    lead: t('doc.check.whole'),
    text: `npm run segel -- verify tender ${tenderId} --url ${url} --policy policy.txt`,
  },
  { kind: 'text', text: small(t('doc.check.policy')) },
];

const NAMED = [
  'box.closed',
  'box.attested',
  'opening.authorised',
  'opening.share_released',
  'opening.completed',
  'evaluation.completed',
  'award.intended',
  'award.standstill_ended',
  'award.decided',
] as const;

type Entry = Schemas['EntryPlaceView'];
export type Published = Entry & { readonly index: number };

/** These entries, when the public log has reached them all. */
export function published(entries: readonly Entry[]): readonly Published[] | undefined {
  const placed = entries.filter((entry): entry is Published => entry.index !== undefined);
  return placed.length === entries.length && placed.length > 0 ? placed : undefined;
}

/** A table of entries with their numbers and fingerprints. */
export function entriesTable({ t }: Edition, entries: readonly Published[]): Block {
  return {
    kind: 'table',
    marked: -1,
    columns: [
      { name: t('doc.entry'), width: 5, end: false },
      { name: t('doc.entry.number'), width: 2, end: true },
      { name: t('doc.leaf'), width: 6, end: false },
    ],
    rows: entries.map(({ type, index, leafSha256 }) => {
      const known = NAMED.find((name) => name === type);
      return [known === undefined ? type : t(`doc.entry.${known}` satisfies Key), String(index), mono(leafSha256)];
    }),
  };
}

/** What a lot is called; its id when the tender does not name it. */
export const lotTitle = (tender: Schemas['TenderView'], lotId: string): string =>
  tender.terms.lots.find(({ id }) => id === lotId)?.title ?? lotId;
