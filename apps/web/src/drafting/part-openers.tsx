import type { Schemas } from '@segel/client';
import type { OpenerGroup, TenderTerms } from '@segel/procurement';
import type { ReactNode } from 'react';
import { attempt, text, texts, type Form, type Wrong } from '../http/form.js';
import { Card, Note, Table, Tag } from '../look/parts.js';
import { officials, type Draft } from './draft.js';
import { Check, TermsForm, typed, type Editing } from './fields.js';
import type { Part } from './part.js';

/** Everybody of one institution who may hold a key. */
type Institution = {
  readonly id: string;
  readonly name: string;
  readonly people: readonly { readonly id: string; readonly name: string }[];
};

/** One group an institution: who holds a key, and how many of them are enough. */
export const OPENERS: Part = {
  body: async (editing) => {
    const { visitor, draft } = editing;
    const { t } = visitor;
    const [institutions, keys] = await Promise.all([institutionsOf(editing), keysCard(editing)]);
    return (
      <>
        <Note tone="seal">
          <p>{t('drafting.openers.how', { n: Math.max(1, draft.pack.openerGroupsMinimum) })}</p>
        </Note>
        {draft.terms.groups.length > 0 && keys}
        {institutions.length === 0 ? (
          <p>{t('drafting.openers.none')}</p>
        ) : (
          <TermsForm editing={editing} path="pembuka" id="openers">
            {institutions.map((institution) => (
              <GroupFields key={institution.id} editing={editing} institution={institution} />
            ))}
          </TermsForm>
        )}
      </>
    );
  },
  change: async (editing, form) => {
    const institutions = await institutionsOf(editing);
    const groups: OpenerGroup[] = [];
    for (const institution of institutions) {
      const group = groupOf(editing, institution, form);
      if (group === undefined) continue;
      if ('words' in group) return group;
      groups.push(group);
    }
    const named = groups.map(({ name }) => name);
    if (new Set(named).size < named.length)
      return { words: editing.visitor.t('drafting.finding.group_name_repeated'), field: 'openers' };
    const wrong = await joinTeam(editing, groups);
    return wrong ?? ({ ...editing.draft.terms, groups } satisfies TenderTerms);
  },
};

async function institutionsOf({ visitor }: Editing): Promise<readonly Institution[]> {
  const people = await officials(visitor, 'opener');
  const ids = [...new Set(people.map(({ organisationId }) => organisationId))];
  return ids.map((id) => {
    const own = people.filter(({ organisationId }) => organisationId === id);
    return { id, name: own[0]?.organisationName ?? '', people: own };
  });
}

const chosenIn = (draft: Draft, institution: Institution): OpenerGroup | undefined =>
  draft.terms.groups.find(({ openerIds }) => institution.people.some(({ id }) => openerIds.includes(id)));

function GroupFields({
  editing,
  institution,
}: {
  readonly editing: Editing;
  readonly institution: Institution;
}): ReactNode {
  const { visitor, draft, form } = editing;
  const { t } = visitor;
  const group = chosenIn(draft, institution);
  const isChosen = (id: string): boolean =>
    form === undefined
      ? draft.terms.groups.some(({ openerIds }) => openerIds.includes(id))
      : texts(form, 'opener').includes(id);
  const field = `k-${institution.id}`;
  return (
    <fieldset>
      <legend>
        {institution.name}{' '}
        <Tag tone={institution.id === draft.tender.buyerId ? 'plain' : 'seal'}>
          {t(institution.id === draft.tender.buyerId ? 'tender.internal' : 'tender.external')}
        </Tag>
      </legend>
      {institution.people.map(({ id, name }) => (
        <Check key={id} id={`opener-${id}`} name="opener" value={id} checked={isChosen(id)}>
          {name}
        </Check>
      ))}
      <div className="field">
        <label htmlFor={field}>{t('drafting.openers.k', { name: institution.name })}</label>
        <input
          id={field}
          name={field}
          type="number"
          min={1}
          max={31}
          defaultValue={typed(editing, field, String(group?.k ?? 2))}
        />
      </div>
    </fieldset>
  );
}

