import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { attempt, seeOther, text, type Form, type Wrong } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { addendumPage } from './addendum-page.js';
import { CANCEL_REASONS, cancelPage } from './cancel-page.js';
import { loadDraft, loadForChange, type Draft } from './draft.js';
import { candidateOf } from './notice.js';
import { submitNotice } from './review.controller.js';

/** What happens to a tender after its publication by people's will: a changed notice, or none any more. */
@Controller(['', 'en'])
export class ChangeController {
  @Get('kerja/paket/:tenderId/adendum')
  async addendum(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string): Promise<Page> {
    return this.shown(visitor, await loadDraft(visitor, tenderId));
  }

  @Post('kerja/paket/:tenderId/adendum')
  @HttpCode(200)
  async submit(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const draft = await loadForChange(visitor, tenderId);
    const submitted = await submitNotice(visitor, tenderId, form);
    if (submitted !== undefined) return this.shown(visitor, draft, submitted.wrong);
    return seeOther(visitor, `/kerja/paket/${tenderId}?selesai=1`);
  }

  private async shown(visitor: Visitor, draft: Draft, wrong?: Wrong): Promise<Page> {
    const proposed = draft.approval.version > draft.tender.termsVersion;
    const candidate = proposed ? await candidateOf(visitor, draft) : undefined;
    return addendumPage({ visitor, draft, ...(wrong === undefined ? {} : { wrong }) }, candidate);
  }

  @Get('kerja/paket/:tenderId/batal')
  async cancellation(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string): Promise<Page> {
    return cancelPage({ visitor, draft: await loadDraft(visitor, tenderId) });
  }

  /** One person proposes, another confirms: the form says which. */
  @Post('kerja/paket/:tenderId/batal')
  @HttpCode(200)
  async cancel(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const { api } = visitor;
    const draft = await loadDraft(visitor, tenderId);
    const path = { tenderId };
    const reasonCode = CANCEL_REASONS.find((one) => one === text(form, 'reasonCode')) ?? 'other';
    const body = { reasonCode, reason: text(form, 'reason') || ' ' };
    const done = await attempt<unknown>(visitor, () =>
      text(form, 'act') === 'confirm'
        ? api.call('post', '/api/tenders/{tenderId}/cancellation/confirmation', { path, body: {} as never })
        : api.call('post', '/api/tenders/{tenderId}/cancellation', { path, body }),
    );
    if ('wrong' in done) return cancelPage({ visitor, draft, form, wrong: done.wrong });
    return seeOther(visitor, `/kerja/paket/${tenderId}?selesai=1`);
  }
}
