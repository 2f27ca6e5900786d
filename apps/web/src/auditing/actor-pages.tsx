/** Whose acts an auditor looks for. Names and e-mail addresses are posted and never stand in an address; the page that
 *  answers leads on by ids. */
import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Field } from '../look/parts.js';
import { trailAddress, type TrailFilter } from './trail-filter.js';

type Kept = Pick<TrailFilter, 'tenderId' | 'type' | 'from' | 'until'>;
type SearchProps = { readonly visitor: Visitor; readonly filter: Kept; readonly words: string };

/** Keeps what else was asked for. */
export const ActorSearch = ({ visitor, filter, words }: SearchProps): ReactNode => {
  const { t } = visitor;
  const kept = { tender: filter.tenderId, jenis: filter.type, dari: filter.from, sampai: filter.until };
  return (
    <PostForm visitor={visitor} action="/kerja/audit/pelaku" className="card">
      <Field name="words" label={t('aud.who')} hint={t('aud.who.hint')} value={words} autoComplete="off" required />
      {Object.entries(kept).map(
        ([name, value]) => value !== '' && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <button className="button">{t('aud.who.find')}</button>
    </PostForm>
  );
};

type Answer = { readonly words: string; readonly wrong?: Wrong; readonly found?: Schemas['FoundActorsView'] };

export function actorsPage(visitor: Visitor, filter: TrailFilter, { words, wrong, found }: Answer): Page {
  const { t } = visitor;
  return new Page(
    t('aud.who.title'),
    <>
      <Crumb visitor={visitor} above={[['/kerja/audit', t('aud.trail')]]} />
      <div className="stack">
        <h1>{t('aud.who.title')}</h1>
        <WrongSummary visitor={visitor} wrong={wrong} />
        <ActorSearch visitor={visitor} filter={filter} words={words} />
        {found !== undefined && (
          <Card id="found" title={t('aud.who.found', { n: found.items.length })}>
            {found.items.length === 0 ? (
              <p>{t('aud.who.none')}</p>
            ) : (
              <ul>
                {found.items.map((one) => (
                  <li key={one.id}>
                    <FoundActor visitor={visitor} filter={filter} actor={one} />
                  </li>
                ))}
              </ul>
            )}
          </Card>
        )}
      </div>
    </>,
    { at: '/kerja' },
  );
}

function FoundActor({
  visitor: { t, href },
  filter,
  actor: { kind, id, name, email, roles },
}: {
  readonly visitor: Visitor;
  readonly filter: TrailFilter;
  readonly actor: Schemas['FoundActorView'];
}): ReactNode {
  const chosen = kind === 'person' ? { actorId: id, vendorId: '' } : { actorId: '', vendorId: id };
  return (
    <>
      <a href={href(trailAddress('/kerja/audit', { ...filter, ...chosen, after: '' }))}>{name}</a>{' '}
      <span className="quiet">
        {[t(kind === 'person' ? 'aud.person' : 'aud.company'), email, roles.join(', ')]
          .filter((words) => words !== undefined && words !== '')
          .join(' · ')}
      </span>
    </>
  );
}
