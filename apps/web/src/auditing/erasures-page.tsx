import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, TextArea, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Hash, Note, Summary } from '../look/parts.js';

type Said = { readonly wrong?: Wrong; readonly done?: boolean };

export function erasuresPage(visitor: Visitor, { items, next }: Schemas['ErasurePage'], said: Said): Page {
  const { t, href } = visitor;
  return new Page(
    t('aud.erasures'),
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <h1>{t('aud.erasures')}</h1>
        <p className="lead">{t('aud.erasures.lead')}</p>
        <WrongSummary visitor={visitor} wrong={said.wrong} />
        {said.done === true && <Note tone="ok">{t('aud.erasures.done')}</Note>}
        {items.length === 0 && <p>{t('aud.erasures.none')}</p>}
        {items.map((request) => (
          <Request key={request.id} visitor={visitor} request={request} />
        ))}
        {next !== undefined && <a href={href(`/kerja/penghapusan?hal=${next}`)}>{t('aud.trail.next')}</a>}
      </div>
    </>,
    { at: '/kerja' },
  );
}

type Props = { readonly visitor: Visitor; readonly request: Schemas['ErasureView'] };

function Request({ visitor, request }: Props): ReactNode {
  const { t, f, href } = visitor;
  const { id, state, entryId, accountId, type, reason, requestedBy, requestedAt } = request;
  const action = `/kerja/penghapusan/${id}`;
  return (
    <Card id={`request-${id}`} title={`${type ?? t('aud.actor')}: ${t(`aud.erasure.${state}`)}`}>
      <Summary
        lines={[
          [t('aud.erasure.reason'), <code>{reason}</code>],
          [t('aud.at'), f.short(requestedAt, 'Asia/Jakarta')],
          [t('aud.actor'), <Hash>{requestedBy}</Hash>],
          entryId !== undefined && [
            t('aud.erasure.of'),
            <a href={href(`/kerja/audit/catatan/${entryId}`)}>
              <Hash>{entryId}</Hash>
            </a>,
          ],
          accountId !== undefined && [t('aud.erasure.of'), <Hash>{accountId}</Hash>],
        ]}
      />
      {state === 'requested' && (
        <>
          <PostForm visitor={visitor} action={action} className="form">
            <button className="button" name="decision" value="confirm">
              {t('aud.erasure.confirm')}
            </button>
          </PostForm>
          <details>
            <summary>{t('aud.erasure.decline')}</summary>
            <PostForm visitor={visitor} action={action} className="form">
              <TextArea name="note" label={t('aud.erasure.note')} required />
              <button className="button" name="decision" value="decline">
                {t('aud.erasure.decline')}
              </button>
            </PostForm>
          </details>
        </>
      )}
    </Card>
  );
}
