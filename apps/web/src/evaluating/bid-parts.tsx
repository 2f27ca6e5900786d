/** What an opened bid holds: its documents, answers and prices. */
import type { Offer } from '@segel/procurement';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Card, Note, Summary, Table, Tag, type Tone } from '../look/parts.js';
import type { Key } from '../words/words.js';
import { arithmeticOf, itemsOf, type BoxBid, type LotFacts } from './lot-facts.js';

type Props = { readonly visitor: Visitor; readonly facts: LotFacts; readonly offer: Offer };
type OpenedFile = BoxBid['documents'][number];

/** The price form and the answers are shown as pages show them; their file is not listed beside the documents. */
const FORM = 'offer.json';
const SCANS: Readonly<Record<OpenedFile['scan'], Tone>> = {
  clean: 'ok',
  pending: 'plain',
  infected: 'bad',
  unscannable: 'warn',
  unscanned: 'warn',
};

export function Documents({ visitor, facts, bid, offer }: Props & { readonly bid: BoxBid }): ReactNode {
  const { t } = visitor;
  const slots = facts.tender.terms.slots;
  const labelOf = (path: string): string => {
    const slotId = offer.documents.find((document) => document.path === path)?.slotId;
    return slots.find(({ id }) => id === slotId)?.label ?? t('eval.bid.other_file');
  };
  const files = bid.documents.filter(({ path }) => path !== FORM);
  return (
    <Card id="documents" title={t('eval.bid.documents')}>
      {files.length === 0 ? (
        <p>{t('eval.bid.documents.none')}</p>
      ) : (
        <p className="quiet">{t('eval.bid.documents.how')}</p>
      )}
      <ul className="list">
        {files.map((file) => (
          <li key={file.position}>
            <h3>{labelOf(file.path)}</h3>
            <FileLink visitor={visitor} facts={facts} bid={bid} file={file} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function FileLink({
  visitor: { t, f },
  facts,
  bid,
  file: { position, path, sizeBytes, scan },
}: Omit<Props, 'offer'> & { readonly bid: BoxBid; readonly file: OpenedFile }): ReactNode {
  const address = `/api/tenders/${facts.tender.id}/bids/${bid.id}/documents/${position}`;
  const name = path.split('/').at(-1) ?? path;
  return (
    <>
      <p>
        {scan === 'infected' ? name : <a href={address}>{name}</a>} <span className="quiet">{f.bytes(sizeBytes)}</span>
      </p>
      <p>
        <Tag tone={SCANS[scan]}>{t(`eval.bid.scan.${scan}` satisfies Key)}</Tag>
      </p>
      {scan === 'infected' && (
        <details>
          <summary>{t('eval.bid.infected.get')}</summary>
          <p>{t('eval.bid.infected.how')}</p>
          <p>
            <a href={`${address}?infected=true`}>{t('eval.bid.infected.get')}</a>
          </p>
        </details>
      )}
    </>
  );
}

export function Answers({ visitor: { t }, facts, offer }: Props): ReactNode {
  const { slots } = facts.tender.terms;
  if (offer.answers.length === 0) return null;
  return (
    <Card id="answers" title={t('eval.bid.answers')}>
      <Summary
        lines={offer.answers.map(({ slotId, value }) => [
          slots.find(({ id }) => id === slotId)?.label ?? slotId,
          value === 'yes' ? t('eval.bid.yes') : value === 'no' ? t('eval.bid.no') : value,
        ])}
      />
    </Card>
  );
}

/** The original figures, and beside them what the arithmetic makes of them. */
export function Prices({ visitor, facts, offer }: Props): ReactNode {
  const { t, f } = visitor;
  const { currency } = offer;
  const money = (amount: string): string => f.money({ amount, currency });
  const arithmetic = arithmeticOf(facts, offer);
  const corrected = (itemId: string | undefined, original: string): string => {
    if (arithmetic === undefined) return '–';
    return money(arithmetic.corrections.find((one) => one.itemId === itemId)?.corrected ?? original);
  };
  const items = itemsOf(facts.tender, facts.lotId);
  const lines = offer.prices.map(({ itemId, unitPrice, lineTotal, lumpSum }) => {
    const item = items.find(({ id }) => id === itemId);
    const quantity = item === undefined ? '' : `${f.number(item.quantity)} ${item.unit}`;
    const unit = lumpSum === true ? t('eval.bid.lump') : money(unitPrice);
    return {
      key: itemId,
      cells: [item?.description ?? itemId, quantity, unit, money(lineTotal), corrected(itemId, lineTotal)],
    };
  });
  const total = [t('eval.bid.total'), '', '', money(offer.total), corrected(undefined, offer.total)];
  return (
    <Card id="prices" title={t('eval.bid.prices')}>
      <p className="quiet">{t('eval.bid.prices.how')}</p>
      <Table
        label={t('eval.bid.prices')}
        columns={[
          { name: t('tender.item') },
          { name: t('tender.quantity'), number: true },
          { name: t('eval.bid.unit_price'), number: true },
          { name: t('eval.bid.line'), number: true },
          { name: t('eval.bid.line.corrected'), number: true },
        ]}
        rows={[...lines, { key: 'total', cells: total }]}
      />
      {arithmetic === undefined && <p className="quiet after">{t('eval.bid.no_arithmetic')}</p>}
      {arithmetic?.corrections.length === 0 && <p className="quiet after">{t('eval.bid.correct')}</p>}
      {arithmetic !== undefined && arithmetic.corrections.length > 0 && (
        <Note tone="warn" title={t('eval.result.corrections')}>
          <ul>
            {arithmetic.corrections.map(({ itemId, original, corrected: right }) => (
              <li key={itemId ?? 'total'}>
                {t('eval.result.correction', {
                  item:
                    itemId === undefined
                      ? t('eval.result.total')
                      : (items.find(({ id }) => id === itemId)?.description ?? itemId),
                  original: money(original),
                  corrected: money(right),
                })}
              </li>
            ))}
          </ul>
        </Note>
      )}
    </Card>
  );
}
