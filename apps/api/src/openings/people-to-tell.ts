import type { EntityManager } from 'typeorm';

/** Accounts that hear of a box's opening: the users of its vendors, and the evaluators of the tender. */
export async function peopleToTell(
  manager: EntityManager,
  boxId: string,
  tenderId: string,
): Promise<readonly string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT DISTINCT r.account_id AS id FROM role_assignment r
     WHERE r.revoked_at IS NULL AND (
       (r.role = 'evaluator' AND r.tender_id = $2) OR
       (r.role = 'vendor' AND r.organisation_id IN (
         SELECT b.vendor_id FROM box_bid m JOIN bid b ON b.id = m.bid_id WHERE m.box_id = $1)))
     ORDER BY 1`,
    [boxId, tenderId],
  );
  return rows.map(({ id }) => id);
}

/** Accounts that act for a vendor. */
export async function usersOf(manager: EntityManager, vendorId: string): Promise<readonly string[]> {
  const rows = await manager.query<{ id: string }[]>(
    "SELECT account_id AS id FROM role_assignment WHERE role = 'vendor' AND organisation_id = $1 AND revoked_at IS NULL ORDER BY 1",
    [vendorId],
  );
  return rows.map(({ id }) => id);
}

/** The officers who can still act when openers fail: extend the tender, or replace a key. */
export async function officersOf(manager: EntityManager, tenderId: string): Promise<readonly string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT DISTINCT account_id AS id FROM role_assignment
     WHERE role IN ('preparer', 'approver') AND tender_id = $1 AND revoked_at IS NULL ORDER BY 1`,
    [tenderId],
  );
  return rows.map(({ id }) => id);
}
