import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Schemas } from '@segel/client';
import { attempt, seeOther, type Wrong } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import { PostForm } from '../look/forms.js';
import type { Page } from '../look/page.js';
import { Note, Table, Tag } from '../look/parts.js';
import { loadDraft, type Draft } from './draft.js';
import { tenderPageOf } from './fields.js';

type Asked = readonly Schemas['ReadinessView'][];

const TONES = { ready: 'ok', asked: 'warn', not_asked: 'plain', key_revoked: 'bad' } as const;

/** Whether a published tender's openers still hold their keys, while there is time to replace one. */
@Controller(['', 'en'])
export class ReadinessController {
  @Get('kerja/paket/:tenderId/kesiapan')
  async page(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Query('selesai') done: unknown,
  ): Promise<Page> {
    return this.shown(visitor, await loadDraft(visitor, tenderId), { done: done === '1' });
  }

  @Post('kerja/paket/:tenderId/kesiapan')
  @HttpCode(200)
  async ask(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string): Promise<Page | void> {
    const path = { tenderId };
    const asked = await attempt(visitor, () =>
      visitor.api.call('post', '/api/tenders/{tenderId}/readiness', { path, body: {} as never }),
    );
    if ('wrong' in asked) return this.shown(visitor, await loadDraft(visitor, tenderId), asked);
    return seeOther(visitor, `/kerja/paket/${tenderId}/kesiapan?selesai=1`);
  }

  private async shown(visitor: Visitor, draft: Draft, said: Said): Promise<Page> {
    const path = { tenderId: draft.tender.id };
    const openers = await visitor.api.find('/api/tenders/{tenderId}/readiness', { path });
    return readinessPage(visitor, draft, openers ?? [], said);
  }
}

type Said = { readonly wrong?: Wrong; readonly done?: boolean };

function readinessPage(visitor: Visitor, draft: Draft, openers: Asked, { wrong, done = false }: Said): Page {
  const { t, f, now } = visitor;
  const { tender, terms, pack, prepares, approves } = draft;
  const zone = pack.calendar.timeZone;
  const names = new Map(tender.team?.map(({ accountId, name }) => [accountId, name]));
  const institutions = new Map(terms.groups.map(({ name, institution }) => [name, institution]));
  const open = tender.state === 'tendering' && now < new Date(tender.deadlineAt ?? 0);
  return tenderPageOf(
    { visitor, draft, ...(wrong === undefined ? {} : { wrong }) },
    {
      title: t('drafting.ready.title'),
      lead: t('drafting.ready.lead'),
      children: (
        <>
          {done && (
            <Note tone="ok">
              <p role="status">{t('drafting.ready.sent')}</p>
            </Note>
          )}
          {openers.length === 0 ? (
            <p>{t('drafting.ready.none')}</p>
          ) : (
            <Table
              label={t('drafting.ready.title')}
              columns={[
                { name: t('drafting.who') },
                { name: t('drafting.ready.group') },
                { name: t('drafting.ready.state') },
                { name: t('drafting.ready.when') },
              ]}
              rows={openers.map((one) => ({
                key: one.openerId,
                cells: [
                  names.get(one.openerId) ?? '',
                  t('drafting.ready.of', { group: institutions.get(one.group) ?? one.group, k: one.k }),
                  <Tag tone={TONES[one.state]}>{t(`drafting.ready.${one.state}`)}</Tag>,
                  whenOf(one, (at) => f.short(at, zone)),
                ],
              }))}
            />
          )}
          {open && (prepares || approves) && (
            <PostForm visitor={visitor} action={`/kerja/paket/${tender.id}/kesiapan`} className="row">
              <button className="button" type="submit">
                {t('drafting.ready.ask')}
              </button>
            </PostForm>
          )}
        </>
      ),
    },
  );
}

const whenOf = ({ askedAt, provedAt }: Asked[number], moment: (at: string) => string): string => {
  const at = provedAt ?? askedAt;
  return at === undefined ? '' : moment(at);
};
