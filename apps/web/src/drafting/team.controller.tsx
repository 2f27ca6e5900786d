import type { Schemas } from '@segel/client';
import { excludes, type TenderRole } from '@segel/procurement';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { ReactNode } from 'react';
import { attempt, seeOther, text, type Form, type Wrong } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import { PostForm } from '../look/forms.js';
import type { Page } from '../look/page.js';
import { Card, Note } from '../look/parts.js';
import { loadForChange, officials } from './draft.js';
import { tenderPageOf, type Editing } from './fields.js';

const ROLES = ['preparer', 'approver', 'evaluator', 'award_authority', 'reviewer'] as const;
/** These act for the buyer, so they are the buyer's own people. */
const OF_BUYER: readonly TenderRole[] = ['preparer', 'approver', 'award_authority'];

type Candidates = Readonly<Record<string, readonly Schemas['Official'][]>>;

/** Who answers for what on a tender; one person never holds two duties that check each other. */
@Controller(['', 'en'])
export class TeamController {
  @Get('kerja/paket/:tenderId/tim')
  async page(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Query('selesai') done: unknown,
  ): Promise<Page> {
    return teamPage({ visitor, draft: await loadForChange(visitor, tenderId), done: done === '1' });
  }

  @Post('kerja/paket/:tenderId/tim')
  @HttpCode(200)
  async change(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const { api, t } = visitor;
    const draft = await loadForChange(visitor, tenderId);
    const role = [...ROLES, 'opener' as const].find((one) => one === text(form, 'role'));
    const accountId = text(form, 'accountId');
    const path = { tenderId };
    if (role === undefined || accountId === '') {
      void visitor.reply.status(422);
      return teamPage({
        visitor,
        draft,
        wrong: { words: t('drafting.team.nobody'), field: `add-${role ?? 'approver'}` },
      });
    }
    const body = { accountId, role };
    const changed = await attempt<unknown>(visitor, () =>
      text(form, 'act') === 'remove'
        ? api.call('post', '/api/tenders/{tenderId}/team/removal', { path, body })
        : api.call('post', '/api/tenders/{tenderId}/team', { path, body }),
    );
    if ('wrong' in changed)
      return teamPage({
        visitor,
        draft,
        wrong: { ...explained({ visitor, draft }, body, changed.wrong), field: `add-${role}` },
      });
    return seeOther(visitor, `/kerja/paket/${tenderId}/tim?selesai=1`);
  }
}

/** A refusal for two duties names them. */
function explained(
  { visitor: { t }, draft }: Editing,
  { accountId, role }: { readonly accountId: string; readonly role: TenderRole },
  wrong: Wrong,
): Wrong {
  const held = draft.tender.team?.filter((member) => member.accountId === accountId) ?? [];
  const other = held.find((member) => excludes(member.role, role, draft.pack));
  if (other === undefined) return wrong;
  const duties = { name: other.name, held: t(`role.${other.role}`), role: t(`role.${role}`) };
  return { words: `${t('drafting.team.conflict', duties)} ${wrong.words}` };
}

async function teamPage(editing: Editing): Promise<Page> {
  const { visitor, draft } = editing;
  const { t } = visitor;
  const found = await Promise.all(ROLES.map(async (role) => [role, await officials(visitor, role)] as const));
  const candidates: Candidates = Object.fromEntries(found);
  const openers = draft.tender.team?.filter(({ role }) => role === 'opener') ?? [];
  const children = (
    <>
      <Note tone="info">
        <p>{t('drafting.team.how', { n: draft.pack.evaluatorMinimum })}</p>
      </Note>
      {ROLES.map((role) => (
        <RoleCard key={role} editing={editing} role={role} candidates={candidates[role] ?? []} />
      ))}
      {openers.length > 0 && <RoleCard editing={editing} role="opener" candidates={[]} />}
    </>
  );
  return tenderPageOf(editing, { title: t('drafting.task.tim'), lead: t('drafting.task.tim.lead'), children });
}

type CardProps = {
  readonly editing: Editing;
  readonly role: TenderRole;
  readonly candidates: readonly Schemas['Official'][];
};

function RoleCard({ editing, role, candidates }: CardProps): ReactNode {
  const { visitor, draft } = editing;
  const { t } = visitor;
  const members = draft.tender.team?.filter((member) => member.role === role) ?? [];
  const free = candidates.filter(
    ({ id, organisationId }) =>
      !members.some(({ accountId }) => accountId === id) &&
      (!OF_BUYER.includes(role) || organisationId === draft.tender.buyerId),
  );
  const action = `/kerja/paket/${draft.tender.id}/tim`;
  return (
    <Card id={`role-${role}`} title={t(`role.${role}`)}>
      <p className="quiet">{t(`drafting.team.${role}`)}</p>
      {members.length === 0 && <p>{t('drafting.team.none')}</p>}
      <ul className="list">
        {members.map(({ accountId, name }) => (
          <li key={accountId}>
            <PostForm visitor={visitor} action={action} className="row">
              <input type="hidden" name="role" value={role} />
              <input type="hidden" name="accountId" value={accountId} />
              <span>{name}</span>
              <button className="text-button" name="act" value="remove" aria-label={`${t('drafting.remove')}: ${name}`}>
                {t('drafting.remove')}
              </button>
            </PostForm>
          </li>
        ))}
      </ul>
      {free.length > 0 && (
        <PostForm visitor={visitor} action={action} className="form">
          <input type="hidden" name="role" value={role} />
          <div className="field">
            <label htmlFor={`add-${role}`}>{t('drafting.team.add', { role: t(`role.${role}`) })}</label>
            <select id={`add-${role}`} name="accountId" defaultValue="">
              <option value="">{t('drafting.team.choose')}</option>
              {free.map(({ id, name, organisationName }) => (
                <option key={id} value={id}>
                  {name} ({organisationName})
                </option>
              ))}
            </select>
          </div>
          <button className="button">{t('drafting.team.join')}</button>
        </PostForm>
      )}
    </Card>
  );
}
