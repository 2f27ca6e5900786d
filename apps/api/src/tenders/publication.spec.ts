import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalBytes, sha256, signDocument, toBase64, utf8 } from '@segel/encoding';
import type { Signature } from '@segel/encoding';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import {
  approve,
  draftTender,
  expectStatus,
  publishTender,
  registerOpenerKey,
  signAndApprove,
  signDraft,
  submit,
  type DraftedTender,
} from '../../../../test/support/published-tender.js';
import { openerIdentity, publicKeyOf, registerKey } from '../../../../test/support/tender-people.js';
import { entriesDuring } from '../../../../test/support/trail.js';

type Code = { readonly code: string };

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

async function approval(drafted: DraftedTender, body: object): Promise<readonly [number, string]> {
  const { tenderId, people } = drafted;
  const answer = await harness.post<Code>(`/api/tenders/${tenderId}/approval`, body, people.approver);
  return [answer.status, answer.body.code];
}

async function jobs(tenderId: string): Promise<readonly (readonly [string, string])[]> {
  const { rows } = await harness.owner.query<{ key: string; run_at: Date }>(
    'SELECT key, run_at FROM graphile_worker._private_jobs WHERE key LIKE $1 ORDER BY key',
    [`%${tenderId}%`],
  );
  return rows.map(({ key, run_at: at }) => [key.replace(`:${tenderId}`, ''), at.toISOString()] as const);
}

