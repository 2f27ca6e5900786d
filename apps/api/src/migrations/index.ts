/** Numbered, hand-written SQL, run once each and in order by the migration login. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';

function migration(number: number, name: string): new () => MigrationInterface {
  const file = path.join(import.meta.dirname, `${String(number).padStart(4, '0')}-${name}.sql`);
  // TypeORM orders migrations by the 13 digits at the end of their name.
  const className = `${name}${1_763_000_000_000 + number}`;
  const type = class implements MigrationInterface {
    readonly name = className;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(readFileSync(file, 'utf8'));
    }

    async down(): Promise<void> {
      throw new Error('History is not undone. Write a further migration.');
    }
  };
  Object.defineProperty(type, 'name', { value: className });
  return type;
}

export const MIGRATIONS = [
  migration(1, 'log'),
  migration(2, 'platform'),
  migration(3, 'accounts'),
  migration(4, 'vendors'),
  migration(5, 'tenders'),
  migration(6, 'bids'),
  migration(7, 'openings'),
  migration(8, 'awards'),
  migration(9, 'intervals'),
  migration(10, 'erasure'),
  migration(11, 'append'),
  migration(12, 'erasure-kept'),
  migration(13, 'uploads'),
  migration(14, 'storage'),
  migration(15, 'measurements'),
  migration(16, 'openers'),
  migration(17, 'precommit'),
  migration(18, 'search'),
  migration(20, 'vendor-draft'),
  migration(21, 'search-filters'),
  migration(22, 'colleagues'),
];
