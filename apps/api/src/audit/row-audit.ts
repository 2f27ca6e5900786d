/** The audit of the rows: every business row is what the entry that recorded it says, and every entry has its rows.
 *  The log binds what was done; the server decides by rows. Who can write to the database past the server could let
 *  the two part, in a role, a decision, a session, without anybody outside seeing it: this reads both and names the row.
 *  Holds the tables and the log without its chaff in memory. */
import type { Policy } from '@segel/tlog';
import { ActualRows, type ReadObject } from './row-audit-actual.js';
import { ExpectedAwards } from './row-audit-awards.js';
import { ExpectedBids } from './row-audit-bids.js';
import { Erased } from './row-audit-erased.js';
import { ExpectedErasures } from './row-audit-erasures.js';
import { readLog, type Act } from './row-audit-log.js';
import { auditLogFiles, auditObjects } from './row-audit-objects.js';
import { ExpectedOpenings } from './row-audit-openings.js';
import { ExpectedPeople } from './row-audit-people.js';
import { ExpectedTable, type ReadRows, type RowFinding } from './row-audit-rows.js';
import { ExpectedStorage } from './row-audit-storage.js';
import { ExpectedTenders } from './row-audit-tenders.js';
import { expectedTrail } from './row-audit-trail.js';
import { auditTree } from './row-audit-tree.js';
import { ExpectedVendors } from './row-audit-vendors.js';

export type RowAuditInput = {
  readonly read: ReadRows;
  readonly object: ReadObject;
  readonly policy: Policy;
  readonly logOrigin: string;
  /** Reads every stored object again, not only those that rows are compared with. */
  readonly everyObject?: boolean;
  /** Leaves out the tree: its part holds a hash of every leaf, chaff too, in memory. */
  readonly withoutTree?: boolean;
};

export type RowReport = {
  readonly entries: number;
  readonly tables: number;
  readonly findings: readonly RowFinding[];
};

/** Compares all rows with all entries. Writes nothing. */
export async function auditRows(input: RowAuditInput): Promise<RowReport> {
  const { read, object, policy, logOrigin, everyObject, withoutTree } = input;
  const log = await readLog(read);
  const rows = await ActualRows.load(read, object, AUDITED_TABLES);
  let tables = 0;
  const findings = [...log.findings];
  const parts: Readonly<Record<string, () => Promise<readonly RowFinding[]>>> = {
    ...(withoutTree === true ? {} : { 'the tree': () => auditTree(read, policy) }),
    'the rows': async () => {
      const expected = expectedTables(log.acts, rows, logOrigin);
      tables = expected.length;
      const erased = new Erased(log.erased, (table) => rows.rows(table));
      return [...erased.findings, ...expected.flatMap((table) => table.compare(rows.rows(table.table), erased))];
    },
    ...(everyObject === true
      ? {
          'the objects': () => auditObjects(rows, object),
          'the public log': () => auditLogFiles(read, object, policy.text),
        }
      : {}),
  };
  for (const [name, part] of Object.entries(parts)) findings.push(...(await orEnded(name, part)));
  return { entries: log.leaves, tables, findings };
}

/** A part that cannot go on, for instance because an entry that all others build on is unreadable, must not take the
 *  findings of the others with it. */
async function orEnded(table: string, part: () => Promise<readonly RowFinding[]>): Promise<readonly RowFinding[]> {
  try {
    return await part();
  } catch (error) {
    const sentence = `The comparison ended early: ${(error as Error).message}.`;
    return [{ table, row: 'all', code: 'row_unreadable', sentence }];
  }
}

function expectedTables(acts: readonly Act[], rows: ActualRows, logOrigin: string): readonly ExpectedTable[] {
  const people = new ExpectedPeople(logOrigin, (entryId) => rows.subject(entryId));
  const vendors = new ExpectedVendors((vendorId, sha256) => rows.identity(vendorId, sha256));
  const tenders = new ExpectedTenders((tenderId, version) => rows.terms(tenderId, version));
  const bids = new ExpectedBids((bidId, sha256) => rows.manifest(bidId, sha256));
  const openings = new ExpectedOpenings(bids, (bidId) => rows.opened(bidId));
  const awards = new ExpectedAwards(people, bids);
  const areas = [people, vendors, tenders, bids, openings, awards, new ExpectedErasures(), new ExpectedStorage()];
  for (const act of acts) for (const area of areas) area.take(act);
  return [...areas.flatMap(({ tables }) => tables), expectedTrail(acts, vendors, bids)];
}

/** Tables whose rows are compared with entries. The log's own tables are compared with each other. */
export const AUDITED_TABLES = [
  'organisation',
  'account',
  'session',
  'account_token',
  'role_assignment',
  'signing_key',
  'account_revocation',
  'vendor',
  'vendor_document',
  'vendor_decision',
  'vendor_exclusion',
  'vendor_exclusion_request',
  'tender',
  'tender_version',
  'tender_notice',
  'tender_return',
  'tender_publication',
  'tender_cancellation',
  'lot',
  'outage',
  'tender_document',
  'opener_key',
  'bid',
  'bid_part',
  'announced_part',
  'bid_withdrawal',
  'bid_reconfirmation',
  'bid_delivery',
  'bid_void',
  'box',
  'box_bid',
  'box_attestation',
  'readiness_challenge',
  'readiness_proof',
  'share_release',
  'share',
  'share_complaint',
  'seed_disclosure',
  'share_rejection',
  'opening',
  'opened_bid',
  'opened_document',
  'readiness_warning',
  'opening_delay',
  'document_scan',
  'conflict_declaration',
  'finding',
  'evaluation_signature',
  'evaluation',
  'award',
  'erasure_request',
  'erasure_decline',
  'erasure',
  'storage_audit',
  'object_damage',
  'trail',
] as const;
