import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { startHarness, type Harness } from '../../../../../test/support/harness.js';
import { NtpServer, type Lie } from '../../../../../test/support/ntp-server.js';
import { publishTender } from '../../../../../test/support/published-tender.js';
import { ClockWatch } from './clock-watch.js';
import { askTime, timeSource, type OwnTime } from './sntp.js';

const noon = Date.parse('2026-12-01T12:00:00.000Z');
/** After the seconds of 1900 began again. */
const year2040 = Date.parse('2040-01-01T00:00:00.500Z');

describe('the time client', () => {
  let server: NtpServer;
  let nowMs = noon;
  const own: OwnTime = {
    now: () => new Date(nowMs),
    monotonicMs: () => performance.now(),
    random: (length) => new Uint8Array(randomBytes(length)),
  };
  beforeAll(async () => {
    server = await NtpServer.start(() => nowMs);
  });
  afterAll(() => server.close());
  beforeEach(() => {
    Object.assign(server, { lie: undefined, offsetMs: 0 });
    nowMs = noon;
  });

  it.each([0, 2000, -2000, 86_400_000])('measures an offset of %s ms', async (offsetMs) => {
    server.offsetMs = offsetMs;
    const answer = await askTime(timeSource(server.url), own);
    expect(Math.abs(answer.offsetMs - offsetMs)).toBeLessThanOrEqual(200);
    expect(answer.delayMs).toBeLessThan(1000);
  });

  it('goes on after 2036, when the seconds begin again', async () => {
    nowMs = year2040;
    expect(Math.abs((await askTime(timeSource(server.url), own)).offsetMs)).toBeLessThanOrEqual(200);
  });

  it.each<[Lie, string]>([
    ['silent', 'no answer'],
    ['foreign_cookie', 'no answer'],
    ['short', 'no answer'],
    ['kiss', 'does not want to be asked: RATE'],
    ['unsynchronised', 'not synchronised'],
    ['client_mode', 'not the answer of a time server'],
    ['no_time', 'gives no time'],
    ['unsure', 'too unsure'],
    ['backwards', 'answered before it was asked'],
  ])('does not believe a server that is %s', async (lie, why) => {
    server.lie = lie;
    await expect(askTime(timeSource(server.url), own, 150)).rejects.toThrow(why);
  });

  it('knows an address from what is none', () => {
    expect(timeSource('ntp://[::1]:1123')).toMatchObject({ host: '::1', port: 1123 });
    expect(timeSource('ntp://time.example.org')).toMatchObject({ host: 'time.example.org', port: 123 });
    for (const text of ['time.example.org', 'http://a', 'ntp://', 'ntp://a:0', 'ntp://a:70000', 'ntp://a/b'])
      expect(() => timeSource(text)).toThrow('ntp://host');
  });
});

describe('a deadline and the clock', () => {
  const servers: NtpServer[] = [];
  let harness: Harness;
  let watch: ClockWatch;
  let production = false;
  beforeAll(async () => {
    const now = (): number => harness.clock.now().getTime();
    for (let i = 0; i < 3; i++) servers.push(await NtpServer.start(now));
    // Alarms are what this is about; they need not be on the screen.
    harness = await startHarness({ CLOCK_SOURCES: servers.map(({ url }) => url).join(',') }, []);
    watch = harness.app.get(ClockWatch);
    Object.defineProperty(harness.config, 'production', { get: () => production });
  });
  afterAll(async () => {
    await harness.verifyLog();
    await harness.stop();
    for (const server of servers) server.close();
  });
  beforeEach(() => {
    production = false;
    for (const server of servers) Object.assign(server, { lie: undefined, offsetMs: 0 });
  });
  const stateOf = async (tenderId: string): Promise<unknown> =>
    (await harness.get(`/api/tenders/${tenderId}`)).body['state'];
  const logged = async (): Promise<number> =>
    (await harness.owner.query("SELECT 1 FROM trail WHERE type = 'clock.measured'")).rows.length;

  it('is told in health, kept as a row, and logged when it changes and once a day', async () => {
    expect((await harness.get('/api/health')).body['clock']).toEqual({ standing: 'unknown' });
    await watch.measure();
    harness.clock.advance(1);
    await watch.measure();
    harness.clock.advance(1);
    expect((await harness.get('/api/health')).body['clock']).toMatchObject({ standing: 'right' });
    expect(await logged()).toBe(1);
    // One liar of three moves nothing.
    servers[0]!.offsetMs = 3_600_000;
    expect(await watch.measure()).toMatchObject({ standing: 'right' });
    harness.clock.advance(1);
    servers[1]!.offsetMs = 2000;
    expect(await watch.measure()).toMatchObject({ standing: 'wrong' });
    expect(await logged()).toBe(2);
    const { rows } = await harness.owner.query('SELECT standing, logged FROM clock_measurement ORDER BY at, id');
    expect(rows.map(({ standing, logged: isLogged }) => [standing, isLogged])).toEqual([
      ['right', true],
      ['right', false],
      ['right', false],
      ['wrong', true],
    ]);
  });

  it('closes no box in production while the clock is two seconds off or unknown, and goes on when it is right', async () => {
    const { tenderId } = await publishTender(harness, { deadlineInMs: 20_000 });
    for (const server of servers) server.offsetMs = 2000;
    harness.clock.advance(21_000);
    await watch.measure();
    production = true;
    await harness.runDueJobs();
    expect(await stateOf(tenderId)).toBe('tendering');
    for (const server of servers) server.lie = 'silent';
    await watch.measure();
    harness.clock.advance(6000);
    await harness.runDueJobs();
    expect(await stateOf(tenderId)).toBe('tendering');
    for (const server of servers) Object.assign(server, { lie: undefined, offsetMs: 0 });
    await watch.measure();
    harness.clock.advance(6000);
    await harness.runDueJobs();
    expect(await stateOf(tenderId)).not.toBe('tendering');
  });

  it('does not freeze the box either, when the clock goes wrong between the two steps', async () => {
    const { tenderId } = await publishTender(harness, { deadlineInMs: 20_000 });
    harness.clock.advance(21_000);
    production = true;
    await watch.measure();
    const { rows } = await harness.owner.query('SELECT id FROM box WHERE tender_id = $1', [tenderId]);
    expect(rows).toEqual([]);
    harness.clock.advance(31 * 60_000);
    await harness.runDueJobs();
    expect(await stateOf(tenderId)).toBe('tendering');
    await watch.measure();
    harness.clock.advance(6000);
    await harness.runDueJobs();
    expect(['closed', 'failed']).toContain(await stateOf(tenderId));
  });

  it('only warns in development', async () => {
    const { tenderId } = await publishTender(harness, { deadlineInMs: 20_000 });
    for (const server of servers) server.offsetMs = -2000;
    await watch.measure();
    harness.clock.advance(21_000);
    await harness.runDueJobs();
    expect(await stateOf(tenderId)).not.toBe('tendering');
  });

  it('does not ask again soon where it was told to stop', async () => {
    servers[0]!.lie = 'kiss';
    await watch.measure();
    const { asked } = servers[0]!;
    await watch.measure();
    expect(servers[0]!.asked).toBe(asked);
  });
});
