/** Places where the island says how far it is; empty and hidden until then. */
import type { ReactNode } from 'react';
import type { Reader } from '../words/reader.js';
import { Summary } from '../look/parts.js';

type Props = { readonly visitor: Reader };

export const FaultsPanel = (): ReactNode => (
  <section id="faults" className="card wrong" aria-labelledby="faults-title" tabIndex={-1} hidden>
    <h2 id="faults-title" />
    <ul id="faults-list" />
    <p id="faults-how" />
  </section>
);

export const WaitingPanel = ({ visitor: { t } }: Props): ReactNode => (
  <section id="waiting" className="card" aria-labelledby="waiting-title" hidden>
    <h2 id="waiting-title">{t('bid.waiting')}</h2>
    <ul id="waiting-list" className="list" />
    <p id="waiting-status" role="status" />
  </section>
);

export const ProgressPanel = ({ visitor: { t }, title }: Props & { readonly title?: string }): ReactNode => (
  <section id="progress" className="card" aria-labelledby="progress-title" tabIndex={-1} hidden>
    <h2 id="progress-title">{title ?? t('bid.progress')}</h2>
    <p id="phase" role="status" />
    <progress id="bar" max={100} aria-labelledby="progress-title" />
    <p id="numbers" className="n quiet" />
    <p id="closing" className="note seal" />
    <p id="known" className="quiet" />
    <ul id="warnings" className="note warn" hidden />
    <div id="failure" className="note bad" role="alert" hidden>
      <h3>{t('seal.failed')}</h3>
      <p id="failure-words" />
    </div>
    <p className="row" id="failure-ways" hidden>
      <button type="button" className="button" id="retry">
        {t('bid.retry')}
      </button>
      <button type="button" className="button" id="back">
        {t('bid.back')}
      </button>
      <button type="button" className="button" id="anyway" hidden>
        {t('bid.anyway')}
      </button>
      <button type="button" className="text-button" id="forget" hidden>
        {t('bid.forget')}
      </button>
    </p>
  </section>
);

export const ReceiptPanel = ({ visitor: { t } }: Props): ReactNode => (
  <section id="receipt" className="card" aria-labelledby="receipt-title" hidden>
    <h2 id="receipt-title" tabIndex={-1}>
      {t('bid.receipt')}
    </h2>
    <p className="note ok">{t('bid.receipt.proven')}</p>
    <Summary
      lines={[
        [t('bid.at'), <span key="at" id="receipt-at" />],
        [t('bid.seen'), <span key="seen" id="receipt-seen" />],
        [t('bid.index'), <a key="index" id="receipt-index" href="#receipt" />],
        [t('bid.fingerprint'), <span key="sha" id="receipt-sha" className="hash" />],
      ]}
    />
    <ul id="receipt-notes" className="note plain" hidden />
    <p className="row">
      <a className="button" id="receipt-file" href="#receipt">
        {t('bid.receipt.file')}
      </a>
      <a className="button" id="receipt-seed" href="#receipt">
        {t('bid.receipt.seed')}
      </a>
    </p>
    <p className="quiet" id="receipt-seed-why">
      {t('bid.receipt.seed_why')}
    </p>
    <p className="row">
      <a id="receipt-pdf" href="#receipt">
        {t('bid.receipt.pdf')}
      </a>
      <a id="receipt-page" href="#receipt">
        {t('bid.receipt.page')}
      </a>
    </p>
  </section>
);
