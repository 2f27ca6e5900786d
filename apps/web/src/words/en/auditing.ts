import type { auditing as source, checking as island, verdicts as outcome } from '../id/auditing.js';
import type { Translated } from '../translate.js';

export const auditing: Translated<typeof source> = {
  'aud.check': 'Check a receipt',
  'aud.check.lead':
    'Prove for yourself that an entry is in the public log. The check runs on this device; your receipt is sent nowhere.',
  'aud.file': 'File of a receipt or a promise',
  'aud.file.hint': 'Ending in .tlog-proof (a receipt) or .promise.json (a promise, compared with the log).',
  'aud.paste': 'Or paste it here',
  'aud.check.do': 'Check',
  'aud.policy': 'Witness rules: whose?',
  'aud.policy.t':
    'The witness rules say which log and which witnesses are trusted. Without a file the rules of this server are used. So as not to depend on us, choose a file of rules that you have from somebody else.',
  'aud.policy.file': 'File of witness rules from somebody else (may stay empty)',
  'aud.outcome': 'Outcome',
  'aud.steps': 'Steps of the check',
  'aud.entry': 'Check in the browser',
  'aud.entry.t':
    'The browser fetches files of the public log, computes by itself from the fingerprint of this entry to the root of the log, and checks the signatures of the log and its witnesses.',
  'aud.entry.check': 'Check in the browser',
  'aud.document': 'Fingerprint on the document',
  'aud.document.hint': 'Filled in when you scan a QR code. It is only compared here and never sent.',
  'aud.document.have': 'I hold a document with a fingerprint',
  'aud.needs_script':
    'Checking on this page needs JavaScript. Without it, use the segel program on a computer of your own.',
  'aud.home': 'Check without this page',
  'aud.home.t':
    'The program on this page comes from the server that is being checked. If that is what you doubt, use the segel program from your own copy of the source code.',
};

export const checking: Translated<typeof island> = {
  'checking.busy': 'Checking …',
  'checking.nothing': 'Choose a file or paste a receipt.',
  'checking.ready': 'The checker is on this device. The connection may be cut.',
  'checking.not_ready': 'The checker could not be loaded yet. Check the connection, then reload this page.',
  'checking.failed.network': 'Not checked: the public log could not be read. Check the connection and try again.',
  'checking.failed.worker_ended':
    'Not checked: the checker could not be loaded. Check the connection, then reload this page.',
  'checking.failed.too_large': 'The file is too large for a receipt. Choose another one.',
  'checking.failed.log_too_long': 'This log is too long for a browser. Use: segel receipt verify.',
  'checking.failed.other': 'Not checked: something failed. Try again, or use the segel program on your own computer.',
  'checking.document.same':
    'The fingerprint on the document is the one that this page shows. Press the button to prove it from the log.',
  'checking.document.differs':
    'The fingerprint on the document is DIFFERENT from this entry. Do not use that document before it was checked.',
};

