/** Who is signed in, kept in a cookie that no script reads; and the tokens without which no form is taken. */
import type { IncomingMessage } from 'node:http';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { WebConfig } from '../config.js';

type Asked = Pick<IncomingMessage, 'headers' | 'method'>;

export const FORM_FIELD = '_form';

@Injectable()
export class Sessions {
  /** `__Host-`: only this host over TLS can set it, for all of its paths. */
  private readonly prefix: string;

  constructor(private readonly config: WebConfig) {
    this.prefix = config.secure ? '__Host-' : '';
  }

  token(request: Asked): string | undefined {
    return this.read(request, 'segel');
  }

  /** The session of a request that goes on to the API. One that may change something must be from our own page and show
   *  its token: a foreign page can make a browser send the cookie, but reads no token. */
  tokenFor(request: Asked): string | undefined {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return undefined;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const shown = request.headers['x-segel-form'];
    return reads || (typeof shown === 'string' && this.holds(request, shown)) ? this.token(request) : undefined;
  }

  /** The token of this browser's forms, and the cookie to set when it has none yet. */
  form(request: Asked): { readonly token: string; readonly cookie?: string } {
    const known = this.read(request, 'segel-form');
    const nonce = known ?? randomBytes(16).toString('base64url');
    const token = this.sign(nonce, this.token(request));
    return known === undefined ? { token, cookie: this.cookie('segel-form', nonce) } : { token };
  }

  /** True when a form's token is of this browser and of this session. */
  holds(request: Asked, token: unknown): boolean {
    const nonce = this.read(request, 'segel-form');
    if (nonce === undefined || typeof token !== 'string') return false;
    const [given, right] = [Buffer.from(token), Buffer.from(this.sign(nonce, this.token(request)))];
    return given.length === right.length && timingSafeEqual(given, right);
  }

  signIn(token: string, expiresAt: Date): string {
    const seconds = Math.max(0, Math.floor((expiresAt.getTime() - this.config.now().getTime()) / 1000));
    return this.cookie('segel', token, seconds);
  }

  signOut(): string {
    return this.cookie('segel', '', 0);
  }

  theme(request: Asked): 'light' | 'dark' | undefined {
    const theme = this.read(request, 'segel-theme');
    return theme === 'light' || theme === 'dark' ? theme : undefined;
  }

  setTheme(theme: string): string {
    return theme === 'light' || theme === 'dark'
      ? this.cookie('segel-theme', theme, 31_536_000)
      : this.cookie('segel-theme', '', 0);
  }

  private sign(nonce: string, session = ''): string {
    return createHmac('sha256', this.config.settings.WEB_SECRET).update(`${nonce}\n${session}`).digest('base64url');
  }

  private read({ headers }: Asked, name: string): string | undefined {
    const wanted = `${this.prefix}${name}=`;
    const found = (headers.cookie ?? '').split(/; */).find((part) => part.startsWith(wanted));
    return found === undefined || found.length === wanted.length ? undefined : found.slice(wanted.length);
  }

  private cookie(name: string, value: string, maxAgeS?: number): string {
    const age = maxAgeS === undefined ? '' : `; Max-Age=${maxAgeS}`;
    return `${this.prefix}${name}=${value}; Path=/; HttpOnly; SameSite=Lax${this.config.secure ? '; Secure' : ''}${age}`;
  }
}