function groupOf(
  { visitor: { t }, draft }: Editing,
  institution: Institution,
  form: Form,
): OpenerGroup | Wrong | undefined {
  const chosen = texts(form, 'opener');
  const openerIds = institution.people.filter(({ id }) => chosen.includes(id)).map(({ id }) => id);
  if (openerIds.length === 0) return undefined;
  const field = `k-${institution.id}`;
  const k = Number(text(form, field));
  if (!Number.isInteger(k) || k < 1 || k > 32) return { words: t('drafting.finding.threshold_wrong'), field };
  const before = chosenIn(draft, institution);
  // Who was chosen keeps the place that they had: order alone is no change.
  const kept = before?.openerIds.filter((id) => openerIds.includes(id)) ?? [];
  return {
    name: before?.name ?? institution.name.slice(0, 60),
    institution: before?.institution ?? institution.name,
    external: institution.id !== draft.tender.buyerId,
    k,
    openerIds: [...kept, ...openerIds.filter((id) => !kept.includes(id))],
  };
}

/** Openers are of the team before the terms name them: their keys count only then. */
async function joinTeam({ visitor, draft }: Editing, groups: readonly OpenerGroup[]): Promise<Wrong | undefined> {
  const known = draft.tender.team?.filter(({ role }) => role === 'opener').map(({ accountId }) => accountId) ?? [];
  for (const accountId of groups.flatMap(({ openerIds }) => openerIds)) {
    if (known.includes(accountId)) continue;
    const path = { tenderId: draft.tender.id };
    const body = { accountId, role: 'opener' } as const;
    const joined = await attempt(visitor, () =>
      visitor.api.call('post', '/api/tenders/{tenderId}/team', { path, body }),
    );
    if ('wrong' in joined) return { ...joined.wrong, field: `opener-${accountId}` };
  }
  return undefined;
}

type KeyState = Pick<Schemas['ReadinessView'], 'openerId' | 'state'>;

/** Who has made a key for this tender, and who proved to hold it still. */
async function keysOf({
  visitor: { api },
  draft,
}: Editing): Promise<{ keys: Set<string>; ready: readonly KeyState[] }> {
  const path = { tenderId: draft.tender.id };
  const [keys, ready] = await Promise.all([
    api.call('get', '/api/tenders/{tenderId}/opener-keys', { path }),
    api.find('/api/tenders/{tenderId}/readiness', { path }),
  ]);
  return { keys: new Set(keys.map(({ openerId }) => openerId)), ready: ready ?? [] };
}

async function keysCard(editing: Editing): Promise<ReactNode> {
  const { visitor, draft } = editing;
  const { t } = visitor;
  const { keys, ready } = await keysOf(editing);
  const names = new Map(draft.tender.team?.map(({ accountId, name }) => [accountId, name]));
  return (
    <Card id="keys" title={t('drafting.keys')}>
      <p>{t('drafting.keys.how')}</p>
      <Table
        label={t('drafting.keys')}
        columns={[{ name: t('drafting.who') }, { name: t('tender.openers') }, { name: t('drafting.key') }]}
        rows={draft.terms.groups.flatMap((group) =>
          group.openerIds.map((id) => ({
            key: id,
            cells: [
              names.get(id) ?? '',
              group.institution,
              <Tag tone={keys.has(id) ? 'ok' : 'warn'}>
                {keys.has(id) ? t(readyKey(ready.find(({ openerId }) => openerId === id))) : t('drafting.key.missing')}
              </Tag>,
            ],
          })),
        )}
      />
    </Card>
  );
}

const readyKey = (
  one: KeyState | undefined,
): 'drafting.key.registered' | `drafting.key.${Exclude<KeyState['state'], 'not_asked'>}` =>
  one === undefined || one.state === 'not_asked' ? 'drafting.key.registered' : `drafting.key.${one.state}`;
