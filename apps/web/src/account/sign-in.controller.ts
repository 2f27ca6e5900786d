import { Problem } from '@segel/client';
import { Body, Controller, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Harmless } from '../http/form.guard.js';
import { Sessions } from '../http/sessions.js';
import { addCookie, Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { refusalWords } from '../words/refusals.js';
import { signInPage } from './sign-in-page.js';

type Form = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A place on this site, never another one: `//host` and `/\host` lead elsewhere. */
export const placeOf = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value) ? value : otherwise;

@Controller(['', 'en'])
export class SignInController {
  constructor(private readonly sessions: Sessions) {}

  @Get('masuk')
  form(@Visit() visitor: Visitor, @Query('ke') to: unknown): Page {
    return signInPage(visitor, { to: placeOf(to, ''), email: '' });
  }

  @Post('masuk')
  @HttpCode(200)
  async signIn(
    @Visit() visitor: Visitor,
    @Body() form: Form,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page | undefined> {
    const [email, password, to] = [text(form['email']).trim(), text(form['password']), placeOf(form['ke'], '')];
    try {
      const { token, expiresAt } = await visitor.api.call('post', '/api/sessions', { body: { email, password } });
      addCookie(reply, this.sessions.signIn(token, new Date(expiresAt)));
      await reply.redirect(visitor.href(to === '' ? '/kerja' : to), 303);
      return undefined;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // An address that is no address is one that nobody has.
      const code = error.document.status === 400 ? 'wrong_credentials' : error.document.code;
      const wrong = refusalWords(visitor.locale, code);
      if (wrong === undefined) throw error;
      void reply.status(error.document.status === 429 ? 429 : 401);
      return signInPage(visitor, { to, email, wrong });
    }
  }

  @Post('keluar')
  @HttpCode(303)
  async signOut(@Visit() visitor: Visitor, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    addCookie(reply, this.sessions.signOut());
    const current =
      visitor.me &&
      (await visitor.api.call('get', '/api/sessions', { query: { limit: 50 } })).items.find((one) => one.current);
    if (current !== undefined)
      await visitor.api.call('delete', '/api/sessions/{sessionId}', { path: { sessionId: current.id } });
    await reply.redirect(visitor.href('/'), 303);
  }

  @Post('tampilan')
  @Harmless()
  @HttpCode(303)
  async theme(@Body() form: Form, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    addCookie(reply, this.sessions.setTheme(text(form['tema'])));
    await reply.redirect(placeOf(form['ke'], '/'), 303);
  }
}
