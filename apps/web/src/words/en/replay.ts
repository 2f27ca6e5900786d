import type { replay as source } from '../id/replay.js';
import type { Translated } from '../translate.js';

export const replay: Translated<typeof source> = {
  'replay.open': 'History of the tender',
  'replay.title': 'History: {title}',
  'replay.title.all': 'Full history: {title}',
  'replay.lead': 'Step by step in the order of the public log: every entry that is open to the public by now.',
  'replay.lead.all':
    'Step by step in the order of the public log, with what is not yet open to the public. Your reading is logged.',
  'replay.public': 'What the public sees',
  'replay.none': 'No entry of this tender is open yet. Try again after the public log was next published.',
  'replay.steps': 'Steps',
  'replay.state': 'Afterwards:',
  'replay.proof': 'Proof: entry {n}',
  'replay.content': 'What the entry says',
  'replay.person': 'Somebody',
  'replay.system': 'The system',
  'replay.public_actor': 'The public',
  'replay.previous': 'Steps before',
  'replay.next': 'Next steps',
  'replay.first': 'Back to the first step',
  'report.open': 'Report of checks',
  'report.title': 'Report of checks: {title}',
  'report.lead':
    'The server reads the files of the public log and the evidence of this tender as a stranger does, and compares them.',
  'report.busy': 'Being checked',
  'report.busy.t': 'The check reads the whole public log. This page loads again by itself in a few seconds.',
  'report.failed': 'Not checked yet',
  'report.failed.t': 'The public log or the evidence of the tender cannot be read just now. Try again in a moment.',
  'report.again': 'Load again',
  'report.sum.holds': 'Everything that was checked here holds',
  'report.sum.fails': 'SOMETHING DOES NOT HOLD',
  'report.sum.unknown': 'Not everything can be checked here',
  'report.own_word':
    'This is the word of this server. A server that lies would show a report without a fault too. What does not depend on us is the command below.',
  'report.checks': 'What was checked',
  'report.outcome.holds': 'Holds',
  'report.outcome.fails': 'Does NOT hold',
  'report.outcome.unknown': 'Could not be checked',
  'report.outcome.waits': 'Nothing to check yet',
  'report.check.checkpoint': 'The newest checkpoint is signed by the log that the witness rules and the evidence name.',
  'report.check.witnesses': 'Enough witnesses signed that checkpoint.',
  'report.check.tree': 'All entries of the log, one by one, give the root of that checkpoint.',
  'report.check.notices': 'The notice and every addendum are signed by two different registered officials.',
  'report.check.openers': 'The openers’ keys that the notice names were registered by their holders.',
  'report.check.deadlines': 'The deadline was never moved to an earlier time.',
  'report.check.terms': 'The terms that are shown are exactly those that were signed.',
  'report.check.disclosed':
    'Every entry that was opened stands at its place in the log, word for word, and its signatures hold.',
  'report.check.box':
    'The opened bids are exactly the set that was frozen at the close: none was added, taken or changed.',
  'report.why': 'The checker says:',
  'report.measured': 'Measured at',
  'report.at': 'Time of the check',
  'report.entries': 'Entries of this tender that were read',
  'report.no_witness': 'none',
  'report.yourself': 'Check it yourself, without us',
  'report.yourself.t':
    'Run this on your computer, from your own copy of the source code. It checks all of the above, and more.',
  'report.not_here': 'What only the program checks',
  'report.not_here.t':
    'This page does not check what auditors and witnesses attest of the time of the close, the shares that were released, the outcome of each bid, price forms, the evaluation, the award, outages, erasures, and the log’s own past.',
};
