import { Body, Controller, Get, HttpCode, Post, Query, UnauthorizedException } from '@nestjs/common';
import { attempt, seeOther, text, type Form } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { keysPage } from './keys-page.js';

/** The signing key of a person: made in the browser, registered when its owner proved to have it. */
@Controller(['', 'en'])
export class KeysController {
  @Get('kerja/kunci')
  page(@Visit() visitor: Visitor, @Query('selesai') done: unknown): Page {
    if (visitor.me === undefined) throw new UnauthorizedException();
    return keysPage(visitor, visitor.me, { done: done === '1' });
  }

  @Post('kerja/kunci')
  @HttpCode(200)
  async register(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page | void> {
    const { api, me } = visitor;
    if (me === undefined) throw new UnauthorizedException();
    const escrowRecipient = text(form, 'escrowRecipient');
    const body = {
      key: text(form, 'key'),
      sig: text(form, 'sig'),
      ...(escrowRecipient === '' ? {} : { escrowRecipient }),
    };
    const registered = await attempt(visitor, () => api.call('post', '/api/keys', { body }));
    if ('wrong' in registered) return keysPage(visitor, me, { wrong: registered.wrong });
    return seeOther(visitor, '/kerja/kunci?selesai=1');
  }
}
