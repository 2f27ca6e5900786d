import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startHarness, type Harness, type Person } from '../../../../test/support/harness.js';
import { SYSTEM } from '../platform/auth/actor.js';
import { Journal } from '../platform/journal/journal.js';
import { NOTICES, renderNotice } from './words.js';

jest.setTimeout(60_000);

type Page = { items: { id: string; code: string; subject: string; text: string }[]; next?: string };

describe('the words of notices', () => {
  it('exist in both languages, with the same parameters', () => {
    const names = (lines: readonly string[]): string[] => lines.flatMap((line) => line.match(/\{\w+\}/g) ?? []).sort();
    for (const { id, en } of Object.values(NOTICES)) {
      expect(names([id.subject, ...id.lines])).toEqual(names([en.subject, ...en.lines]));
      expect(id.subject).not.toBe(en.subject);
    }
  });

  it('leave out lines whose parameter is not given', () => {
    expect(renderNotice('award_intended', { title: 'Jembatan', rank: '2' }, 'en')).toEqual({
      subject: 'Intended award: Jembatan',
      text: 'Your rank: 2',
    });
    expect(renderNotice('tender_returned', {}, 'en').subject).toBe('Tender returned');
  });

  it('say something general about codes they do not know, also those of the language itself', () => {
    for (const code of ['what_is_this', 'constructor', '__proto__']) {
      expect(renderNotice(code, { title: 'Jembatan' }, 'id')).toEqual({
        subject: 'Ada pemberitahuan untuk Anda',
        text: 'Masuk untuk membacanya.\nJembatan',
      });
    }
  });

  it('do not let a parameter forge lines or placeholders', () => {
    const { subject, text } = renderNotice(
      'tender_returned',
      { title: 'A\r\nBcc: x@y.z', reason: '{title}\n$&' },
      'en',
    );
    expect(subject).toBe('Tender returned: A Bcc: x@y.z');
    expect(text).toBe('The approver returned this tender.\nReason: {title} $&');
  });
});

describe('notices', () => {
  let harness: Harness;
  let person: Person;
  beforeAll(async () => {
    harness = await startHarness({ PUBLIC_URL: 'https://segel.example' });
    person = await harness.person();
    const journal = harness.app.get(Journal);
    for (const n of ['1', '2', '3']) {
      harness.clock.advance(1000);
      await journal.commit(SYSTEM, { on: 'none' }, async (tx) => {
        const params = { title: `Road ${n}`, tenderId: `019abc00-0000-7000-8000-00000000000${n}` };
        await tx.notify({ accountId: person.id, code: 'approval_requested', params });
        await tx.record({ type: 'log.heartbeat', body: { n: 1 } });
      });
    }
  });
  afterAll(() => harness.stop());

  it('go out by mail in the language of the account, with a link', async () => {
    const mail = async (): Promise<string> => {
      await harness.runDueJobs();
      return (await harness.mails()).join('\n').replace(/=\r?\n/g, '');
    };
    const text = await mail();
    expect(text).toContain('Subject: Approval requested: Road 1');
    expect(text).toContain('https://segel.example/en/tender/019abc00-0000-7000-8000-000000000001');
    harness.clock.advance(1000);
    await harness.owner.query("UPDATE account SET language = 'id' WHERE id = $1", [person.id]);
    await harness.app.get(Journal).commit(SYSTEM, { on: 'none' }, async (tx) => {
      await tx.notify({ accountId: person.id, code: 'key_registered', params: {} });
      await tx.record({ type: 'log.heartbeat', body: { n: 1 } });
    });
    expect(await mail()).toContain('https://segel.example/akun/pemberitahuan');
  });

  it('are listed for their account only, the newest first, a page at a time', async () => {
    const first = await harness.get<Page>('/api/notifications?limit=2', person);
    expect(first.body.items.map(({ code }) => code)).toEqual(['key_registered', 'approval_requested']);
    expect(first.body.items[1]?.subject).toBe('Persetujuan diminta: Road 3');
    const second = await harness.get<Page>(`/api/notifications?limit=2&after=${first.body.next}`, person);
    expect(second.body.items.map(({ subject }) => subject)).toEqual([
      'Persetujuan diminta: Road 2',
      'Persetujuan diminta: Road 1',
    ]);
    expect(second.body.next).toBeUndefined();
    expect((await harness.get<Page>('/api/notifications', await harness.person())).body.items).toEqual([]);
    expect((await harness.get('/api/notifications')).status).toBe(401);
    await harness.verifyLog();
  });
});
