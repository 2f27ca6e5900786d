/** What the kit shows before it seals. The form is the bid page's own. */
import { kitFingerprint, type KitFile } from '@segel/acts';
import type { RulePack, TenderTerms } from '@segel/procurement';
import type { ReactNode } from 'react';
import type { BidForm } from '../../bidding/bid-form.js';
import { FilesCard, KeyFields, PricesCard } from '../../bidding/workspace-fields.js';
import { FaultsPanel, ProgressPanel } from '../../bidding/workspace-panels.js';
import { Card, Note, Summary } from '../../look/parts.js';
import { PickFile } from '../../look/pick-file.js';
import type { Reader } from '../../words/reader.js';
import { program } from './reader.js';

/** A kit that can be used. */
export type KitFacts = {
  readonly file: KitFile;
  readonly vendorId: string;
  readonly terms: TenderTerms;
  readonly pack: RulePack;
  /** In which the tender's times are told. */
  readonly zone: string;
};

type Shown = { readonly visitor: Reader };

/** Head and foot, as on the pages of the server. */
export const Around = ({ visitor: { t, locale }, children }: Shown & { readonly children: ReactNode }): ReactNode => (
  <>
    <header className="top">
      <div className="wide">
        <span className="mark">Segel</span>
        <div className="me">
          <a href={locale === 'id' ? '#en' : '#id'} lang={locale === 'id' ? 'en' : 'id'}>
            {t('kit.language')}
          </a>
        </div>
      </div>
    </header>
    <main className="wide stack">{children}</main>
    <footer className="foot">
      <div className="wide">
        <p className="hash">{t('kit.program', { sha256: `${program.version} ${program.bundle_sha256}` })}</p>
      </div>
    </footer>
  </>
);

export const Start = ({ visitor, limit }: Shown & { readonly limit: number }): ReactNode => {
  const { t, f } = visitor;
  return (
    <Around visitor={visitor}>
      <h1>{t('kit.title')}</h1>
      <p className="lead">{t('kit.lead')}</p>
      <Card id="choose" title={t('kit.choose')}>
        <div className="field">
          <PickFile
            id="kit-file"
            label={t('kit.tender')}
            hint={t('kit.choose.hint')}
            accept=".json"
            choose={t('bid.file.choose')}
            none={t('bid.file.none')}
          />
        </div>
        <p className="row" id="lots" />
      </Card>
      <p className="quiet">{t('kit.memory', { size: f.bytes(limit) })}</p>
    </Around>
  );
};

type WorkspaceProps = Shown & { readonly facts: KitFacts; readonly form: BidForm; readonly late: boolean };

export const Workspace = ({ visitor, facts, form, late }: WorkspaceProps): ReactNode => {
  const { t } = visitor;
  const { kit, standing } = facts.file;
  return (
    <Around visitor={visitor}>
      <h1 id="tender" tabIndex={-1}>
        {kit.lots.length > 1 ? kit.lots.find(({ id }) => id === form.lotId)?.title : kit.title}
      </h1>
      <KitCard visitor={visitor} facts={facts} />
      {late && <Note tone="warn">{t('kit.late')}</Note>}
      {standing?.some(({ lotId }) => lotId === form.lotId) === true && <Note tone="info">{t('kit.replaces')}</Note>}
      <FaultsPanel />
      <fieldset id="bid" className="stack">
        <PricesCard visitor={visitor} form={form} />
        <FilesCard visitor={visitor} form={form} />
        <Card id="seal" title={t('kit.seal')}>
          <KeyFields visitor={visitor} />
          <Compared visitor={visitor} facts={facts} />
          <p className="note seal">{t('kit.not_sent')}</p>
          <p>
            <button type="button" className="button" id="send">
              {t('kit.go')}
            </button>
          </p>
        </Card>
      </fieldset>
      <ProgressPanel visitor={visitor} title={t('kit.progress')} />
    </Around>
  );
};

/** Nothing on this computer can tell a forged kit from the real one: the person can. */
const Compared = ({ visitor: { t }, facts }: Shown & { readonly facts: KitFacts }): ReactNode => (
  <div className="field">
    <Summary
      lines={[
        [
          t('kit.fingerprint'),
          <b id="fingerprint" className="hash">
            {kitFingerprint(facts.file.kit)}
          </b>,
        ],
      ]}
    />
    <p id="compared-how">{t('kit.fingerprint.how')}</p>
    <label className="check">
      <input type="checkbox" id="compared" autoComplete="off" aria-describedby="compared-how compared-wrong" />
      <span>{t('kit.fingerprint.same')}</span>
    </label>
    <p className="field-wrong" id="compared-wrong" role="alert" hidden />
  </div>
);

const institutionOf = ({ terms }: KitFacts, group: string): string =>
  terms.groups.find(({ name }) => name === group)?.institution ?? group;

const KitCard = ({ visitor: { t, f }, facts }: Shown & { readonly facts: KitFacts }): ReactNode => {
  const { kit, checkedAt } = facts.file;
  return (
    <Card id="kit" title={t('kit.tender')}>
      <Summary
        lines={[
          [t('kit.tender'), kit.title],
          [t('kit.deadline'), f.moment(kit.deadlineAt, facts.zone)],
          [t('kit.checked'), f.moment(checkedAt, facts.zone)],
          [
            t('kit.openers'),
            kit.groups.map(({ name, k, openers }) => (
              <div key={name}>{t('kit.group', { name: institutionOf(facts, name), k, n: openers.length })}</div>
            )),
          ],
        ]}
      />
      <p className="quiet">{t('kit.check_again')}</p>
    </Card>
  );
};
