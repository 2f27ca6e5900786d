/** English. */
import { account } from './en/account.js';
import { auditing, checking, verdicts } from './en/auditing.js';
import { components } from './en/components.js';
import { documents } from './en/documents.js';
import { bidding, sealing, sealingFailures } from './en/bidding.js';
import { drafting } from './en/drafting.js';
import { draftingRules } from './en/drafting-rules.js';
import { entries } from './en/entries.js';
import { evaluating } from './en/evaluating.js';
import { forms, signing } from './en/forms.js';
import { keys } from './en/keys.js';
import { elsewhere, offlineKit, offlinePage } from './en/offline.js';
import { openerFailures, openerIsland, opening, roomIsland } from './en/opening.js';
import { operating } from './en/operating.js';
import { pages } from './en/pages.js';
import { registration } from './en/registration.js';
import { replay } from './en/replay.js';
import { shell } from './en/shell.js';
import { tenders } from './en/tenders.js';
import type { Catalogue } from './words.js';

export const en: Catalogue = {
  ...shell,
  ...pages,
  ...tenders,
  ...account,
  ...components,
  ...documents,
  ...auditing,
  ...checking,
  ...verdicts,
  ...forms,
  ...signing,
  ...keys,
  ...registration,
  ...operating,
  ...bidding,
  ...sealing,
  ...sealingFailures,
  ...drafting,
  ...draftingRules,
  ...entries,
  ...replay,
  ...evaluating,
  ...offlinePage,
  ...elsewhere,
  ...offlineKit,
  ...opening,
  ...openerIsland,
  ...openerFailures,
  ...roomIsland,
};