describe('the publication of a tender', () => {
  it('takes two people, and then everybody reads it', async () => {
    const drafted = await draftTender(harness);
    const { tenderId, terms, lotIds } = drafted;
    const entries = await entriesDuring(harness, () => signAndApprove(harness, drafted));
    expect(entries).toEqual(['tender.published', 'tender.submitted']);
    const view = await harness.get(`/api/tenders/${tenderId}`);
    expect(view.body).toMatchObject({
      ocid: `ocds-segel-${tenderId}`,
      state: 'tendering',
      deadlineAt: terms.deadlineAt,
      terms,
      lots: [{ id: lotIds[0], state: 'tendering' }],
    });
    expect(Object.keys(view.body)).not.toContain('team');
    const document = await harness.get(`/api/tenders/${tenderId}/terms/1`);
    expect(toBase64(sha256(utf8(document.text)))).toBe(view.body['termsSha256']);
    const list = await harness.get<{ items: { id: string }[] }>('/api/tenders?state=tendering&limit=1');
    expect(list.body.items[0]).toMatchObject({ id: tenderId, buyerName: 'City of Example' });
    const keys = await harness.get<object[]>(`/api/tenders/${tenderId}/opener-keys`);
    expect(keys.body.length).toBe(6);
  });

  it('leaves a notice that both signed and that pins every opener key', async () => {
    const { tenderId, noticeSha256, openerIdentities } = await publishTender(harness);
    type Notice = { type: string; entrySha256: string; body: Record<string, never>; bodySig: Signature[] };
    const { body: notices } = await harness.get<Notice[]>(`/api/tenders/${tenderId}/notices`);
    expect(notices).toMatchObject([{ type: 'tender.published', entrySha256: noticeSha256, version: 1 }]);
    const groups = notices[0]!.body['groups'] as unknown as {
      openers: { opener_id: string; key_entry_sha256: string }[];
    }[];
    const pinned = groups.flatMap(({ openers }) => openers);
    expect(pinned.map((one) => one.opener_id)).toEqual(openerIdentities.map(({ openerId }) => openerId));
    const keys = await harness.get<{ openerId: string; entrySha256: string }[]>(`/api/tenders/${tenderId}/opener-keys`);
    for (const { opener_id: id, key_entry_sha256: hash } of pinned)
      expect(keys.body.find(({ openerId }) => openerId === id)?.entrySha256).toBe(hash);
    expect(notices[0]!.bodySig.length).toBe(2);
    expect(canonicalBytes(notices[0]!.body).length).toBeLessThan(16 * 1024);
  });

  it('asks for the close at the deadline and for proofs of readiness before it', async () => {
    const { tenderId, terms } = await publishTender(harness);
    const deadline = Date.parse(terms.deadlineAt);
    const before = (ms: number): string => new Date(deadline - ms).toISOString();
    // The day of the pack lasts two seconds.
    expect(await jobs(tenderId)).toEqual([
      ['close', terms.deadlineAt],
      ['delayed', before(-4000)],
      // Ten minutes before the deadline would be before the publication.
      ['outage', harness.clock.now().toISOString()],
      ['readiness:check', before(1000)],
      ['readiness:early', before(4000)],
      ['readiness:late', before(2000)],
    ]);
  });

  it('never takes the preparer for the approver', async () => {
    const drafted = await draftTender(harness);
    const { tenderId, people, buyerId } = drafted;
    expectStatus(await submit(harness, tenderId, people.preparer), 200);
    const denied = await approve(harness, tenderId, people.preparer);
    expect(denied.status).toBe(403);
    // Even a row that should not exist does not help.
    await harness.grant(people.preparer, { role: 'approver', organisationId: buyerId, tenderId });
    const refused = await approve(harness, tenderId, people.preparer);
    expect(refused.body).toMatchObject({ code: 'same_person_twice' });
  });

  it('is asked for by a preparer of the team, with the own registered key', async () => {
    const { tenderId, people, buyerId } = await draftTender(harness);
    const { signature, version } = await signDraft(harness, tenderId, people.preparer);
    const outsider = await registerKey(harness, await harness.person({ role: 'preparer', organisationId: buyerId }));
    const route = `/api/tenders/${tenderId}/submission`;
    const send = async (body: object, as = people.preparer): Promise<string> =>
      (await harness.post<Code>(route, body, as)).body.code;
    const signedByOther = (await signDraft(harness, tenderId, people.approver)).signature;
    expect(await send({ version, ...signature }, outsider)).toBe('not_allowed');
    expect(await send({ version, ...signedByOther })).toBe('key_not_registered');
    expect(await send({ version, key: publicKeyOf(people.preparer), sig: signedByOther.sig })).toBe(
      'signature_invalid',
    );
    expect(await send({ version: 2, ...signature })).toBe('terms_changed');
    await harness.owner.query('UPDATE signing_key SET revoked_at = now() WHERE account_id = $1', [people.preparer.id]);
    expect(await send({ version, ...signature })).toBe('key_not_registered');
  });

  it('waits for every opener, and for terms that are complete', async () => {
    const { tenderId, terms, people } = await draftTender(harness);
    const { preparer } = people;
    const missing = await registerKey(harness, await harness.person({ role: 'opener', organisationId: tenderId }));
    const groups = terms.groups.map((group, i) =>
      i === 0 ? { ...group, openerIds: [...group.openerIds, missing.id] } : group,
    );
    const put = async (version: number, body: object): Promise<void> =>
      void expectStatus(
        await harness.call('PUT', `/api/tenders/${tenderId}/terms`, { as: preparer, body: { version, terms: body } }),
        200,
      );
    const refusedSubmission = async (version: number): Promise<string> => {
      const signature = signDocument('tender.published', { v: 1 }, preparer.secret);
      const answer = await harness.post<Code>(
        `/api/tenders/${tenderId}/submission`,
        { version, ...signature },
        preparer,
      );
      return answer.body.code;
    };
    await put(1, { ...terms, groups });
    expect(await refusedSubmission(2)).toBe('opener_key_missing');
    await put(2, { ...terms, items: [], slots: [] });
    expect(await refusedSubmission(3)).toBe('terms_incomplete');
    await put(3, { ...terms, groups: terms.groups.map((group) => ({ ...group, external: true })) });
    expect(await refusedSubmission(4)).toBe('opener_groups_invalid');
    await put(4, { ...terms, deadlineAt: harness.clock.now().toISOString() });
    expect(await refusedSubmission(5)).toBe('terms_incomplete');
  });

  it('approves exactly what was submitted', async () => {
    const drafted = await draftTender(harness);
    const { tenderId, people, terms } = drafted;
    expect(await approval(drafted, { version: 1, decision: 'return', reason: 'There is nothing yet.' })).toEqual([
      409,
      'wrong_state',
    ]);
    expectStatus(await submit(harness, tenderId, people.preparer), 200);
    const { version, signature } = await signDraft(harness, tenderId, people.approver);
    const preparers = (await signDraft(harness, tenderId, people.preparer)).signature;
    const forged = signDocument('tender.addendum', { v: 1 }, people.approver.secret);
    const entries = await entriesDuring(harness, async () => {
      expect(await approval(drafted, { version: version + 1, decision: 'approve', ...signature })).toEqual([
        404,
        'not_found',
      ]);
      expect(await approval(drafted, { version, decision: 'approve', ...preparers })).toEqual([
        422,
        'key_not_registered',
      ]);
      expect(await approval(drafted, { version, decision: 'approve', ...forged })).toEqual([422, 'signature_invalid']);
      expect(await approval(drafted, { version, decision: 'approve' })).toEqual([400, 'request_malformed']);
    });
    expect(entries).toEqual(['refusal.recorded', 'refusal.recorded']);
    const body = { version, terms: { ...terms, description: 'Something else.' } };
    const changed = await harness.call('PUT', `/api/tenders/${tenderId}/terms`, { as: people.preparer, body });
    expect(changed).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
    const late = await registerOpenerKey(
      harness,
      tenderId,
      people.openers[0]!,
      openerIdentity('x1', people.openers[0]!.id),
    );
    expect(late.body).toMatchObject({ code: 'wrong_state' });
  });

  it('does not happen when anything that was signed differs by then', async () => {
    const drafted = await draftTender(harness);
    const { tenderId, people } = drafted;
    expectStatus(await submit(harness, tenderId, people.preparer), 200);
    const { version, signature } = await signDraft(harness, tenderId, people.approver);
    // An operator who swaps a key behind everybody's back.
    await harness.owner.query('UPDATE opener_key SET entry_sha256 = $1 WHERE opener_id = $2', [
      sha256(utf8('swapped')),
      people.openers[4]!.id,
    ]);
    expect(await approval(drafted, { version, decision: 'approve', ...signature })).toEqual([409, 'terms_changed']);
  });

  it('does not happen when the deadline has come too near', async () => {
    const drafted = await draftTender(harness);
    const { tenderId, people } = drafted;
    expectStatus(await submit(harness, tenderId, people.preparer), 200);
    const { version, signature } = await signDraft(harness, tenderId, people.approver);
    harness.clock.advance(19_000);
    expect(await approval(drafted, { version, decision: 'approve', ...signature })).toEqual([422, 'terms_incomplete']);
  });

  it('goes back to the draft with a reason, and can be asked for again', async () => {
    const drafted = await draftTender(harness);
    const { tenderId, people } = drafted;
    expectStatus(await submit(harness, tenderId, people.preparer), 200);
    expect(await approval(drafted, { version: 1, decision: 'return', reason: 'no' })).toEqual([422, 'reason_missing']);
    const returned = await harness.post(
      `/api/tenders/${tenderId}/approval`,
      { version: 1, decision: 'return', reason: 'The desks are too low.' },
      people.approver,
    );
    expect(returned.body).toEqual({ version: 1, decision: 'return', state: 'draft' });
    const { signature } = await signDraft(harness, tenderId, people.approver);
    expect(await approval(drafted, { version: 1, decision: 'approve', ...signature })).toEqual([409, 'wrong_state']);
    await signAndApprove(harness, drafted);
    expect((await harness.get(`/api/tenders/${tenderId}`)).body['state']).toBe('tendering');
    expect(await approval(drafted, { version: 1, decision: 'approve', ...signature })).toEqual([409, 'wrong_state']);
  });

  it('seals bids to the keys of the notice in force, not of one that was sent back', async () => {
    const drafted = await draftTender(harness);
    const { tenderId, people } = drafted;
    expectStatus(await submit(harness, tenderId, people.preparer), 200);
    expectStatus(
      await harness.post(
        `/api/tenders/${tenderId}/approval`,
        { version: 1, decision: 'return', reason: 'An opener lost the key.' },
        people.approver,
      ),
      200,
    );
    const fresh = openerIdentity('x1', people.openers[0]!.id);
    expectStatus(await registerOpenerKey(harness, tenderId, people.openers[0]!, fresh), 201);
    await signAndApprove(harness, drafted);
    type Kit = { groups: { openers: { openerId: string; recipient: string }[] }[] };
    const { groups } = (await harness.get<Kit>(`/api/tenders/${tenderId}/kit`)).body;
    expect(groups[0]!.openers[0]).toMatchObject({ openerId: people.openers[0]!.id, recipient: fresh.recipient });
  });

  it('freezes the draft: no change of terms, approver or key afterwards', async () => {
    const { tenderId, people, terms, buyerId } = await publishTender(harness);
    const { preparer, openers } = people;
    const body = { version: 1, terms };
    const changed = await harness.call('PUT', `/api/tenders/${tenderId}/terms`, { as: preparer, body });
    expect(changed.status).toBe(409);
    const fresh = openerIdentity('x1', openers[0]!.id);
    expect((await registerOpenerKey(harness, tenderId, openers[0]!, fresh)).body).toMatchObject({
      code: 'wrong_state',
    });
    const second = await harness.person({ role: 'approver', organisationId: buyerId });
    const seat = { accountId: second.id, role: 'approver' };
    expect((await harness.post(`/api/tenders/${tenderId}/team`, seat, preparer)).status).toBe(409);
  });

  it('works with post-quantum keys as well', async () => {
    const { tenderId } = await publishTender(harness, { suite: 'pq1' });
    const keys = await harness.get<{ recipient: string }[]>(`/api/tenders/${tenderId}/opener-keys`);
    expect(keys.body.every(({ recipient }) => recipient.startsWith('age1pq1'))).toBe(true);
  });

  it('happens once when two approvals race', async () => {
    const drafted = await draftTender(harness);
    const { tenderId, people } = drafted;
    expectStatus(await submit(harness, tenderId, people.preparer), 200);
    const { version, signature } = await signDraft(harness, tenderId, people.approver);
    const answers = await Promise.all(
      [1, 2, 3].map(() => approval(drafted, { version, decision: 'approve', ...signature })),
    );
    expect(answers.map(([status]) => status).sort((a, b) => a - b)).toEqual([200, 409, 409]);
  });
});
