/** The house rules that a machine can check (see README, "Where things are"). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { NOTICES } from '../apps/api/src/notifications/words.js';
import { ACCESS } from '../apps/api/src/platform/auth/allow.js';
import { startHarness, type Harness } from './support/harness.js';

const root = path.resolve(import.meta.dirname, '..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|tsx|mjs)$/.test(file));
const source = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** Lines of every function of a file, by its name or place. */
function functionSizes(file: string): readonly { readonly name: string; readonly lines: number }[] {
  const parsed = ts.createSourceFile(file, source(file), ts.ScriptTarget.ESNext, true);
  const sizes: { name: string; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const first = parsed.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = parsed.getLineAndCharacterOfPosition(node.end).line;
      sizes.push({ name: `${file}:${first + 1}`, lines: last - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return sizes;
}

/** True when the type `any` is written anywhere in the file. */
function saysAny(file: string): boolean {
  const visit = (node: ts.Node): boolean =>
    node.kind === ts.SyntaxKind.AnyKeyword || ts.forEachChild(node, (child) => visit(child) || undefined) === true;
  return visit(ts.createSourceFile(file, source(file), ts.ScriptTarget.ESNext));
}

describe('the house', () => {
  it('imports only what the table allows', () => {
    const run = (): string =>
      execFileSync(
        process.execPath,
        [
          'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
          'apps',
          'libs',
          'test',
          '--config',
          '.dependency-cruiser.cjs',
          '--output-type',
          'err',
        ],
        { cwd: root, encoding: 'utf8' },
      );
    expect(run()).toContain('no dependency violations found');
  });

  it('keeps files within 400 lines and functions of programs within 70', () => {
    const written = tracked.filter((file) => file !== 'libs/client/src/schema.ts'); // The rest nobody reads: it is generated.
    expect(written.filter((file) => source(file).split('\n').length > 401)).toEqual([]);
    const programs = written.filter((file) => !/\.spec\.ts$|^test\/|fixtures/.test(file));
    expect(programs.flatMap(functionSizes).filter(({ lines }) => lines > 70)).toEqual([]);
  });

  it('has no drawer for things that found no place', () => {
    expect(tracked.filter((file) => /(^|\/)(common|shared|utils?|helpers?|core)(\/|\.)/.test(file))).toEqual([]);
  });

  it('writes through the journal only', () => {
    const api = tracked.filter((file) => file.startsWith('apps/api/src/') && !file.endsWith('.spec.ts'));
    const writers = api.filter((file) => source(file).includes('JournalDatabase'));
    expect(writers.sort()).toEqual([
      'apps/api/src/platform/database/database.ts',
      'apps/api/src/platform/journal/journal.ts',
      'apps/api/src/platform/platform.module.ts',
      // A tool of the database's owner, with the server stopped; it too leaves its entry through the journal.
      'apps/api/src/refill.ts',
    ]);
  });

  it('records a reading by one function, but for documents, whose entries say of what they are', () => {
    const api = tracked.filter((file) => file.startsWith('apps/api/src/') && !file.endsWith('.spec.ts'));
    expect(api.filter((file) => source(file).includes("type: 'secret.read'")).sort()).toEqual([
      'apps/api/src/openings/documents.service.ts',
      'apps/api/src/platform/journal/reading.ts',
      'apps/api/src/vendors/vendor-documents.service.ts',
    ]);
  });

  it('lets no feature call another: they read each other’s rows', () => {
    const modules = tracked.filter(
      (file) => /^apps\/api\/src\/[^/]+\/[^/]+\.module\.ts$/.test(file) && !file.includes('/platform/'),
    );
    for (const file of modules) expect([file, /exports:|forwardRef/.test(source(file))]).toEqual([file, false]);
  });

  it('keeps Node out of the libraries, and clocks and dice too', () => {
    const libs = tracked.filter((file) => /^libs\/[^/]+\/src\//.test(file) && !/\.spec\.ts$|fixtures/.test(file));
    const impure = libs.filter((file) =>
      /from 'node:|Date\.now\(|new Date\(\)|Math\.random\(|getRandomValues\(|\bprocess\./.test(source(file)),
    );
    expect(impure).toEqual([]);
  });

  it('silences no check', () => {
    const programs = tracked.filter((file) => file !== 'test/house.spec.ts');
    expect(programs.filter(saysAny)).toEqual([]);
    const silenced = /@ts-ignore|@ts-expect-error|oxlint-disable|eslint-disable/;
    expect(programs.filter((file) => silenced.test(source(file)))).toEqual([]);
    expect(
      programs.filter((file) => /\b(it|test|describe)\.(only|todo)\(|\bx(it|describe)\(/.test(source(file))),
    ).toEqual([]);
  });
});

type Route = { readonly name: string; readonly access: unknown; readonly answers: unknown };

function routesOf(harness: Harness): readonly Route[] {
  const routes: Route[] = [];
  for (const module of harness.app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype = metatype.prototype as Record<string, unknown>;
      for (const key of Object.getOwnPropertyNames(prototype)) {
        const handler = prototype[key];
        if (key === 'constructor' || typeof handler !== 'function' || !Reflect.hasMetadata('path', handler)) continue;
        const method = RequestMethod[Reflect.getMetadata('method', handler) as number];
        const name = `${method} /${String(Reflect.getMetadata('path', metatype))}/${String(Reflect.getMetadata('path', handler))}`;
        const access: unknown = Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, metatype);
        routes.push({ name, access, answers: Reflect.getMetadata('segel:answer', handler) });
      }
    }
  }
  return routes;
}

describe('the doors', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  it('has no route that does not say who may call it and what it answers', () => {
    const routes = routesOf(harness);
    expect(routes.length).toBeGreaterThan(40);
    expect(routes.filter(({ access }) => access === undefined).map(({ name }) => name)).toEqual([]);
    expect(routes.filter(({ answers }) => answers === undefined).map(({ name }) => name)).toEqual([]);
  });

  it('describes every route in the OpenAPI document, with what it answers', async () => {
    const { body } = await harness.get<{ paths: Record<string, Record<string, { responses: object }>> }>(
      '/api/openapi.json',
    );
    const operations = Object.values(body.paths).flatMap((item) => Object.values(item));
    expect(operations.length).toBe(routesOf(harness).length);
    for (const operation of operations) expect(Object.keys(operation.responses).length).toBeGreaterThanOrEqual(2);
  });

  it('gives the application’s role no way to delete a row, and to change only present states', async () => {
    const { rows } = await harness.owner.query<{ name: string; removes: boolean; changes: string[] }>(
      `SELECT format('%s.%s', n.nspname, c.relname) AS name,
              has_table_privilege('segel_app', c.oid, 'DELETE') OR has_table_privilege('segel_app', c.oid, 'TRUNCATE') AS removes,
              ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
                    AND has_column_privilege('segel_app', c.oid, a.attnum, 'UPDATE') ORDER BY 1) AS changes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname IN ('public', 'tlog') AND c.relname <> 'migrations'`,
    );
    expect(rows.filter(({ removes }) => removes)).toEqual([]);
    // What may change, and nothing else: states, marks of time, the deadline that only moves later.
    const mutable = rows
      .filter(({ changes }) => changes.length > 0)
      .map(({ name, changes }) => `${name}: ${changes.join(' ')}`);
    expect(mutable.sort()).toMatchSnapshot();
  });

  it('refuses an UPDATE or DELETE of history even to the owner, as long as the triggers stand', async () => {
    const { rows } = await harness.owner.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname = 'public' AND c.relname <> 'migrations'`,
    );
    for (const { name } of rows)
      await expect(harness.owner.query(`TRUNCATE ${name} CASCADE`)).rejects.toThrow('never changed');
    await harness.published();
    for (const statement of [
      "UPDATE tlog.entry SET data = '\\x0100'",
      'DELETE FROM tlog.entry',
      'DELETE FROM tlog.checkpoint',
      "UPDATE tlog.published SET note = ''",
      'DELETE FROM trail',
      'UPDATE tlog.tree SET size = 0',
    ]) {
      await expect(harness.owner.query(statement)).rejects.toThrow(/never changed|never shrinks/);
    }
  });
});

describe('the words', () => {
  it('has words in both languages for every notice that a feature sends', () => {
    const features = tracked.filter(
      (file) => /^apps\/api\/src\/(?!platform|notifications|audit\/row-audit)/.test(file) && !file.endsWith('.spec.ts'),
    );
    const sent = features.flatMap((file) =>
      [...source(file).matchAll(/(?:code: |tell\(\s*)'([a-z_]+)'/g)].map(([, code]) => code!),
    );
    expect(new Set(sent).size).toBeGreaterThan(15);
    expect([...new Set(sent)].filter((code) => !Object.hasOwn(NOTICES, code))).toEqual([]);
  });
});
