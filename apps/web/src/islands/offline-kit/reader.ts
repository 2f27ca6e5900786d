/** Who reads the kit, in which language: `#en` at the end of its address says English. It brings only its own words. */
import type { SealingClient } from '@segel/sealing';
import { bidding as enBidding, sealing as enSealing, sealingFailures as enFailures } from '../../words/en/bidding.js';
import { signing as enSigning } from '../../words/en/forms.js';
import { offlineKit as enKit } from '../../words/en/offline.js';
import { tenders as enTenders } from '../../words/en/tenders.js';
import { formats } from '../../words/formats.js';
import { bidding, sealing, sealingFailures } from '../../words/id/bidding.js';
import { signing } from '../../words/id/forms.js';
import { offlineKit } from '../../words/id/offline.js';
import { tenders } from '../../words/id/tenders.js';
import type { Reader } from '../../words/reader.js';
import { sayIn } from '../../words/translate.js';
import type { Catalogue, Translate } from '../../words/words.js';
import { part } from '../page-data.js';

const id = { ...tenders, ...bidding, ...sealing, ...sealingFailures, ...signing, ...offlineKit };
const en = { ...enTenders, ...enBidding, ...enSealing, ...enFailures, ...enSigning, ...enKit };

const locale = location.hash === '#en' ? 'en' : 'id';
// The parts of the bid page ask for no other words: a test reads the whole kit in both languages.
const catalogue = (locale === 'en' ? en : id) as unknown as Catalogue;

export const say: Translate = sayIn(locale, catalogue);
export const reader: Reader = { locale, t: say, f: formats(locale) };
/** Why sealing may fail, and what to do next. */
export const failures: Readonly<Record<string, string>> = locale === 'en' ? enFailures : sealingFailures;

/** The worker's text lies in the page; its hash was put beside it when the page was made. */
const { dataset } = part('sealing-program', HTMLScriptElement);

/** How manifests name this program: by the hash of what seals, which is in the log as well. */
export const program: SealingClient = {
  name: 'segel-offline',
  version: dataset['version'] ?? '',
  bundle_sha256: dataset['sha256'] ?? '',
};
document.documentElement.lang = locale;
document.title = say('kit.title');
