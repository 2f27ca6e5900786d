import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readWebSettings } from './config.js';

describe('the settings of the web server', () => {
  const good = { WEB_SECRET: randomBytes(32).toString('base64') };

  it('have defaults in development and none that matter in production', () => {
    expect(readWebSettings(good)).toMatchObject({ WEB_PORT: 3000, WEB_PUBLIC_URL: 'http://localhost:3000' });
    expect(() => readWebSettings({ ...good, NODE_ENV: 'production' })).toThrow(
      /API_URL is missing[^]*WEB_PUBLIC_URL is/,
    );
  });

  it.each([
    ['WEB_PUBLIC_URL', 'segel.example'],
    ['WEB_PUBLIC_URL', 'https://segel.example/pages'],
    ['WEB_PUBLIC_URL', 'ftp://segel.example'],
    ['API_URL', 'https://api.example'],
    ['API_URL', 'http://api.example/behind'],
    ['WEB_PORT', '70000'],
    ['WEB_SECRET', 'short'],
  ])('refuse %s=%s and name it', (name, value) => {
    expect(() => readWebSettings({ ...good, [name]: value })).toThrow(name);
  });

  it('take an address with or without its last slash', () => {
    expect(readWebSettings({ ...good, WEB_PUBLIC_URL: 'https://segel.example/' }).WEB_PUBLIC_URL).toBe(
      'https://segel.example',
    );
  });
});
