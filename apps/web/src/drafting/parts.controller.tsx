import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { text, seeOther, type Form } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { Note } from '../look/parts.js';
import { loadDraft, loadForChange, saveTerms } from './draft.js';
import { tenderPageOf, type Editing } from './fields.js';
import { overviewPage } from './overview-page.js';
import { isWrong, type Part } from './part.js';
import { CRITERIA } from './part-criteria.js';
import { ITEMS } from './part-items.js';
import { METHOD } from './part-method.js';
import { OPENERS } from './part-openers.js';
import { SCHEDULE } from './part-schedule.js';
import { SLOTS } from './part-slots.js';
import { WHAT } from './part-what.js';

const PARTS = {
  isi: WHAT,
  aturan: METHOD,
  jadwal: SCHEDULE,
  barang: ITEMS,
  kriteria: CRITERIA,
  syarat: SLOTS,
  pembuka: OPENERS,
} as const satisfies Readonly<Record<string, Part>>;
type Name = keyof typeof PARTS;

/** A tender as a list of tasks, and the page of each part of its terms. */
@Controller(['', 'en'])
export class PartsController {
  @Get('kerja/paket/:tenderId')
  async overview(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Query('selesai') done: unknown,
  ): Promise<Page> {
    return overviewPage({ visitor, draft: await loadDraft(visitor, tenderId), done: done === '1' });
  }

  @Get('kerja/paket/:tenderId/:part')
  async part(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Param('part') part: string,
    @Query('selesai') done: unknown,
  ): Promise<Page> {
    const name = nameOf(part);
    return partPage({ visitor, draft: await loadForChange(visitor, tenderId), done: done === '1' }, name);
  }

  @Post('kerja/paket/:tenderId/:part')
  @HttpCode(200)
  async change(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Param('part') part: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const name = nameOf(part);
    const draft = await loadForChange(visitor, tenderId);
    const editing = { visitor, draft, form };
    const terms = await PARTS[name].change(editing, form);
    if (isWrong(terms)) {
      if (visitor.reply.statusCode < 400) void visitor.reply.status(422);
      return partPage({ ...editing, wrong: terms }, name);
    }
    if (text(form, 'act') === 'check') return partPage(editing, name);
    const refused = await saveTerms(visitor, draft, form, terms);
    if (refused !== undefined) return partPage({ ...editing, wrong: refused.wrong }, name);
    return seeOther(visitor, `/kerja/paket/${tenderId}/${name}?selesai=1`);
  }
}

function nameOf(part: string): Name {
  if (!Object.hasOwn(PARTS, part)) throw new NotFoundException();
  return part as Name;
}

async function partPage(editing: Editing, name: Name): Promise<Page> {
  const { t, href } = editing.visitor;
  const { draft } = editing;
  const around = { title: t(`drafting.task.${name}`), lead: t(`drafting.task.${name}.lead`) };
  if (draft.mode === 'fixed')
    return tenderPageOf(editing, {
      ...around,
      children: (
        <Note tone="warn">
          <p>{t('drafting.fixed')}</p>
        </Note>
      ),
    });
  const children = (
    <>
      {draft.mode === 'addendum' && (
        <Note tone="warn">
          <p>
            {t('drafting.is_addendum')}{' '}
            <a href={href(`/kerja/paket/${draft.tender.id}/adendum`)}>{t('drafting.addendum.title')}</a>
          </p>
        </Note>
      )}
      {await PARTS[name].body(editing)}
      <p>
        <a href={href(`/kerja/paket/${draft.tender.id}`)}>{t('drafting.back')}</a>
      </p>
    </>
  );
  return tenderPageOf(editing, { ...around, children });
}
