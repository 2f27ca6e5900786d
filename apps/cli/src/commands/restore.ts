import { restoreBid } from '../acts/restore.js';
import type { Command } from './command.js';

export const restore: Command = {
  name: 'bid restore',
  summary: 'Send back what the server damaged or lost of a submitted bid; works after the deadline too.',
  usage: 'MANIFEST',
  examples: ['segel bid restore sealed/0197….manifest.json'],
  positionals: 1,
  async run(context) {
    const { output } = context;
    const manifestFile = context.argument(0, 'MANIFEST');
    const restored = await restoreBid(await context.client(), manifestFile, output.progress);
    const { bidId, parts, manifest, left } = restored;
    output.result(restored);
    if (left.length > 0) {
      output.warn(`${left.length} damaged object(s) of bid ${bidId} could not be put back.`);
      return 1;
    }
    if (parts === 0 && !manifest) output.say(`Nothing of bid ${bidId} is known to be damaged. Nothing was sent.`);
    else
      output.say(`RESTORED: ${parts} part(s)${manifest ? ' and the manifest' : ''} of bid ${bidId} are whole again.`);
    return 0;
  },
};
