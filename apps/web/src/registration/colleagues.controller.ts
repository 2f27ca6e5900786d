import type { Schemas } from '@segel/client';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  UnauthorizedException,
} from '@nestjs/common';
import { attempt, seeOther, text, type Form } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { colleaguesPage, endPage, PEOPLE, SAID, type Colleagues, type Said } from './colleagues-page.js';

/** The people of a company, for its people. */
@Controller(['', 'en'])
export class ColleaguesController {
  @Get('penyedia/perusahaan/orang')
  async people(@Visit() visitor: Visitor, @Query('selesai') done: unknown): Promise<Page | void> {
    if (signedIn(visitor).vendorId === undefined) return seeOther(visitor, '/daftar/perusahaan');
    return this.saying(visitor, { said: SAID.find((one) => one === done) });
  }

  @Post('penyedia/perusahaan/orang')
  @HttpCode(200)
  async invite(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page | void> {
    const path = { vendorId: companyOf(visitor) };
    const email = text(form, 'email');
    const invited = await attempt(visitor, () =>
      visitor.api.call('post', '/api/vendors/{vendorId}/colleague-invitations', { path, body: { email } }),
    );
    if ('wrong' in invited) return this.saying(visitor, { wrong: invited.wrong, email });
    return seeOther(visitor, `${PEOPLE}?selesai=colleagues.invited`);
  }

  @Post('penyedia/perusahaan/undangan/:invitationId')
  @HttpCode(200)
  async withdraw(@Visit() visitor: Visitor, @Param('invitationId') invitationId: string): Promise<Page | void> {
    const path = { vendorId: companyOf(visitor), invitationId };
    const withdrawn = await attempt(visitor, () =>
      visitor.api.call('post', '/api/vendors/{vendorId}/colleague-invitations/{invitationId}/withdrawal', { path }),
    );
    if ('wrong' in withdrawn) return this.saying(visitor, { wrong: withdrawn.wrong });
    return seeOther(visitor, `${PEOPLE}?selesai=colleagues.withdrawn`);
  }

  @Get('penyedia/perusahaan/orang/:accountId')
  async end(@Visit() visitor: Visitor, @Param('accountId') accountId: string): Promise<Page> {
    const one = (await peopleOf(visitor)).find(({ id, manages }) => id === accountId && !manages);
    if (one === undefined) throw new NotFoundException();
    return endPage(visitor, one);
  }

  @Post('penyedia/perusahaan/orang/:accountId')
  @HttpCode(200)
  async ended(@Visit() visitor: Visitor, @Param('accountId') accountId: string): Promise<Page | void> {
    const path = { vendorId: companyOf(visitor), accountId };
    const ended = await attempt(visitor, () =>
      visitor.api.call('post', '/api/vendors/{vendorId}/colleagues/{accountId}/removal', { path }),
    );
    if ('wrong' in ended) return this.saying(visitor, { wrong: ended.wrong });
    return seeOther(visitor, accountId === visitor.me?.id ? '/kerja' : `${PEOPLE}?selesai=colleagues.ended`);
  }

  private async saying(visitor: Visitor, said: Said): Promise<Page> {
    const path = { vendorId: companyOf(visitor) };
    const { api, me } = visitor;
    const [vendor, people] = await Promise.all([
      api.call('get', '/api/vendors/{vendorId}', { path }),
      peopleOf(visitor),
    ]);
    const manages = people.some((one) => one.id === me?.id && one.manages);
    const waiting = manages
      ? (await api.call('get', '/api/vendors/{vendorId}/colleague-invitations', { path, query: ALL })).items
      : undefined;
    return colleaguesPage(visitor, { vendor, people, waiting } satisfies Colleagues, said);
  }
}

/** More than one company may have. */
const ALL = { limit: 200 };

async function peopleOf(visitor: Visitor): Promise<readonly Schemas['Colleague'][]> {
  const path = { vendorId: companyOf(visitor) };
  return (await visitor.api.call('get', '/api/vendors/{vendorId}/colleagues', { path, query: ALL })).items;
}

function companyOf(visitor: Visitor): string {
  const { vendorId } = signedIn(visitor);
  if (vendorId === undefined) throw new NotFoundException();
  return vendorId;
}

function signedIn({ me }: Visitor): Schemas['Me'] {
  if (me === undefined) throw new UnauthorizedException();
  return me;
}
