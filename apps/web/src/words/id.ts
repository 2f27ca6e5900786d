/** Bahasa Indonesia: the words that the other language translates, one file an area. */
import { account } from './id/account.js';
import { auditing, checking, verdicts } from './id/auditing.js';
import { components } from './id/components.js';
import { documents } from './id/documents.js';
import { bidding, sealing, sealingFailures } from './id/bidding.js';
import { drafting } from './id/drafting.js';
import { draftingRules } from './id/drafting-rules.js';
import { entries } from './id/entries.js';
import { evaluating } from './id/evaluating.js';
import { forms, signing } from './id/forms.js';
import { keys } from './id/keys.js';
import { elsewhere, offlineKit, offlinePage } from './id/offline.js';
import { openerFailures, openerIsland, opening, roomIsland } from './id/opening.js';
import { operating } from './id/operating.js';
import { pages } from './id/pages.js';
import { registration } from './id/registration.js';
import { replay } from './id/replay.js';
import { shell } from './id/shell.js';
import { tenders } from './id/tenders.js';

export const id = {
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
} as const;
