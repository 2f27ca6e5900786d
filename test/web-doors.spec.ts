/** The web server as an attacker and as a program see it: forms, cookies, and what it passes on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { startHarness, type Harness, type Person } from './support/harness.js';
import { publishTender } from './support/published-tender.js';
import { startWebApp, type WebApp } from './support/web-app.js';

const NASTY = '=HYPERLINK("http://evil.example") <script>alert(1)</script> & "x"';

describe('the web server', () => {
  let harness: Harness;
  let web: WebApp;
  let person: Person;
  let tenderId: string;

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    person = await harness.person();
    ({ tenderId } = await publishTender(harness, { terms: { title: NASTY } }));
  });
  afterAll(async () => {
    await web.stop();
    await harness.stop();
  });

  const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(web.url + path, { headers, redirect: 'manual' });
  const post = async (
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(web.url + path, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
  const tokenOf = (html: string): string => /name="_form" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const cookieOf = (answer: Response): string => (answer.headers.get('set-cookie') ?? '').split(';')[0]!;

  it('says the strictest policy, and that nothing of it is inline but one stylesheet', async () => {
    const answer = await get('/');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|script-src|https?:/);
    const html = await answer.text();
    expect(html).not.toMatch(/<script| on[a-z]+=| style=/);
  });

  it('shows other people’s words as words', async () => {
    for (const path of [`/tender/${tenderId}`, '/tender', `/tender?q=${encodeURIComponent(NASTY)}`]) {
      const html = await (await get(path)).text();
      expect(html).not.toContain('<script');
    }
    const csv = await (await get('/tender.csv')).text();
    expect(csv).toContain('"\'=HYPERLINK(""http://evil.example"")');
    const atom = await (await get('/tender.atom')).text();
    expect(atom).not.toContain('<script');
    expect(atom).toContain('&#60;script&#62;');
    const calendar = await (await get(`/tender/${tenderId}/kalender.ics`)).text();
    expect(calendar.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  });

  it('takes no form without its token, from another site, or with another session’s token', async () => {
    const page = await get('/masuk');
    const [token, cookie] = [tokenOf(await page.text()), cookieOf(page)];
    const form = { email: 'nobody@example.org', password: 'x' };
    expect((await post('/masuk', form, { cookie })).status).toBe(403);
    expect((await post('/masuk', { ...form, _form: token })).status).toBe(403);
    expect((await post('/masuk', { ...form, _form: token }, { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(
      403,
    );
    expect((await post('/masuk', { ...form, _form: token }, { cookie, origin: 'https://evil.example' })).status).toBe(
      403,
    );
    expect((await post('/masuk', { ...form, _form: token }, { cookie })).status).toBe(401);
    const session = `${cookie}; segel=${person.token}`;
    expect((await post('/keluar', { _form: token }, { cookie: session })).status).toBe(403);
    expect((await post('/tampilan', { tema: 'dark' }, { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('leads nowhere else after signing in or choosing a theme', async () => {
    for (const ke of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/x\r\nset-cookie: a=b',
      'javascript:1',
    ])
      expect((await post('/tampilan', { tema: 'dark', ke })).headers.get('location')).toBe('/');
    const chosen = await post('/tampilan', { tema: 'dark', ke: '/en/tender?q=a' });
    expect(chosen.headers.get('location')).toBe('/en/tender?q=a');
    expect(await (await get('/', { cookie: cookieOf(chosen) })).text()).toContain('data-theme="dark"');
  });

  it('keeps the session where no script and no other site reaches it, and ends it on the server too', async () => {
    const signedIn = { cookie: `segel=${person.token}` };
    const page = await get('/kerja', signedIn);
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const token = tokenOf(await page.text());
    const cookie = `${cookieOf(page)}; segel=${person.token}`;
    const out = await post('/keluar', { _form: token }, { cookie });
    expect([out.status, out.headers.get('location')]).toEqual([303, '/']);
    expect(out.headers.get('set-cookie')).toMatch(/segel=; Path=\/; HttpOnly; SameSite=Lax; Max-Age=0/);
    expect((await harness.get('/api/me', person)).status).toBe(401);
    const after = await get('/kerja', signedIn);
    expect([after.status, after.headers.get('location')]).toEqual([303, '/masuk?ke=%2Fkerja']);
  });

  it('binds cookies to the host and to TLS when people come by https', async () => {
    const secure = await startWebApp(harness, { WEB_PUBLIC_URL: 'https://segel.example' });
    const cookie = (await fetch(`${secure.url}/masuk`)).headers.get('set-cookie');
    await secure.stop();
    expect(cookie).toMatch(/^__Host-segel-form=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  });

  it('passes the API and the log on as they are, and a session only to who shows its token', async () => {
    for (const path of ['/log/checkpoint', `/api/tenders/${tenderId}`, '/api/nothing']) {
      const [through, direct] = [await get(path), await fetch(harness.url + path)];
      expect([through.status, await through.text()]).toEqual([direct.status, await direct.text()]);
    }
    const another = await harness.person();
    const cookie = { cookie: `segel=${another.token}` };
    expect((await get('/api/me', cookie)).status).toBe(200);
    expect((await get('/api/me', { ...cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(401);
    expect((await post(`/api/keys/${another.id}/revocation`, {}, cookie)).status).toBe(401);
    // With the token of its forms the same request reaches the API, as the person's own.
    const nonce = '; segel-form=a-nonce-of-this-browser';
    const own = { cookie: `${cookie.cookie}${nonce}` };
    const shown = tokenOf(await (await get('/akun', own)).text());
    const route = `/api/keys/${another.id}/revocation`;
    const asked = await post(route, {}, { ...own, 'x-segel-form': shown, 'content-type': 'application/json' });
    expect(asked.status).not.toBe(401);
    expect((await get('/api/me', cookie)).headers.get('cache-control')).toContain('no-store');
    const bearer = { authorization: `Bearer ${another.token}` };
    expect((await get('/api/me', bearer)).status).toBe(200);
  });

  it('says plainly when a page is not there, not to be seen, or the API is away', async () => {
    expect((await get('/tidak-ada')).status).toBe(404);
    expect((await get('/tender/019abc00-0000-7000-8000-000000000001')).status).toBe(404);
    expect(await (await get('/en/tender/not-an-id')).text()).toContain('Page not found');
    const lonely = await startWebApp({ url: 'http://127.0.0.1:9', clock: harness.clock });
    const [page, api] = [await fetch(`${lonely.url}/`), await fetch(`${lonely.url}/api/health`)];
    await lonely.stop();
    expect([page.status, api.status]).toEqual([503, 502]);
    expect(await page.text()).toContain('tidak menjawab');
    expect(api.headers.get('content-type')).toContain('problem+json');
  });

  it('sends an unchanged page not twice', async () => {
    const first = await get('/cara-ikut');
    const tag = first.headers.get('etag') ?? '';
    const again = await get('/cara-ikut', { 'if-none-match': tag });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

describe('what is passed on', () => {
  it('is a stream in both directions: events come as they happen, and a cut upload is cut behind it too', async () => {
    const seen: { bytes: number; cut: boolean; forwarded: string | undefined }[] = [];
    const api = createServer((incoming, outgoing) => {
      if (incoming.url === '/api/events') {
        outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
        outgoing.write('data: 1\n\n');
        return; // It never ends.
      }
      const upload = { bytes: 0, cut: false, forwarded: incoming.headers['x-forwarded-for'] as string | undefined };
      seen.push(upload);
      incoming.on('data', (piece: Buffer) => (upload.bytes += piece.length));
      incoming.on('error', () => undefined).on('close', () => (upload.cut = !incoming.complete));
      incoming.on('end', () => outgoing.end('done'));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => api.once('listening', resolve));
    const { port } = api.address() as AddressInfo;
    const to = { url: `http://127.0.0.1:${port}`, clock: { now: () => new Date() } };
    const web = await startWebApp(to);
    try {
      const events = await fetch(`${web.url}/api/events`);
      const { value } = await events.body!.getReader().read();
      expect(Buffer.from(value!).toString()).toBe('data: 1\n\n');

      const whole = Buffer.alloc(20 * 2 ** 20, 1);
      const answer = await fetch(`${web.url}/api/upload`, {
        method: 'PUT',
        body: whole,
        headers: { 'x-forwarded-for': '1.2.3.4' },
      });
      expect(await answer.text()).toBe('done');
      expect(seen[0]).toEqual({ bytes: whole.length, cut: false, forwarded: '127.0.0.1' });
      const behind = await startWebApp(to, { WEB_TRUSTED_PROXIES: '127.0.0.0/8' });
      const headers = { 'x-forwarded-for': '9.9.9.9, 1.2.3.4' };
      await fetch(`${behind.url}/api/upload`, { method: 'PUT', body: 'x', headers });
      await behind.stop();
      // The last one that somebody we believe has named; what stands before it, anybody may have written.
      expect(seen.pop()).toMatchObject({ forwarded: '1.2.3.4' });

      const cut = request(`${web.url}/api/upload`, { method: 'PATCH', headers: { 'content-length': 1000 } });
      cut.on('error', () => undefined).write('x'.repeat(400));
      await until(() => (seen[1]?.bytes ?? 0) === 400);
      cut.destroy();
      await until(() => seen[1]?.cut === true);
    } finally {
      api.closeAllConnections();
      await web.stop();
      api.close();
    }
  });

  it('is one request for one request: no body becomes a request of its own behind it', async () => {
    const seen: string[] = [];
    const api = createServer((incoming, outgoing) => {
      const name = `${incoming.method} ${incoming.url}`;
      let body = '';
      incoming.on('data', (piece: Buffer) => (body += piece.toString())).on('error', () => undefined);
      incoming.on('end', () => {
        seen.push(`${name} ${body.length}`);
        outgoing.end(name);
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => api.once('listening', resolve));
    const { port } = api.address() as AddressInfo;
    const web = await startWebApp({ url: `http://127.0.0.1:${port}`, clock: { now: () => new Date() } });
    const hidden = 'POST /api/hidden HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';
    const chunked = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
    try {
      for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'POST'])
        for (const framing of ['Transfer-Encoding: chunked', `Content-Length: ${hidden.length}`]) {
          const body = framing.startsWith('T') ? chunked : hidden;
          const head = `${method} /api/shown HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${framing}\r\n\r\n`;
          await spoken(web.url, head + body);
        }
      await spoken(web.url, 'DELETE /api/shown HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      expect(seen.filter((one) => one.includes('hidden'))).toEqual([]);
      expect(seen.length).toBe(11);
      const both = `POST /api/shown HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`;
      expect(await spoken(web.url, both)).toContain('400');
      const coded =
        'POST /api/shown HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n';
      expect(await spoken(web.url, coded + chunked)).toContain('501');
      expect(seen.length).toBe(11);
    } finally {
      api.closeAllConnections();
      await web.stop();
      api.close();
    }
  });
});

/** What the server says to these bytes on a connection of their own. */
async function spoken(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let said = '';
  socket.setEncoding('latin1').on('data', (piece: string) => (said += piece));
  socket.write(bytes);
  await once(socket, 'close');
  return said;
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}
