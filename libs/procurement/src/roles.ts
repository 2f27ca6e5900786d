/** Who acts (procurement.md section 1). */
export const ROLES = [
  'operator',
  'vendor',
  'preparer',
  'approver',
  'opener',
  'evaluator',
  'award_authority',
  'reviewer',
  'auditor',
] as const;
export type Role = (typeof ROLES)[number];

/** Officials of one tender; `operator`, `vendor` and `auditor` are held by an organisation instead. */
export type TenderRole = Extract<
  Role,
  'preparer' | 'approver' | 'opener' | 'evaluator' | 'award_authority' | 'reviewer'
>;
