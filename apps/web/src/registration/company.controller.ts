import type { Schemas } from '@segel/client';
import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, UnauthorizedException } from '@nestjs/common';
import { fileOf } from '../http/files.js';
import { attempt, seeOther, text, type Form } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { draftOf, isComplete, isTask, registrationOf, taskFields, type Draft } from './company-form.js';
import { checkPage, taskPage, tasksPage } from './company-pages.js';
import { ownCompanyPage } from './own-company-page.js';

/** The API says which it takes. */
type Media = 'application/pdf' | 'image/jpeg' | 'image/png';
const OWN = '/penyedia/perusahaan';

/** Registration of a company: drafts saved task by task, then sent; afterwards the company's own page. */
@Controller(['', 'en'])
export class CompanyController {
  @Get('daftar/perusahaan')
  async tasks(@Visit() visitor: Visitor): Promise<Page | void> {
    if (signedIn(visitor).vendorId !== undefined) return seeOther(visitor, OWN);
    return tasksPage(visitor, await saved(visitor));
  }

  @Get('daftar/perusahaan/kirim')
  async check(@Visit() visitor: Visitor): Promise<Page | void> {
    if (signedIn(visitor).vendorId !== undefined) return seeOther(visitor, OWN);
    return checkPage(visitor, (await saved(visitor)).draft);
  }

  @Post('daftar/perusahaan/kirim')
  @HttpCode(200)
  async send(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page | void> {
    const { api, t } = visitor;
    const { draft } = await saved(visitor);
    if (!isComplete(draft)) return checkPage(visitor, draft);
    if (text(form, 'declared') === '')
      return checkPage(visitor, draft, { words: t('company.check.declare.needed'), field: 'declared' });
    const sent = await attempt(visitor, () => api.call('post', '/api/vendors', { body: registrationOf(draft) }));
    if ('wrong' in sent) return checkPage(visitor, draft, sent.wrong);
    return seeOther(visitor, OWN);
  }

  @Get('daftar/perusahaan/:task')
  async task(@Visit() visitor: Visitor, @Param('task') task: string): Promise<Page | void> {
    if (!isTask(task)) throw new NotFoundException();
    if (signedIn(visitor).vendorId !== undefined) return seeOther(visitor, OWN);
    return taskPage(visitor, task, (await saved(visitor)).draft);
  }

  @Post('daftar/perusahaan/:task')
  @HttpCode(200)
  async save(@Visit() visitor: Visitor, @Param('task') task: string, @Body() form: Form): Promise<Page | void> {
    if (!isTask(task)) throw new NotFoundException();
    const { draft } = await saved(visitor);
    const typed = Object.fromEntries(taskFields(task).map(({ name }) => [name, text(form, name)]));
    const record = Object.fromEntries(Object.entries({ ...draft, ...typed }).filter(([, value]) => value !== ''));
    const kept = await attempt(visitor, () => visitor.api.call('put', '/api/vendor-draft', { body: { record } }));
    if ('wrong' in kept) return taskPage(visitor, task, { ...draft, ...typed }, kept.wrong);
    return seeOther(visitor, '/daftar/perusahaan');
  }

  @Get('penyedia/perusahaan')
  async own(@Visit() visitor: Visitor): Promise<Page | void> {
    const { vendorId } = signedIn(visitor);
    if (vendorId === undefined) return seeOther(visitor, '/daftar/perusahaan');
    return ownCompanyPage(visitor, await visitor.api.call('get', '/api/vendors/{vendorId}', { path: { vendorId } }));
  }

  @Post('penyedia/perusahaan/berkas')
  @HttpCode(200)
  async addDocument(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page | void> {
    const { api, t } = visitor;
    const { vendorId } = signedIn(visitor);
    if (vendorId === undefined) throw new NotFoundException();
    const own = (): Promise<Schemas['VendorView']> =>
      api.call('get', '/api/vendors/{vendorId}', { path: { vendorId } });
    const file = fileOf(form, 'file');
    if (file === undefined)
      return ownCompanyPage(visitor, await own(), { words: t('company.document.choose'), field: 'file' });
    const expiresOn = text(form, 'expiresOn');
    const query = {
      kind: text(form, 'kind'),
      fileName: file.fileName,
      mediaType: file.mediaType as Media,
      ...(expiresOn === '' ? {} : { expiresOn }),
    };
    const added = await attempt(visitor, () =>
      api.call('post', '/api/vendors/{vendorId}/documents', { path: { vendorId }, query, bytes: file.bytes }),
    );
    if ('wrong' in added) return ownCompanyPage(visitor, await own(), added.wrong);
    return seeOther(visitor, OWN);
  }
}

function signedIn({ me }: Visitor): Schemas['Me'] {
  if (me === undefined) throw new UnauthorizedException();
  return me;
}

async function saved(visitor: Visitor): Promise<{ readonly draft: Draft; readonly savedAt?: string }> {
  signedIn(visitor);
  const found = await visitor.api.find('/api/vendor-draft');
  return { draft: draftOf(found?.record), ...(found === undefined ? {} : { savedAt: found.savedAt }) };
}
