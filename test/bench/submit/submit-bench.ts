/** `npm run bench -- submit`: what it costs to seal a bid and to send it. */
import type { Bench } from '../scale.js';
import { memory } from './memory.js';
import { readScale, type SubmitScale } from './scale.js';
import { sealing } from './sealing.js';
import { surge } from './surge.js';
import { transfer } from './transfer.js';
import { throughput } from './throughput.js';

export const SUBMIT: Bench<SubmitScale> = {
  options: ['rounds', 'loads', 'clients', 'surge', 'within', 'sizes'],
  scale: readScale,
  sections: { throughput, surge, memory, sealing: (_cluster, run) => sealing(run), transfer },
};
