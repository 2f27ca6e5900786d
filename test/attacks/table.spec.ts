/** Every attack of the table has a test that is named after it, or stands in the README as a limit. */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ATTACKS } from './attacks.js';

const here = import.meta.dirname;

/** The literal titles of `it(…)` in a file. A test that is skipped is called otherwise, and does not count. */
function titlesOf(file: string): readonly string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'it') {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(path.join(here, file), 'utf8'), ts.ScriptTarget.ESNext, true));
  return titles;
}

function limits(): string {
  const readme = readFileSync(path.resolve(here, '../../README.md'), 'utf8');
  const [, after = ''] = readme.split('\n## Limits\n');
  return after.split('\n## ')[0]!.replaceAll(/\s+/g, ' ');
}

describe('the table of attacks', () => {
  const titles = readdirSync(here)
    .filter((file) => file.endsWith('.spec.ts') && file !== 'table.spec.ts')
    .flatMap(titlesOf);
  const testsOf = (title: string): readonly string[] => titles.filter((one) => one.startsWith(`${title}: `));

  it('has a test for every attack that the protocol answers', () => {
    const answered = ATTACKS.filter(({ answeredBy }) => answeredBy === 'test').map(({ title }) => title);
    expect(answered.filter((title) => testsOf(title).length === 0)).toEqual([]);
    expect(answered).toHaveLength(17);
  });

  it('says in the README which attacks it does not answer', () => {
    const open = ATTACKS.filter((attack) => attack.answeredBy === 'limit');
    expect(open.filter(({ says }) => !limits().includes(says))).toEqual([]);
    expect(open.filter(({ title }) => testsOf(title).length > 0)).toEqual([]);
    expect(open).toHaveLength(4);
  });

  it('names every test of this folder after an attack, and every attack once', () => {
    const known = ATTACKS.filter(({ answeredBy }) => answeredBy === 'test');
    expect(titles.filter((one) => !known.some(({ title }) => one.startsWith(`${title}: `)))).toEqual([]);
    expect(new Set(ATTACKS.map(({ title }) => title)).size).toBe(ATTACKS.length);
  });
});
