/** `npm run bench -- log`: what the log costs. */
import { latency } from './latency.js';
import { proofs } from './proofs.js';
import { FULL, QUICK, type Bench, type Scale } from './scale.js';
import { throughput } from './throughput.js';
import { verification } from './verification.js';

export const LOG: Bench<Scale> = {
  options: [],
  scale: ({ quick }) => (quick ? QUICK : FULL),
  sections: { throughput, latency, proofs, verification: (_cluster, run) => verification(run) },
};
