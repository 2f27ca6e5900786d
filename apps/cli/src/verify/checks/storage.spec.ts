import { describe, expect, it } from '@jest/globals';
import type { Entry } from '@segel/evidence';
import { ReportWriter } from '../report.js';
import { StorageCheck } from './storage.js';

/** `damaged a`, `restored a` … as a log has them, and what the check says. */
function said(...log: readonly string[]): readonly string[] {
  const writer = new ReportWriter('log');
  const check = new StorageCheck(writer.begin('storage'));
  for (const [index, line] of log.entries()) {
    const [type, sha256] = line.split(' ');
    check.take(index, { type: `storage.${type}`, body: { sha256 } } as unknown as Entry);
  }
  check.end();
  return writer.finish().findings.map(({ severity, code, where }) => `${severity} ${code} ${where?.entry}`);
}

describe('the verifier of what the log says about the store', () => {
  it('has nothing to say when every damage was repaired', () => {
    expect(said('audited', 'damaged a', 'damaged b', 'restored b', 'restored a', 'damaged a', 'restored a')).toEqual(
      [],
    );
  });

  it('names what is damaged still, and what cannot be', () => {
    expect(said('damaged a', 'damaged b', 'restored a')).toEqual(['warning damaged 1']);
    expect(said('damaged a', 'damaged a')).toEqual(['error damaged_twice 1', 'warning damaged 0']);
    expect(said('restored a')).toEqual(['error restored_undamaged 0']);
    expect(said('damaged a', 'restored a', 'restored a')).toEqual(['error restored_undamaged 2']);
  });
});
