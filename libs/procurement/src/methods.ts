import type { RulePack } from './rule-pack.js';

/** True when this version can run the pack: one envelope, lowest price. Other methods come as data. */
export function supportsMethod(pack: Pick<RulePack, 'submission' | 'evaluation'>): boolean {
  return pack.submission === 'one_envelope' && pack.evaluation === 'lowest_price';
}
