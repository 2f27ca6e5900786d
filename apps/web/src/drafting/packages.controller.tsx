import { rulePack, type RulePack } from '@segel/procurement';
import { Body, Controller, ForbiddenException, Get, HttpCode, Post, UnauthorizedException } from '@nestjs/common';
import { fileOf } from '../http/files.js';
import { attempt, seeOther, text, type Form, type Wrong } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { CATEGORIES } from '../tenders/search-query.js';
import { importedPage, importPage, newPage, type Choices } from './new-pages.js';
import { packagesPage } from './packages-page.js';
import { currencyOf } from './part-method.js';
import { firstDates, firstTerms } from './terms-changes.js';

const JSON_WRONG = Symbol('no JSON');

/** The tenders that a person drafts or approves, and the ways in which one begins. */
@Controller(['', 'en'])
export class PackagesController {
  @Get('kerja/paket')
  async list(@Visit() visitor: Visitor): Promise<Page> {
    const { api, me, path } = visitor;
    if (me === undefined) throw new UnauthorizedException();
    const approves = me.roles.some(({ role }) => role === 'approver');
    const after = new URLSearchParams(path.split('?')[1]).get('sesudah') ?? undefined;
    const [tenders, waiting] = await Promise.all([
      api.call('get', '/api/tenders', {
        query: { mine: 'true', limit: 50, ...(after === undefined ? {} : { after }) },
      }),
      approves ? api.call('get', '/api/approvals', { query: { limit: 50 } }) : undefined,
    ]);
    return packagesPage(visitor, { tenders, waiting: waiting?.items ?? [], prepares: prepares(visitor) });
  }

  @Get('kerja/paket/baru')
  async create(@Visit() visitor: Visitor): Promise<Page> {
    return newPage(visitor, await choices(visitor), {});
  }

  @Post('kerja/paket/baru')
  @HttpCode(200)
  async created(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page | void> {
    const { api, t, now } = visitor;
    const offered = await choices(visitor);
    const begun = begin(visitor, offered, form);
    const refuse = (wrong: Wrong): Page => newPage(visitor, offered, form, wrong);
    if ('words' in begun) {
      void visitor.reply.status(422);
      return refuse(begun);
    }
    const { pack, buyer, currency } = begun;
    const [title, description] = [text(form, 'title'), text(form, 'description').replaceAll('\r\n', '\n')];
    if (title === '' || title.length > 250 || description === '') {
      void visitor.reply.status(422);
      return refuse({ words: t('drafting.title.wrong', { n: 250 }), field: title === '' ? 'title' : 'description' });
    }
    const category = CATEGORIES.find((one) => one === text(form, 'category')) ?? 'goods';
    const language = visitor.locale;
    const terms = firstTerms({ title, description, category, language, buyer, currency }, pack, now);
    const drafted = await attempt(visitor, () =>
      api.call('post', '/api/tenders', { body: { buyerId: buyer.id, terms } }),
    );
    if ('wrong' in drafted) return refuse(drafted.wrong);
    return seeOther(visitor, `/kerja/paket/${drafted.done.id}?selesai=1`);
  }

  @Get('kerja/paket/impor')
  async import(@Visit() visitor: Visitor): Promise<Page> {
    return importPage(visitor, await choices(visitor), {});
  }

  @Post('kerja/paket/impor')
  @HttpCode(200)
  async imported(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page> {
    const { api, t, now } = visitor;
    const offered = await choices(visitor);
    const refuse = (wrong: Wrong): Page => {
      if (visitor.reply.statusCode < 400) void visitor.reply.status(422);
      return importPage(visitor, offered, form, wrong);
    };
    const begun = begin(visitor, offered, form);
    if ('words' in begun) return refuse(begun);
    const file = fileOf(form, 'file');
    if (file === undefined) return refuse({ words: t('drafting.file.none'), field: 'file' });
    const releases = parsed(file.bytes);
    if (releases === JSON_WRONG) return refuse({ words: t('drafting.import.not_json'), field: 'file' });
    const { pack, buyer } = begun;
    const body = {
      package: releases as Readonly<Record<string, unknown>>,
      buyerId: buyer.id,
      rulePackId: pack.id,
      suite: 'pq1',
      ...firstDates(pack, now),
    } as const;
    const drafted = await attempt(visitor, () => api.call('post', '/api/tenders/imports', { body }));
    if ('wrong' in drafted)
      return refuse({ words: `${t('drafting.import.refused')} ${drafted.wrong.words}`, field: 'file' });
    return importedPage(visitor, drafted.done);
  }
}

const prepares = ({ me }: Visitor): boolean => me?.roles.some(({ role }) => role === 'preparer') === true;

/** What a person can begin a tender with: the buyers that they prepare for, and the packs. */
async function choices(visitor: Visitor): Promise<Choices> {
  const { api, me } = visitor;
  if (me === undefined) throw new UnauthorizedException();
  if (!prepares(visitor)) throw new ForbiddenException();
  const own = me.roles.flatMap(({ role, organisationId }) => (role === 'preparer' ? (organisationId ?? []) : []));
  const packs = await api.call('get', '/api/rule-packs');
  const buyers: { id: string; name: string }[] = [];
  for (let after: string | undefined; ;) {
    const page = await api.call('get', '/api/organisations', {
      query: { limit: 200, ...(after === undefined ? {} : { after }) },
    });
    buyers.push(...page.items.filter(({ id }) => own.includes(id)).map(({ id, name }) => ({ id, name })));
    after = page.next;
    if (after === undefined || buyers.length === new Set(own).size) return { packs, buyers };
  }
}

type Begun = { readonly buyer: Choices['buyers'][number]; readonly pack: RulePack; readonly currency: string };

function begin({ t }: Visitor, { packs, buyers }: Choices, form: Form): Begun | Wrong {
  const buyer = buyers.find(({ id }) => id === text(form, 'buyerId'));
  if (buyer === undefined) return { words: t('drafting.buyer.wrong'), field: 'buyerId' };
  const chosen = packs.find(({ id }) => id === text(form, 'rulePackId'));
  if (chosen === undefined) return { words: t('drafting.pack.wrong'), field: 'rulePackId' };
  const pack = rulePack(chosen.id);
  const currency = currencyOf(pack, text(form, 'currency') || 'IDR');
  if (currency === undefined) return { words: t('drafting.currency.wrong'), field: 'currency' };
  return { buyer, pack, currency };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : JSON_WRONG;
  } catch {
    return JSON_WRONG;
  }
}
