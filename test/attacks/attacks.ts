/** The attacks of the protocol's table (section 9), row by row, and what answers each: a test that is named after it, or
 *  a sentence under "Limits" in the README. `table.spec.ts` holds this list against both. */
export type Attack = { readonly title: string } & (
  | { readonly answeredBy: 'test' }
  /** `says`: words of the sentence in the README. */
  | { readonly answeredBy: 'limit'; readonly says: string }
);

const tested = (title: string): Attack => ({ title, answeredBy: 'test' });
const limit = (title: string, says: string): Attack => ({ title, answeredBy: 'limit', says });

export const ATTACKS: readonly Attack[] = [
  tested('DBA deletes losing bid before sequencing'),
  tested('DBA/operator rewrites log, re-signs with stolen key'),
  tested('restore from backup / async replica failover forks the log'),
  tested('storage admin deletes ciphertext'),
  tested('opener refuses / loses key'),
  tested('opener gives wrong share'),
  tested('vendor deals inconsistent shares to keep a withdrawal option'),
  tested('opener falsely claims "my wrap was garbage"'),
  limit('k openers + operator open early', 'can open early'),
  tested('operator backdates a late bid'),
  limit("operator refuses one vendor's upload near the deadline (censorship)", 'refuse one company’s upload'),
  tested("copying a competitor's ciphertext"),
  limit('operator serves malicious JS', 'page served by a dishonest operator'),
  tested('operator substitutes opener keys'),
  tested('operator tricks opener (false deadline, fake tender, "key rotation")'),
  tested('last opener sees first'),
  tested('metadata leakage'),
  tested('post-opening tampering by evaluators'),
  tested('witness outage at deadline'),
  limit('cartel members prove their bids to each other', 'cartels are not prevented'),
  tested('log flooding'),
];
