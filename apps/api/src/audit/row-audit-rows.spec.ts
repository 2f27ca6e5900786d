/** Rows against what entries say, where one key does not tell them apart. */
import { describe, expect, it } from '@jest/globals';
import { ExpectedTable, type Excuses, type Row } from './row-audit-rows.js';

const NO_EXCUSE: Excuses = { row: () => false, column: () => false };

/** Two invitations of one millisecond, as entries 4 and 5 say. */
function invitations(): ExpectedTable {
  const table = new ExpectedTable('account_token');
  table.add({ created_at: 'T' }, { id: 'a', role: 'opener', used_at: null }, 4);
  table.add({ created_at: 'T' }, { id: 'b', role: 'auditor', used_at: 'U' }, 5);
  return table;
}

describe('rows of one key', () => {
  const one: Row = { created_at: 'T', id: 'a', role: 'opener', used_at: null };
  const other: Row = { created_at: 'T', id: 'b', role: 'auditor', used_at: 'U' };

  it.each([
    ['in order', [one, other]],
    ['the other way round', [other, one]],
  ])('agree with their entries %s', (_, rows) => {
    expect(invitations().compare(rows, NO_EXCUSE)).toEqual([]);
  });

  it.each([
    ['in order', [one, { ...other, used_at: null }]],
    ['the other way round', [{ ...other, used_at: null }, one]],
  ])('are named with the column that was altered, %s', (_, rows) => {
    const findings = invitations().compare(rows, NO_EXCUSE);
    expect(findings).toEqual([expect.objectContaining({ code: 'row_differs', columns: ['used_at'], entry: 5 })]);
  });

  it('are missed and found too many', () => {
    expect(
      invitations()
        .compare([one], NO_EXCUSE)
        .map(({ code }) => code),
    ).toEqual(['row_missing']);
    const twice = invitations().compare([one, other, other], NO_EXCUSE);
    expect(twice.map(({ code }) => code)).toEqual(['row_repeated']);
  });
});
