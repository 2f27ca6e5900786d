import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeEntry } from '@segel/evidence';
import { parseBundle } from '@segel/tlog';
import { startHarness, type Harness } from '../../../../../test/support/harness.js';

describe('the log', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  it('begins with a genesis entry that a quorum has cosigned', async () => {
    await harness.published();
    const checkpoint = await harness.get('/log/checkpoint');
    expect(checkpoint.status).toBe(200);
    const [origin, size] = checkpoint.text.split('\n');
    expect(origin).toBe('test.example/segel');
    const bundle = await fetch(`${harness.url}/log/tile/entries/000.p/${size}`);
    const [first] = parseBundle(new Uint8Array(await bundle.arrayBuffer()), Number(size));
    expect(decodeEntry(first!.slice(1))).toMatchObject({ type: 'log.genesis', body: { log_origin: origin } });
    expect(checkpoint.text).toContain('witness.example/w1');
  });

  it('keeps the first published checkpoint of every size', async () => {
    await harness.published();
    const first = await harness.get('/log/checkpoints/1');
    expect(first.text.split('\n')[1]).toBe('1');
    for (const size of ['999999', 'one', '-1', '01'])
      expect((await harness.get(`/log/checkpoints/${size}`)).status).toBe(404);
  });

  it('answers with a problem document when there is no such tile', async () => {
    for (const path of ['tile/0/001', 'tile/0/000.p/200', 'tile/entries/x000/000', 'tile/9999/000', 'tile/0/000.p/0']) {
      const answer = await harness.get<{ code: string }>(`/log/${path}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
  });

  it('leaves an entry when a signed-in person is denied access, and none for a stranger', async () => {
    const before = await harness.owner.query('SELECT FROM trail');
    expect((await harness.get('/api/no-such-route')).status).toBe(404);
    expect((await harness.owner.query('SELECT FROM trail')).rowCount).toBe(before.rowCount);
  });
});
