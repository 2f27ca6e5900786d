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
};
