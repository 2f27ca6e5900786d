import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { mayRelease, type CheckFailed, type ReleasePermission } from '@segel/acts';
import { openLog } from '../log-reader.js';
import { idOf, SyntheticLog, type Appended } from '../synthetic-log.js';
import { after, attest, closeBox, LOT, people, publishNotice, registerOpeners, TENDER } from '../synthetic-tender.js';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

type Story = {
  readonly notice?: Parameters<typeof publishNotice>[2];
  readonly signers?: readonly string[];
  readonly substituted?: string;
  readonly beforeClose?: (log: SyntheticLog, keys: readonly Appended[], notice: Appended) => Appended | void;
  readonly afterClose?: (log: SyntheticLog, keys: readonly Appended[], box: Appended) => void;
  readonly close?: boolean;
  /** When the witness saw the closed box, and when it looked last, in seconds after the deadline. */
  readonly seen?: number;
  readonly last?: number;
  readonly attestedBy?: string | false;
  /** By how much the second of two witnesses, both needed, is ahead when they look last. */
  readonly ahead?: number;
  readonly now?: number;
};

/** Plays a tender up to the question; each field of the story is one thing that went otherwise. */
async function ask(story: Story = {}): Promise<ReleasePermission> {
  const { seen = 5, last = 90, now = 100, attestedBy = 'auditor' } = story;
  const log = people(story.ahead === undefined ? undefined : new SyntheticLog(undefined, ['w', 'v']));
  const keys = registerOpeners(log, story.substituted);
  const first = publishNotice(log, keys, story.notice, story.signers);
  log.publish(after(-1800));
  const notice = story.beforeClose?.(log, keys, first) ?? first;
  if (story.close !== false) {
    const box = closeBox(log, notice);
    log.publish(after(seen));
    if (attestedBy !== false) attest(log, box, attestedBy);
    story.afterClose?.(log, keys, box);
  }
  log.append({ type: 'log.heartbeat', body: { n: 1 } });
  log.publish(after(last), undefined, [0, story.ahead ?? 0]);
  const folder = await mkdtemp(join(tmpdir(), 'segel-log-'));
  folders.push(folder);
  const reader = await openLog(await log.write(folder), log.policy);
  return mayRelease({ log: reader, tenderId: TENDER, lotId: LOT, envelope: 'single', now: after(now) });
}

const codeOf = (story: Story): Promise<string> =>
  ask(story).then(
    () => 'released',
    (error: unknown) => (error as CheckFailed).code ?? String(error),
  );

describe('an opener may release', () => {
  it('when the box was closed, witnessed in time and attested', async () => {
    const { box, attestationWaived, notIndependent } = await ask();
    expect(box.body).toMatchObject({ lot_id: LOT, count: 0 });
    expect([attestationWaived, notIndependent]).toEqual([false, false]);
  });

  it('without an auditor when the notice waives it, which is said', async () => {
    const { attestationWaived } = await ask({ notice: { attestation_required: false }, attestedBy: false });
    expect(attestationWaived).toBe(true);
  });

  it('in the very second of the deadline and in the last second of the tolerance', async () => {
    expect(await codeOf({ seen: 0 })).toBe('released');
    expect(await codeOf({ seen: 120, last: 130, now: 140 })).toBe('released');
  });

  it('after an addendum that the box was closed on', async () => {
    const beforeClose = (log: SyntheticLog, keys: readonly Appended[]): Appended =>
      publishNotice(log, keys, { version: 2 });
    expect(await codeOf({ beforeClose })).toBe('released');
  });

  it('although another lot of the tender has failed', async () => {
    const lotId = idOf('lot without bids');
    const afterClose = (log: SyntheticLog): void =>
      void log.append({ type: 'tender.failed', tenderId: TENDER, lotId, body: { reason_code: 'no_bids' } });
    expect(await codeOf({ afterClose })).toBe('released');
  });
});

describe('an opener may not release', () => {
  const cancelled = { reason_code: 'error', reason: 'Wrong plans.', proposed_by: idOf('preparer') };
  const stories: readonly (readonly [string, string, Story])[] = [
    ['before the deadline by the own clock', 'deadline_running', { now: -1, seen: -30, last: -10 }],
    ['when witnesses saw the box closed before the deadline', 'witnessed_early', { seen: -1 }],
    ['when witnesses saw the box only after the tolerance', 'witnessed_late', { seen: 121, last: 130, now: 140 }],
    ['when the newest checkpoint is older than ten minutes', 'checkpoint_stale', { now: 90 + 601 }],
    ['when only one witness of the quorum looked lately', 'checkpoint_stale', { now: 90 + 601, ahead: 601 }],
    ['when the own clock is behind the witnesses', 'clock_differs', { now: 20 }],
    ['when nothing says that the box was closed', 'box_not_closed', { close: false }],
    ['when no auditor attested the box', 'box_not_attested', { attestedBy: false }],
    ['when somebody else than an auditor attested it', 'box_not_attested', { attestedBy: 'preparer' }],
    ['when the notice has one signature twice', 'notice_unsigned', { signers: ['preparer', 'preparer'] }],
    ['when a stranger signed the notice', 'notice_unsigned', { signers: ['preparer', 'operator'] }],
    ['when one official signed the notice with two keys', 'notice_unsigned', { signers: ['preparer', 'second key'] }],
    [
      'when an addendum moved the deadline to an earlier time',
      'deadline_earlier',
      {
        beforeClose: (log, keys) => publishNotice(log, keys, { version: 2, deadline: after(-600).toISOString() }),
      },
    ],
    [
      'when its own lot has failed',
      'tender_cancelled',
      {
        afterClose: (log) =>
          void log.append({ type: 'tender.failed', tenderId: TENDER, lotId: LOT, body: { reason_code: 'no_bids' } }),
      },
    ],
    [
      'when the tender was cancelled',
      'tender_cancelled',
      {
        afterClose: (log) =>
          void log.append({ type: 'tender.cancelled', tenderId: TENDER, body: cancelled, signers: ['preparer'] }),
      },
    ],
    [
      'when the tender is suspended',
      'tender_suspended',
      {
        afterClose: (log) =>
          void log.append({ type: 'tender.suspended', tenderId: TENDER, body: { reason: 'An injunction.' } }),
      },
    ],
    [
      'when an addendum came after the box was closed',
      'notice_outdated',
      { afterClose: (log, keys) => void publishNotice(log, keys, { version: 2 }) },
    ],
    [
      'when the box was closed on a notice that an addendum had replaced',
      'notice_outdated',
      { beforeClose: (log, keys) => void publishNotice(log, keys, { version: 2 }) },
    ],
    [
      'when an addendum moved the deadline and the box names the old one',
      'deadline_differs',
      {
        beforeClose: (log, keys) => publishNotice(log, keys, { version: 2, deadline: after(10).toISOString() }),
      },
    ],
    [
      'when the box is closed twice',
      'box_repeated',
      {
        afterClose: (log) => {
          const entry = log.entries.find(({ entryBytes }) =>
            new TextDecoder().decode(entryBytes).includes('box.closed'),
          );
          log.append({
            type: 'box.closed',
            tenderId: TENDER,
            body: JSON.parse(new TextDecoder().decode(entry!.entryBytes)).body,
          });
        },
      },
    ],
    ['when the notice pins another policy', 'policy_differs', { notice: { policy_sha256: `${'A'.repeat(43)}=` } }],
  ];

  it.each(stories)('%s (%s)', async (_, code, story) => {
    expect(await codeOf(story)).toBe(code);
  });
});
