/** Every part that pages are made of, shown by itself: what a page of ours may look like, and when to use what. */
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import type { Key } from '../words/words.js';
import { fieldSamples } from './components-fields.js';
import { Crumb, Pager, Tasks } from './lists.js';
import { Page } from './page.js';
import { Card, Hash, Note, Summary, Table, Tag, Timeline, type Tone } from './parts.js';
import { WrongSummary } from './forms.js';

export type Shown = { readonly visitor: Visitor; readonly wrong?: Wrong };

/** A part: its name in the code, and how it looks. Its own name and when to use it stand in the words, by `id`. */
export type Sample = {
  readonly id:
    | 'tag'
    | 'note'
    | 'card'
    | 'summary'
    | 'table'
    | 'timeline'
    | 'tasks'
    | 'pager'
    | 'empty'
    | 'button'
    | 'hash'
    | 'frame'
    | 'form'
    | 'choice'
    | 'file'
    | 'signature';
  readonly code: string;
  readonly shown: ReactNode;
};

const TONES: readonly Tone[] = ['ok', 'warn', 'bad', 'info', 'seal', 'plain'];

export function componentsPage(given: Shown): Page {
  const { visitor, wrong } = given;
  const { t } = visitor;
  return new Page(
    t('parts.title'),
    <>
      <Crumb visitor={visitor} above={[['/status', t('nav.status')]]} />
      <div className="stack">
        <h1>{t('parts.title')}</h1>
        <p className="lead">{t('parts.lead')}</p>
        <WrongSummary visitor={visitor} wrong={wrong} />
        {[...plainSamples(visitor), ...listSamples(visitor), ...fieldSamples(given)].map(({ id, code, shown }) => (
          <Card key={id} id={id} title={t(`parts.${id}` satisfies Key)}>
            <p>
              {t(`parts.${id}.when` satisfies Key)} <code>{code}</code>
            </p>
            {shown}
          </Card>
        ))}
      </div>
    </>,
  );
}

function plainSamples({ t, f }: Visitor): readonly Sample[] {
  const amount = f.money({ amount: '485000000', currency: 'IDR' });
  return [
    { id: 'frame', code: 'Page, Shell, Crumb', shown: <p className="quiet">{t('parts.frame.sample')}</p> },
    {
      id: 'tag',
      code: 'Tag',
      shown: (
        <p className="row">
          {TONES.map((tone) => (
            <Tag key={tone} tone={tone}>
              {t(`parts.tone.${tone}` satisfies Key)}
            </Tag>
          ))}
        </p>
      ),
    },
    {
      id: 'note',
      code: 'Note',
      shown: TONES.map((tone) => (
        <Note key={tone} tone={tone} title={t(`parts.tone.${tone}` satisfies Key)}>
          <p>{t(`parts.note.${tone}` satisfies Key)}</p>
        </Note>
      )),
    },
    { id: 'card', code: 'Card', shown: <p className="quiet">{t('parts.card.sample')}</p> },
    {
      id: 'summary',
      code: 'Summary',
      shown: (
        <Summary
          lines={[
            [t('parts.sample.buyer'), 'Dinas Pendidikan'],
            [t('parts.sample.value'), amount],
            [t('parts.sample.closes'), f.short('2026-11-25T07:00:00.000Z', 'Asia/Jakarta')],
          ]}
        />
      ),
    },
    {
      id: 'hash',
      code: 'Hash',
      shown: <Hash>bGGvLYqv+FWzLZfs3MRbFiKEeVoGtSb9vRprT3RIAiY=</Hash>,
    },
    {
      id: 'button',
      code: '.button, .text-button',
      shown: (
        <p className="row">
          <button type="button" className="button">
            {t('parts.button.act')}
          </button>
          <a className="button" href="#button">
            {t('parts.button.go')}
          </a>
          <button type="button" className="text-button">
            {t('parts.button.aside')}
          </button>
        </p>
      ),
    },
  ];
}

function listSamples(visitor: Visitor): readonly Sample[] {
  const { t, f, href } = visitor;
  const here = href('/komponen');
  const price = (amount: string): string => f.money({ amount, currency: 'IDR' });
  const steps = [
    { key: 'done', name: t('parts.sample.published'), at: '21 Nov', when: 'done' },
    { key: 'now', name: t('parts.sample.closes'), at: '25 Nov', when: 'now' },
    { key: 'next', name: t('parts.sample.opening'), when: 'next' },
  ] as const;
  const tasks = [
    { key: 'a', name: t('parts.sample.company'), to: '/komponen', state: <Tag tone="ok">{t('parts.task.done')}</Tag> },
    {
      key: 'b',
      name: t('parts.sample.papers'),
      to: '/komponen',
      state: <Tag tone="info">{t('parts.task.begun')}</Tag>,
    },
    { key: 'c', name: t('parts.sample.sending'), state: <Tag tone="plain">{t('parts.task.locked')}</Tag> },
  ];
  return [
    {
      id: 'table',
      code: 'Table',
      shown: (
        <Table
          label={t('parts.table')}
          columns={[
            { name: t('parts.sample.rank'), number: true },
            { name: t('parts.sample.company') },
            { name: t('parts.sample.price'), number: true },
          ]}
          rows={[
            { key: '1', cells: ['1', 'CV Maju Bersama', price('452000000')], winner: true },
            { key: '2', cells: ['2', 'PT Karya Sentosa', price('468500000')] },
          ]}
        />
      ),
    },
    { id: 'timeline', code: 'Timeline', shown: <Timeline t={t} steps={steps} /> },
    { id: 'tasks', code: 'Tasks', shown: <Tasks visitor={visitor} tasks={tasks} /> },
    { id: 'pager', code: 'Pager', shown: <Pager visitor={visitor} next={`${here}#pager`} first={here} /> },
    {
      id: 'empty',
      code: 'Note tone="plain"',
      shown: (
        <Note tone="plain" title={t('search.empty')}>
          <p>{t('search.empty.how')}</p>
          <p>
            <a href={href('/tender')}>{t('home.all')}</a>
          </p>
        </Note>
      ),
    },
  ];
}
