import { describe, expect, it } from '@jest/globals';
import { createClient, Problem, type Send } from './client.js';

const answering = (status: number, body: unknown, sent: string[] = []): Send => {
  return async (url, init) => {
    sent.push(`${init.method} ${url} ${typeof init.body === 'string' ? init.body : ''}`.trim());
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });
  };
};

describe('the client', () => {
  it('puts parameters where they belong, and nothing of them leaves its place', async () => {
    const sent: string[] = [];
    const api = createClient('http://api', answering(200, {}, sent));
    await api.call('get', '/api/tenders/{tenderId}', { path: { tenderId: '../../me?x=1#y' } });
    await api.call('get', '/api/tenders', { query: { state: 'a&b=c' } });
    await api.call('post', '/api/sessions', { body: { email: 'a@b.example', password: 'x' } });
    expect(sent).toEqual([
      'GET http://api/api/tenders/..%2F..%2Fme%3Fx%3D1%23y',
      'GET http://api/api/tenders?state=a%26b%3Dc',
      'POST http://api/api/sessions {"email":"a@b.example","password":"x"}',
    ]);
  });

  it('throws what the API refuses, with its code', async () => {
    const api = createClient('http://api', answering(409, { status: 409, code: 'wrong_state', detail: 'No.' }));
    const refused = await api.call('get', '/api/me').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Problem);
    expect((refused as Problem).document.code).toBe('wrong_state');
  });

  it('finds nothing where there is nothing, and still throws what is refused', async () => {
    const none = createClient('http://api', answering(404, { status: 404, code: 'not_found', detail: 'None.' }));
    expect(await none.find('/api/me')).toBeUndefined();
    const broken: Send = async () => new Response('<html>', { status: 502 });
    await expect(createClient('http://api', broken).find('/api/me')).rejects.toMatchObject({
      document: { status: 502, code: 'unknown' },
    });
  });
});
