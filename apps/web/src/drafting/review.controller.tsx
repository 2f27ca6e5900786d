import { Problem } from '@segel/client';
import { Body, Controller, ForbiddenException, Get, HttpCode, Param, Post } from '@nestjs/common';
import { attempt, seeOther, text, type Form, type Wrong } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { approvalPage, publishedPage } from './approval-pages.js';
import { loadDraft, loadForChange, type Draft } from './draft.js';
import { candidateOf } from './notice.js';
import { reviewPage } from './review-page.js';

/** The last look, and the two signatures that publish: the preparer's and another person's. */
@Controller(['', 'en'])
export class ReviewController {
  @Get('kerja/paket/:tenderId/tinjau')
  async review(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string): Promise<Page> {
    return this.shown(visitor, await loadDraft(visitor, tenderId));
  }

  @Post('kerja/paket/:tenderId/tinjau')
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
    const candidate = await candidateOf(visitor, draft);
    return reviewPage({ visitor, draft, ...(wrong === undefined ? {} : { wrong }) }, candidate);
  }

  @Get('kerja/paket/:tenderId/persetujuan')
  async approval(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string): Promise<Page> {
    const draft = await loadForApproval(visitor, tenderId);
    return approvalPage({ visitor, draft }, await candidateOf(visitor, draft));
  }

  @Post('kerja/paket/:tenderId/persetujuan')
  @HttpCode(200)
  async decide(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const draft = await loadForApproval(visitor, tenderId);
    const returns = text(form, 'act') === 'return';
    const version = Number(text(form, 'version'));
    const path = { tenderId };
    const decided = await attempt(visitor, () =>
      visitor.api.call('post', '/api/tenders/{tenderId}/approval', {
        path,
        body: returns
          ? { version, decision: 'return', reason: text(form, 'reason') || ' ' }
          : { version, decision: 'approve', key: text(form, 'key'), sig: text(form, 'sig') },
      }),
    );
    if ('wrong' in decided)
      return approvalPage({ visitor, draft, form, wrong: decided.wrong }, await candidateOf(visitor, draft));
    return seeOther(visitor, `/kerja/paket/${tenderId}${returns ? '?selesai=1' : '/terbit'}`);
  }

  /** What the two signatures made: where the public sees it, and where it stands in the log. */
  @Get('kerja/paket/:tenderId/terbit')
  async published(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string): Promise<Page> {
    const draft = await loadDraft(visitor, tenderId);
    if (draft.inForce === undefined) throw new Problem({ status: 404, code: 'not_found', detail: 'Not published.' });
    const notices = await visitor.api.call('get', '/api/tenders/{tenderId}/notices', { path: { tenderId } });
    return publishedPage({ visitor, draft }, notices);
  }
}

/** Hands the newest version to the approver, with the preparer's signature over its notice. */
export async function submitNotice(
  visitor: Visitor,
  tenderId: string,
  form: Form,
): Promise<{ readonly wrong: Wrong } | undefined> {
  const body = { version: Number(text(form, 'version')), key: text(form, 'key'), sig: text(form, 'sig') };
  const submitted = await attempt(visitor, () =>
    visitor.api.call('post', '/api/tenders/{tenderId}/submission', { path: { tenderId }, body }),
  );
  return 'wrong' in submitted ? submitted : undefined;
}

async function loadForApproval(visitor: Visitor, tenderId: string): Promise<Draft> {
  const draft = await loadDraft(visitor, tenderId);
  if (!draft.approves) throw new ForbiddenException();
  return draft;
}
