import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  clamdInstalled,
  EICAR,
  sayWhenMissing,
  startClamd,
  type RunningClamd,
} from '../../../../../test/support/clamd.js';
import { Clamd, verdictOf } from './clamd.js';
import { ScannerUnavailable, type Verdict } from './scanner.js';

jest.setTimeout(60_000);
sayWhenMissing('the scanner');

describe('an answer of clamd', () => {
  it('is clean only when it says so of everything', () => {
    expect(verdictOf('stream: OK')).toEqual({ state: 'clean' });
    expect(verdictOf('stream: Eicar-Test FOUND')).toEqual({ state: 'infected', signature: 'Eicar-Test' });
    for (const answer of [
      'stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND',
      'stream: Heuristics.Encrypted.PDF FOUND',
      'INSTREAM size limit exceeded. ERROR',
    ])
      expect(verdictOf(answer).state).toBe('unscannable');
    for (const answer of ['', 'OK', 'stream: OK ', 'UNKNOWN COMMAND', 'stream: lstat() failed. ERROR'])
      expect(() => verdictOf(answer)).toThrow();
  });
});

describe('a daemon that is not one', () => {
  let server: Server;
  let answer: (socket: Socket) => void;
  const scan = async (): Promise<Verdict> => {
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new Clamd({ address, maxBytes: 100, silenceMs: 300 }).scan(Readable.from([Buffer.from('x')]), 1);
  };
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      // Unread, it would never notice that the other side has left.
      socket.resume();
      answer(socket);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => new Promise((done) => server.close(done)));

  it('gives no verdict: silent, gone, endless, or talking of something else', async () => {
    for (const behave of [
      (): void => undefined,
      (socket: Socket): void => void socket.destroy(),
      (socket: Socket): void => void socket.write('x'.repeat(10_000)),
      (socket: Socket): void => void socket.end('HTTP/1.1 200 OK\0'),
    ]) {
      answer = behave;
      await expect(scan()).rejects.toThrow(ScannerUnavailable);
    }
  });
});

(clamdInstalled ? describe : describe.skip)('a real clamd', () => {
  let daemon: RunningClamd;
  let scanner: Clamd;
  const scan = async (bytes: Uint8Array): Promise<Verdict> => scanner.scan(Readable.from([bytes]), bytes.length);
  beforeAll(async () => {
    daemon = await startClamd();
    scanner = new Clamd({ address: daemon.socket, maxBytes: 1_000_000, silenceMs: 20_000 });
  });
  afterAll(() => daemon.stop());

  it('says which program looked', async () => {
    expect(await scanner.engine()).toMatch(/^ClamAV \d/);
  });

  it('finds what it knows, and nothing in the rest', async () => {
    expect(await scan(Buffer.from('%PDF-1.7 proposal'))).toEqual({ state: 'clean' });
    expect(await scan(randomBytes(900_000))).toEqual({ state: 'clean' });
    const found = await scan(Buffer.from(EICAR));
    expect(found).toMatchObject({ state: 'infected', signature: expect.stringMatching(/^Eicar-Test/) });
  });

  it('never calls clean what is too large', async () => {
    expect((await scan(randomBytes(1_000_001))).state).toBe('unscannable');
  });
});
