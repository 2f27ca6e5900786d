import type { pages as source } from '../id/pages.js';
import type { Translated } from '../translate.js';

export const pages: Translated<typeof source> = {
  'home.title': 'Tenders that stay sealed until it is time',
  'home.lead':
    'Bids are locked on the bidder’s own computer. Nobody can read them before the opening, and nobody can change or remove one unseen.',
  'home.soon': 'Closing soon',
  'home.none': 'No tender takes bids at the moment. Look at the finished ones, or come back tomorrow.',
  'home.all': 'All tenders',
  'home.how': 'How to bid',
  'home.how1': 'Register your company. Two officers check it.',
  'home.how2': 'Read the terms and prepare your files. Every document is free to download, without an account.',
  'home.how3': 'Seal and send before the deadline. You get a receipt at once that anybody can check.',
  'home.more': 'How to bid, in full',
  'home.trust': 'Why it can be trusted',
  'home.trust1': 'An opening takes several people of different institutions at once.',
  'home.trust2': 'Every step is in a public log that others witness.',
  'home.trust3': 'Anybody can check it with a program that needs no permission of ours.',
  'home.check': 'How to check us',

  'log.title': 'Entry {n}',
  'log.what':
    'Entry number {n} of the public log. Its content is laid out to be read; the fingerprint is of its exact bytes.',
  'log.sealed':
    'This entry is blinded: only its fingerprint is public. Its content may be disclosed later to those entitled, and compared with this fingerprint.',
  'log.chaff': 'All blinded entries look the same, including those that are only filler.',
  'log.type': 'Type',
  'log.leaf': 'Fingerprint of the entry (base64)',
  'log.content': 'Content',
  'log.previous': 'Previous',
  'log.next': 'Next',
  'log.tender': 'Tender',

  'how.title': 'How to bid',
  'how.lead': 'From registration to receipt. Reading tenders takes no account.',
  'how.1': 'Make an account and register your company',
  'how.1t':
    'Have your business number and company documents at hand. Two officers check them; if something is missing you are told what.',
  'how.2': 'Make a signing key',
  'how.2t': 'The key is made on your computer and never sent. Keep a backup.',
  'how.3': 'Seal the bid',
  'how.3t':
    'The program seals your files on your computer, and opens the beginning again as a test before it sends. Only the sealed file leaves.',
  'how.4': 'Send it before the deadline',
  'how.4t':
    'An interrupted upload goes on at the last byte that arrived. Until the deadline you may replace or withdraw your bid.',
  'how.5': 'Keep the receipt',
  'how.5t': 'The receipt proves that your bid is recorded. Anybody can check it without us.',
  'how.program': 'The program',
  'how.program.t':
    'Bids are sealed on the bid page of their tender. Without internet at your office: use the offline kit below, or the command line program {name} from the source.',

  'check.title': 'Check us',
  'check.lead': 'You do not have to trust us. Here is how to check for yourself.',
  'check.log': 'The public log',
  'check.log.t':
    'Every step of a tender is an entry in a log that can only grow. We sign its state and others witness it. The formats are open (C2SP), so programs that are not ours can read it.',
  'check.size': 'Entries published',
  'check.origin': 'Name of the log',
  'check.root': 'Fingerprint of the whole log',
  'check.witnesses': 'Witnesses',
  'check.independent': 'independent',
  'check.dependent': 'our own, proves nothing against us',
  'check.empty': 'The log is not published yet. Try again in a moment.',
  'check.files': 'The files themselves',
  'check.tender': 'Check one tender',
  'check.tender.t':
    'This program computes everything again from the log: signatures, deadlines, the content of boxes, the opening, the ranking. At the end it says what it could not check.',
  'check.receipt': 'Check a receipt',
  'check.receipt.t': 'A receipt is a small file that proves that one entry is in the log.',
  'check.policy': 'Get the witness policy from somebody else, not from us.',
  'check.limits': 'What cannot be prevented',
  'check.limits.t':
    'If enough openers of every group conspire with whoever holds the files, they can open early. That is why the groups belong to different institutions.',

  'health.title': 'Service status',
  'health.ok': 'Everything works.',
  'health.trouble': 'Something is out of order.',
  'health.bidding': 'Sending bids',
  'health.works': 'works',
  'health.fails': 'out of order: {what}',
  'health.clock': 'Clock',
  'health.offset': 'off by {ms} ms',
  'health.log': 'Public log',
  'health.entries': { one: '{n} entry published', other: '{n} entries published' },
  'health.silent': 'not published yet',
  'health.witnesses': 'Witnesses',
  'health.outage':
    'When the service is out of order for long before a deadline, the deadline moves by itself. No official can ask for it or prevent it.',
  'health.at': 'As of {at}.',
};
