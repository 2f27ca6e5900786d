import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiClient } from './api-client.js';

describe('the API client', () => {
  let server: Server;
  let url: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let keys: (string | undefined)[];
  const sleep = async (): Promise<void> => undefined;

  beforeEach(async () => {
    keys = [];
    server = createServer((request, response) => {
      keys.push(request.headers['idempotency-key'] as string | undefined);
      request.resume().on('end', () => answer(request, response));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise<void>((done) => (server.closeAllConnections(), server.close(() => done()))));

  it('sends the token and gives back the answer', async () => {
    answer = (request, response) => response.end(JSON.stringify({ authorization: request.headers.authorization }));
    const client = new ApiClient({ url, token: 'secret' });
    expect(await client.get('/api/me')).toEqual({ authorization: 'Bearer secret' });
  });

  it('turns problem details into an error with their code', async () => {
    answer = (_, response) =>
      response.writeHead(409).end(JSON.stringify({ code: 'bid_exists', detail: 'There is one.', params: { n: 1 } }));
    const refused = new ApiClient({ url }).post('/api/x');
    await expect(refused).rejects.toMatchObject({
      status: 409,
      code: 'bid_exists',
      message: 'There is one.',
      params: { n: 1 },
    });
    expect(keys).toHaveLength(1);
  });

  it('repeats an act whose connection broke, under one idempotency key', async () => {
    answer = (request, response) => (keys.length < 3 ? request.socket.destroy() : response.end('{"done":true}'));
    expect(await new ApiClient({ url, sleep }).post('/api/x')).toEqual({ done: true });
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gives different acts different idempotency keys', async () => {
    answer = (_, response) => response.end('{}');
    const client = new ApiClient({ url });
    await client.post('/api/x');
    await client.post('/api/x');
    expect(new Set(keys).size).toBe(2);
  });

  it('gives up with a network error when nobody answers', async () => {
    answer = (request) => request.socket.destroy();
    await expect(new ApiClient({ url, sleep }).get('/api/x')).rejects.toMatchObject({ name: 'NetworkError' });
    expect(keys).toHaveLength(5);
  });

  it('does not take a page of a proxy for the API', async () => {
    answer = (_, response) => response.writeHead(500).end('<html>oops</html>');
    await expect(new ApiClient({ url, sleep }).get('/api/x')).rejects.toMatchObject({ name: 'NetworkError' });
  });

  it('reads lists page after page', async () => {
    answer = (request, response) =>
      response.end(JSON.stringify(request.url!.includes('after=b') ? { items: [3] } : { items: [1, 2], next: 'b' }));
    expect(await new ApiClient({ url }).list('/api/x?kind=y')).toEqual([1, 2, 3]);
  });
});
