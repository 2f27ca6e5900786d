import type { Schemas } from '@segel/client';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UnauthorizedException } from '@nestjs/common';
import { attempt, seeOther, text, type Form, type Wrong } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { healthPage } from './health-page.js';
import { peoplePage, SAID, type Said } from './people-page.js';
import { STATES, vendorPage, vendorsPage, type VendorState } from './vendors-pages.js';

type Role = Schemas['Invitation']['role'];
type Kind = Schemas['NewOrganisation']['kind'];
const PEOPLE = '/kerja/orang';

/** Pages of operators. Who else comes here is refused by the API. */
@Controller(['', 'en'])
export class OperatingController {
  @Get('kerja/pendaftaran')
  async vendors(
    @Visit() visitor: Visitor,
    @Query('status') status: unknown,
    @Query('hal') after: unknown,
  ): Promise<Page> {
    signedIn(visitor);
    const state: VendorState = STATES.find((one) => one === status) ?? 'submitted';
    const query = { state, limit: 50, ...(typeof after === 'string' ? { after } : {}) };
    return vendorsPage(visitor, state, await visitor.api.call('get', '/api/vendors', { query }));
  }

  @Get('kerja/pendaftaran/:vendorId')
  async vendor(
    @Visit() visitor: Visitor,
    @Param('vendorId') vendorId: string,
    @Query('selesai') done: unknown,
  ): Promise<Page> {
    signedIn(visitor);
    return this.vendorSaying(visitor, vendorId, { done: done === '1' });
  }

  @Post('kerja/pendaftaran/:vendorId')
  @HttpCode(200)
  async decide(
    @Visit() visitor: Visitor,
    @Param('vendorId') vendorId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const decision = text(form, 'decision') === 'approve' ? 'approve' : 'reject';
    const reasons = text(form, 'reasons')
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
    const body = { decision, ...(decision === 'approve' ? {} : { reasons }) } as const;
    const decided = await attempt(visitor, () =>
      visitor.api.call('post', '/api/vendors/{vendorId}/decisions', { path: { vendorId }, body }),
    );
    if ('wrong' in decided) return this.vendorSaying(visitor, vendorId, { wrong: decided.wrong });
    return seeOther(visitor, `/kerja/pendaftaran/${vendorId}?selesai=1`);
  }

  @Get('kerja/orang')
  async people(@Visit() visitor: Visitor, @Query('selesai') done: unknown): Promise<Page> {
    signedIn(visitor);
    return this.peopleSaying(visitor, { said: SAID.find((one) => one === done) });
  }

  @Post('kerja/orang/undangan')
  @HttpCode(200)
  async invite(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page | void> {
    const body = {
      email: text(form, 'email'),
      role: text(form, 'role') as Role,
      organisationId: text(form, 'organisation'),
    };
    return this.act(visitor, 'op.invite.done', () => visitor.api.call('post', '/api/invitations', { body }));
  }

  @Post('kerja/orang/undangan/:invitationId')
  @HttpCode(200)
  async confirm(@Visit() visitor: Visitor, @Param('invitationId') invitationId: string): Promise<Page | void> {
    return this.act(visitor, 'op.invitation.confirmed.done', () =>
      visitor.api.call('post', '/api/invitations/{invitationId}/confirmation', { path: { invitationId } }),
    );
  }

  @Post('kerja/orang/instansi')
  @HttpCode(200)
  async enter(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page | void> {
    const [scheme, identifier] = [text(form, 'scheme'), text(form, 'identifier')];
    const body = {
      kind: text(form, 'kind') as Kind,
      name: text(form, 'organisationName'),
      ...(scheme === '' ? {} : { identifierScheme: scheme }),
      ...(identifier === '' ? {} : { identifier }),
    };
    return this.act(visitor, 'op.organisation.done', () => visitor.api.call('post', '/api/organisations', { body }));
  }

  @Post('kerja/orang/pencabutan')
  @HttpCode(200)
  async revoke(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page | void> {
    const [accountId, reason] = [text(form, 'account'), text(form, 'reason')];
    return this.act(visitor, 'op.revoke.done', () =>
      visitor.api.call('post', '/api/accounts/{accountId}/revocation', { path: { accountId }, body: { reason } }),
    );
  }

  @Get('kerja/kesehatan')
  async health(@Visit() visitor: Visitor): Promise<Page> {
    signedIn(visitor);
    return healthPage(visitor, await visitor.api.call('get', '/api/storage', {}));
  }

  private async vendorSaying(
    visitor: Visitor,
    vendorId: string,
    said: { wrong?: Wrong; done?: boolean },
  ): Promise<Page> {
    return vendorPage(visitor, await visitor.api.call('get', '/api/vendors/{vendorId}', { path: { vendorId } }), said);
  }

  private async act(visitor: Visitor, done: Said, call: () => Promise<unknown>): Promise<Page | void> {
    const tried = await attempt(visitor, call);
    if ('wrong' in tried) return this.peopleSaying(visitor, { wrong: tried.wrong });
    return seeOther(visitor, `${PEOPLE}?selesai=${done}`);
  }

  private async peopleSaying(visitor: Visitor, said: { wrong?: Wrong; said?: Said | undefined }): Promise<Page> {
    const { api } = visitor;
    const limit = { query: { limit: 200 } };
    const [invitations, organisations, officials] = await Promise.all([
      api.call('get', '/api/invitations', limit),
      api.call('get', '/api/organisations', limit),
      api.call('get', '/api/officials', limit),
    ]);
    const people = {
      invitations: invitations.items,
      organisations: organisations.items,
      officials: officials.items,
    };
    return peoplePage(visitor, { ...people, ...said });
  }
}

function signedIn({ me }: Visitor): void {
  if (me === undefined) throw new UnauthorizedException();
}
