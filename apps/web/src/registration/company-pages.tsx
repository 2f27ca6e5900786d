/** The registration of a company: a task list, one page a task, and what is checked before it is sent. */
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Field, Note, Summary, Tag } from '../look/parts.js';
import { isKey, type Key } from '../words/words.js';
import { isComplete, stateOf, taskFields, TASKS, type CompanyField, type Draft, type Task } from './company-form.js';

const HOME = '/daftar/perusahaan';
const TONE = { none: 'plain', partial: 'warn', done: 'ok' } as const;
const tasks = Object.keys(TASKS) as Task[];

/** The hint of a field, where there is one. */
const hintOf = ({ t }: Visitor, name: string): string | undefined => {
  const key = `field.${name}.hint`;
  return isKey(key) ? t(key as 'field.country.hint') : undefined;
};

type Saved = { readonly draft: Draft; readonly savedAt?: string };

export function tasksPage(visitor: Visitor, { draft, savedAt }: Saved): Page {
  const { t, f, href } = visitor;
  return new Page(
    t('company.title'),
    <div className="stack">
      <h1>{t('company.title')}</h1>
      <p className="lead">{t('company.lead')}</p>
      {savedAt !== undefined && <p className="quiet">{t('company.saved', { at: f.short(savedAt, 'Asia/Jakarta') })}</p>}
      <ol className="tasks card">
        <li>
          <span>{t('company.task.account')}</span>
          <Tag tone="ok">{t('company.state.done')}</Tag>
        </li>
        {tasks.map((task) => {
          const state = stateOf(task, draft);
          return (
            <li key={task}>
              <a href={href(`${HOME}/${task}`)}>{t(TASKS[task].key)}</a>
              <Tag tone={TONE[state]}>{t(`company.state.${state}` satisfies Key)}</Tag>
            </li>
          );
        })}
        <li>
          <span>{t('company.task.documents')}</span>
          <span className="quiet">{t('company.task.documents.later')}</span>
        </li>
      </ol>
      <p>
        <a className="button" href={href(`${HOME}/kirim`)}>
          {t('company.check')}
        </a>
      </p>
    </div>,
    { at: '/kerja' },
  );
}

export function taskPage(visitor: Visitor, task: Task, draft: Draft, wrong?: Wrong): Page {
  const { t } = visitor;
  const title = t(TASKS[task].key);
  return new Page(
    title,
    <>
      <Crumb visitor={visitor} above={[[HOME, t('company.title')]]} />
      <div className="stack">
        <h1>{title}</h1>
        <WrongSummary visitor={visitor} wrong={wrong} />
        <PostForm visitor={visitor} action={`${HOME}/${task}`} className="card form">
          {taskFields(task).map(({ name, required, type }: CompanyField) => (
            <Field
              key={name}
              name={name}
              type={type ?? 'text'}
              label={`${t(`field.${name}`)} (${required === true ? t('company.required') : t('form.optional')})`}
              {...hinted(hintOf(visitor, name))}
              value={draft[name] ?? ''}
            />
          ))}
          <button className="button">{t('company.save')}</button>
        </PostForm>
      </div>
    </>,
    { at: '/kerja' },
  );
}

const hinted = (hint: string | undefined): { readonly hint?: string } => (hint === undefined ? {} : { hint });

export function checkPage(visitor: Visitor, draft: Draft, wrong?: Wrong): Page {
  const { t, href } = visitor;
  return new Page(
    t('company.check.title'),
    <>
      <Crumb visitor={visitor} above={[[HOME, t('company.title')]]} />
      <div className="stack">
        <h1>{t('company.check.title')}</h1>
        <WrongSummary visitor={visitor} wrong={wrong} />
        {tasks.map((task) => (
          <Card key={task} id={task} title={t(TASKS[task].key)}>
            <Summary
              lines={taskFields(task).map(({ name }) => [
                t(`field.${name}`),
                (draft[name] ?? '') === '' ? <span className="quiet">{t('company.empty')}</span> : draft[name],
              ])}
            />
            <p>
              <a href={href(`${HOME}/${task}`)}>
                {t('company.change')} <span className="unseen">{t(TASKS[task].key)}</span>
              </a>
            </p>
          </Card>
        ))}
        {isComplete(draft) ? (
          <PostForm visitor={visitor} action={`${HOME}/kirim`} className="card form">
            <label className="check">
              <input type="checkbox" id="declared" name="declared" value="1" />
              <span>{t('company.check.declare')}</span>
            </label>
            <button className="button">{t('company.check.send')}</button>
          </PostForm>
        ) : (
          <Note tone="warn">
            <p>{t('company.check.missing')}</p>
          </Note>
        )}
      </div>
    </>,
    { at: '/kerja' },
  );
}