export const verdicts: Translated<typeof outcome> = {
  'verdict.is.proven': 'Proven to be in the log',
  'verdict.is.wrong': 'Does NOT match',
  'verdict.is.open': 'Cannot be proven yet',
  'verdict.next.proven': 'Keep the receipt and the witness rules: anybody can repeat this check.',
  'verdict.next.entry_proven': 'This entry is in the log, at the place that is named. There is nothing to do.',
  'verdict.next.wrong': 'Keep everything and show it to an auditor.',
  'verdict.next.open': 'This promise is not due yet. Check again when its time has passed.',
  'verdict.next.policy': 'The witness rules cannot be read. Choose another file of rules.',
  'verdict.next.form': 'This is not a whole receipt. Choose the original file, not a copy from an e-mail or a chat.',
  'verdict.next.leaf':
    'The entry cannot be read as it should. Get the original receipt; if that does not help, tell an auditor.',
  'verdict.next.path':
    'The receipt or this log was changed. Keep this file, get the original from whoever made it, and tell an auditor if that does not match either.',
  'verdict.next.log':
    'A signature of the log or of a witness does not hold under these rules. Check that the rules are right; if they are, keep this file and tell an auditor.',
  'verdict.next.witnesses':
    'Too few witnesses signed under these rules. Wait a little and get a newer receipt; if that does not help, tell an auditor.',
  'verdict.next.entry': 'The entry is not valid, or a signature in it is wrong. Tell an auditor.',
  'verdict.next.whole': 'The second checker refuses it. Keep this file and tell an auditor.',
  'verdict.next.shown':
    'This page shows another fingerprint than the log has. Do not believe this page; tell an auditor.',
  'verdict.next.document':
    'That document does not come from this entry. Do not use it; ask for the original and tell an auditor.',
  'verdict.next.earlier': 'This log does not continue what it was: old entries were changed. Tell an auditor.',
  'verdict.next.known':
    'This log does not continue the one that this browser has seen: old entries were changed or hidden. Tell an auditor.',
  'verdict.next.promise':
    'This promise is not signed by the operator of the log, or is of another log. Get the original file.',
  'verdict.next.kept':
    'The operator of the log broke this promise. Keep its file: it is evidence against the operator. Tell an auditor.',
  'verdict.entry': 'Entry number {index}, of type {type}, {at}.',
  'verdict.content': 'What the entry says',
  'verdict.whose.server': 'Checked under the witness rules of this very server.',
  'verdict.whose.changed':
    'Checked under the witness rules of this server. Mind: they changed since this browser first met them.',
  'verdict.whose.file': 'Checked under the witness rules of your file: {name}.',
  'verdict.doubt.quorum_none':
    'These rules ask for no witness at all: the operator could show other people another log.',
  'verdict.doubt.disjoint_quorums': 'Two separate groups of witnesses each suffice: they could see different logs.',
  'verdict.doubt.log_is_witness': 'A witness uses the key of the log itself.',
  'verdict.doubt.one_witness': 'One witness alone suffices under these rules.',
  'verdict.doubt.own_witnesses': 'Witnesses of the operator, which prove nothing against it: {names}.',
  'verdict.doubt.only_own':
    'All witnesses that signed belong to the operator ({names}). Against the operator itself this is no proof yet.',
  'verdict.outcome.holds': 'matches',
  'verdict.outcome.fails': 'does NOT match',
  'verdict.outcome.unreached': 'not reached',
  'verdict.reason': 'The reason, from the program: {reason}',
  'verdict.step.policy': 'Witness rules',
  'verdict.step.form': 'Form of the file',
  'verdict.step.leaf': 'Fingerprint of the entry',
  'verdict.step.log': 'Signature of the log',
  'verdict.step.witnesses': 'Witnesses',
  'verdict.step.path': 'Way from the entry to the root of the log',
  'verdict.step.entry': 'The entry and its signatures',
  'verdict.step.whole': 'Once more, with the checker of the segel program',
  'verdict.step.shown': 'The same as this page shows',
  'verdict.step.document': 'The same as on your document',
  'verdict.step.earlier': 'Continues what the log was earlier',
  'verdict.step.known': 'Continues the log that this browser knows',
  'verdict.step.promise': 'The promise and its signature',
  'verdict.step.kept': 'The promise was kept',
  'verdict.fact.origin': 'Name of the log',
  'verdict.fact.index': 'Entry number',
  'verdict.fact.size': 'Entries',
  'verdict.fact.size_earlier': 'Entries then',
  'verdict.fact.entry_sha256': 'SHA-256 of the entry',
  'verdict.fact.commitment': 'Commitment',
  'verdict.fact.data_sha256': 'Fingerprint of the entry',
  'verdict.fact.leaf': 'Leaf hash',
  'verdict.fact.left': 'Neighbour on the left',
  'verdict.fact.right': 'Neighbour on the right',
  'verdict.fact.node': 'Computed',
  'verdict.fact.root': 'Root of the log',
  'verdict.fact.signer': 'Key of the log',
  'verdict.fact.witness': 'Independent witness',
  'verdict.fact.own_witness': 'Witness of the operator',
  'verdict.fact.at': 'Time',
  'verdict.fact.document': 'Given',
  'verdict.fact.promised': 'Promised',
  'verdict.fact.due': 'Due',
};
