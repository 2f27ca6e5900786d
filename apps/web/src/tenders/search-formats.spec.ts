import { describe, expect, it } from '@jest/globals';
import type { Visitor } from '../http/visitor.js';
import { toCsv } from './search-formats.js';
import type { FoundTender } from './tender-list.js';

describe('the result of a search for a spreadsheet', () => {
  const cellOf = (title: string): string => {
    const row = { id: '1', ocid: '2', title, buyerName: 'B', category: 'goods', state: 'tendering' } as FoundTender;
    const [, line] = toCsv({ href: (to: string) => to } as Visitor, [row], 'https://x').split('\r\n');
    return line!.slice('1,2,'.length, line!.indexOf(',B,goods'));
  };

  it.each([
    ['=1+1', "'=1+1"],
    ['  @cmd', "'  @cmd"],
    ["x;=cmd|'/c calc'!A0;y", `"x;'=cmd|'/c calc'!A0;y"`],
    ['a;"=HYPERLINK(1);b', `"a;'""=HYPERLINK(1);b"`],
    ['a\t-2', `"a\t'-2"`],
    ['Roof, second part', '"Roof, second part"'],
    ['Desks - 3', 'Desks - 3'],
    ['A "good" one', '"A ""good"" one"'],
  ])('makes of %j a cell that no program runs', (title, cell) => {
    expect(cellOf(title)).toBe(cell);
  });
});
