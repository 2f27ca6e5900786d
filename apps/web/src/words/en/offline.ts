import type {
  elsewhere as elsewhereSource,
  offlineKit as kitSource,
  offlinePage as pageSource,
} from '../id/offline.js';
import type { Translated } from '../translate.js';

export const offlinePage: Translated<typeof pageSource> = {
  'tool.title': 'Offline sealing kit',
  'tool.lead':
    'One HTML file that seals bids on a computer without internet. Only the bid that is already sealed goes to town.',
  'tool.get': 'Download the kit ({size})',
  'tool.version': 'Version',
  'tool.size': 'Size',
  'tool.sha': 'SHA-256',
  'tool.sha64': 'The same, as the log writes it (base64)',
  'tool.entry': 'Entry in the log',
  'tool.entry.link': 'Entry {n}',
  'tool.entry.soon': 'Not published yet. Load this page again in a moment.',
  'tool.unlogged':
    'The fingerprint of this file is not in the public log yet. Do not use it before its entry is published; if that does not happen, ask the operator.',
  'tool.use': 'How to use it',
  'tool.use1': 'On a computer with internet: download this file and check its fingerprint as below.',
  'tool.use2': 'Open the bid page of your tender and make its kit. Save both on a stick.',
  'tool.use3':
    'On the computer without internet: open the HTML file in Chrome, Edge or Firefox. Choose the kit, write your prices, choose your documents and your key file, and seal.',
  'tool.use4': 'Save the sealed bid on the stick. Keep a copy at your office.',
  'tool.use5':
    'On a computer with internet: sign in, open the same bid page, choose the file and send it. Your key need not go there. On the command line: segel submit FILE.bid.tar',
  'tool.check': 'Check its fingerprint first',
  'tool.check.why':
    'A forged program could read your bid. So the fingerprint of every version is in the public log, which others witness and nobody can change unseen.',
  'tool.check1': 'Compute the fingerprint of the file that you downloaded:',
  'tool.check.linux': 'Linux',
  'tool.check.mac': 'macOS',
  'tool.check.windows': 'Windows (Command Prompt)',
  'tool.check2': 'Compare it with the SHA-256 on this page, letter by letter.',
  'tool.check3':
    'Open its entry in the log. It holds the same fingerprint (in base64) and the date. Check that entry from another computer or network.',
  'tool.same_build':
    'Anybody can make the same file, byte by byte, from the source: npm run build, then see dist/web-assets.',
  'tool.limits': 'Its limits',
  'tool.limits.t':
    'A page from a stick cannot use the storage of the browser: the sealed bid is in memory until you save it, 200 MB at most. Do not close that page before.',
  'tool.missing': 'This server has no sealing kit. Ask the operator.',
};

export const elsewhere: Translated<typeof elsewhereSource> = {
  'elsewhere.title': 'Sealing on a computer without internet',
  'elsewhere.lead': 'A bid may be sealed on another computer and brought here to be sent.',
  'elsewhere.program': 'Download the offline sealing kit',
  'elsewhere.kit': 'Make the kit of this tender',
  'elsewhere.kit.busy': 'Comparing openers and terms with the public log …',
  'elsewhere.kit.save': 'Save the kit',
  'elsewhere.kit.compare': 'Write this code down. The sealing kit shows it again before it seals: both must be equal.',
  'elsewhere.seal': 'Seal on that computer, then bring the sealed bid here.',
  'elsewhere.bundle': 'A bid that was sealed elsewhere',
  'elsewhere.bundle.hint':
    'The .bid.tar file of the sealing kit. Before it is sent, its recipients are compared with the public log.',
  'elsewhere.chosen': '{name}, {size}: chosen, not sent yet',
  'elsewhere.missing': 'Choose the file of the sealed bid.',
  'elsewhere.send': 'Check and send',
};

export const offlineKit: Translated<typeof kitSource> = {
  'kit.title': 'Offline sealing kit',
  'kit.lead':
    'Seals a bid on this computer, without internet. This page cannot send anything: all that leaves it is the file that you save yourself.',
  'kit.choose': '1. Choose the kit of the tender',
  'kit.choose.hint': 'The .kit.json file of the bid page, or of segel kit.',
  'kit.wrong.kit_file_malformed': 'That is not the kit of a tender. Make one on the bid page and choose again.',
  'kit.wrong.company': 'This kit does not name your company. Sign in first, then make the kit on the bid page.',
  'kit.wrong.kit_differs': 'This kit contradicts the terms of its tender: it is damaged or forged. Make a new one.',
  'kit.wrong.terms': 'This kit does not hold the terms of the tender. Make a new one.',
  'kit.lot': 'Lot',
  'kit.lot.go': 'Go on',
  'kit.tender': 'Tender',
  'kit.deadline': 'Deadline when the kit was made',
  'kit.checked': 'Kit made and checked',
  'kit.openers': 'Sealed to',
  'kit.group': '{name}: {k} of {n} openers',
  'kit.replaces': 'This bid will replace the one that you have sent for this lot.',
  'kit.late': 'By the clock of this computer the deadline has passed. Check the clock, or get a new kit.',
  'kit.check_again':
    'Before it is sent, the bid page checks once more that this seal is for the openers in the log only.',
  'kit.seal': '3. Key and seal',
  'kit.go': 'Seal and test',
  'kit.not_sent': 'Nothing is sent from this page. When it is sealed, save both files.',
  'kit.memory': 'The sealed bid is in memory until it is saved, {size} at most. Do not close this page.',
  'kit.progress': 'Sealing',
  'kit.sealed': 'Sealed and tested. Not sent yet.',
  'kit.sealed.how': 'Save both of these files. The first one travels on the stick:',
  'kit.seed.how':
    'The second one is the seed. Keep this at the office; it never travels with the bid. With it and your passphrase you can open the bid yourself.',
  'kit.seed.save': 'Save the seed (it stays at the office)',
  'kit.saved.both': 'Both files are saved',
  'kit.saved.first': 'Save both files first, then press again.',
  'kit.saved.done': 'Good. This page may be closed.',
  'kit.fingerprint': 'Code of the kit',
  'kit.fingerprint.how':
    'This code must be equal to the one on the bid page when the kit was made. If it is another one, the kit is forged and others could read your bid: do not seal.',
  'kit.fingerprint.same': 'I have compared them: the codes are equal.',
  'kit.fingerprint.first': 'Compare the code of the kit first, then tick that it is equal.',
  'kit.save': 'Save the sealed bid ({size})',
  'kit.sealed_at': 'Sealed',
  'kit.next': 'After that',
  'kit.next1': 'Carry it to a computer with internet and sign in with the account of your company.',
  'kit.next2': 'Open the bid page of this tender, choose the file at the bottom, and send. No key is needed.',
  'kit.next3': 'Wait for the receipt. Without a receipt the bid was not received.',
  'kit.again': 'Seal another bid',
  'kit.noscript': 'This kit needs JavaScript. Open it in Chrome, Edge or Firefox.',
  'kit.language': 'Indonesia',
  'kit.program': 'Program {sha256}',
};
