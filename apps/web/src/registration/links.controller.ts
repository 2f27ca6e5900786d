import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { attempt, text, type Form } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { confirmPage, forgottenPage, invitationPage, joinPage, resetPage, saidPage } from './link-pages.js';

/** Opening an account, and the links of mails. A GET changes nothing: scanners of mail open every link. */
@Controller(['', 'en'])
export class LinksController {
  @Get('daftar')
  join(@Visit() visitor: Visitor): Page {
    return joinPage(visitor, {});
  }

  @Post('daftar')
  @HttpCode(200)
  async signUp(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page> {
    const { t, locale, api } = visitor;
    const [name, email] = [text(form, 'name'), text(form, 'email')];
    const body = { name, email, password: password(form), language: locale };
    const tried = await attempt(visitor, () => api.call('post', '/api/accounts', { body }));
    if ('wrong' in tried) return joinPage(visitor, { name, email, wrong: tried.wrong });
    return saidPage(visitor, t('join.sent.title'), t('join.sent.text'));
  }

  @Get('akun/konfirmasi')
  confirmation(@Visit() visitor: Visitor, @Query('token') token: unknown): Page {
    const { t } = visitor;
    if (typeof token !== 'string' || token === '') return saidPage(visitor, t('link.confirm.title'), t('link.missing'));
    return confirmPage(visitor, token);
  }

  @Post('akun/konfirmasi')
  @HttpCode(200)
  async confirm(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page> {
    const { t, api } = visitor;
    const token = text(form, 'token');
    const tried = await attempt(visitor, () => api.call('post', '/api/accounts/confirmation', { body: { token } }));
    if ('wrong' in tried) return confirmPage(visitor, token, tried.wrong);
    return saidPage(visitor, t('link.confirm.title'), t('link.confirm.done'));
  }

  @Get('akun/sandi')
  forgotten(@Visit() visitor: Visitor, @Query('token') token: unknown): Page {
    return typeof token === 'string' && token !== '' ? resetPage(visitor, token) : forgottenPage(visitor);
  }

  /** With a link's token the new password is set; without one a link is asked for. */
  @Post('akun/sandi')
  @HttpCode(200)
  async reset(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page> {
    const { t, api } = visitor;
    const [token, email] = [text(form, 'token'), text(form, 'email')];
    if (token === '') {
      const asked = await attempt(visitor, () => api.call('post', '/api/password-resets', { body: { email } }));
      if ('wrong' in asked) return forgottenPage(visitor, asked.wrong);
      return saidPage(visitor, t('reset.title'), t('join.sent.text'));
    }
    const body = { token, password: password(form) };
    const set = await attempt(visitor, () => api.call('post', '/api/password-resets/completion', { body }));
    if ('wrong' in set) return resetPage(visitor, token, set.wrong);
    return saidPage(visitor, t('reset.title'), t('reset.done'));
  }

  @Get('akun/undangan')
  invitation(@Visit() visitor: Visitor, @Query('token') token: unknown): Page {
    const { t } = visitor;
    if (typeof token !== 'string' || token === '') return saidPage(visitor, t('invite.title'), t('link.missing'));
    return invitationPage(visitor, token);
  }

  @Post('akun/undangan')
  @HttpCode(200)
  async accept(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page> {
    const { t, locale, api } = visitor;
    const [token, name] = [text(form, 'token'), text(form, 'name')];
    const newcomer = name === '' ? {} : { name, password: password(form), language: locale };
    const body = { token, ...newcomer };
    const tried = await attempt(visitor, () => api.call('post', '/api/invitations/acceptance', { body }));
    if ('wrong' in tried) return invitationPage(visitor, token, tried.wrong);
    return saidPage(visitor, t('invite.title'), t('invite.done'));
  }
}

/** As it was typed: spaces may belong to it. */
const password = (form: Form): string => (typeof form['password'] === 'string' ? form['password'] : '');
