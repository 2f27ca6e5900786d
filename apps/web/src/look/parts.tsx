/** The parts that pages are made of. They hold no state and know no tender. */
import type { ReactNode } from 'react';
import type { Key, Translate } from '../words/words.js';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'seal' | 'plain';

/** A state in words; the colour only repeats it. */
export const Tag = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }): ReactNode => (
  <span className={`tag ${tone}`}>{children}</span>
);

type SectionProps = { readonly id: string; readonly title: ReactNode; readonly children: ReactNode };

export const Card = ({ id, title, children }: SectionProps): ReactNode => (
  <section className="card" aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {children}
  </section>
);

/** Something that people should not miss, calmly. */
export const Note = ({
  tone,
  title,
  children,
}: {
  readonly tone: Tone;
  readonly title?: string;
  readonly children: ReactNode;
}): ReactNode => (
  <div className={`note ${tone}`}>
    {title !== undefined && <h2>{title}</h2>}
    {children}
  </div>
);

export type Line = readonly [name: ReactNode, value: ReactNode];

/** Names and values; a value that is not there leaves its line out. */
export const Summary = ({ lines }: { readonly lines: readonly (Line | false)[] }): ReactNode => (
  <dl className="sum">
    {lines
      .filter((line) => line !== false)
      .map(([name, value], i) => (
        <div key={i}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

export type Column = { readonly name: ReactNode; readonly number?: boolean };
export type Row = { readonly key: string; readonly cells: readonly ReactNode[]; readonly winner?: boolean };

type TableProps = { readonly label: string; readonly columns: readonly Column[]; readonly rows: readonly Row[] };

/** Every table brings its own box to scroll in: the page itself never scrolls sideways. */
export const Table = ({ label, columns, rows }: TableProps): ReactNode => (
  <div className="scroll" tabIndex={0} role="group" aria-label={label}>
    <table>
      <thead>
        <tr>
          {columns.map(({ name, number }, i) => (
            <th key={i} scope="col" className={number === true ? 'num' : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells, winner }) => (
          <tr key={key} className={winner === true ? 'winner' : undefined}>
            {cells.map((cell, i) => (
              <td key={i} className={columns[i]?.number === true ? 'num' : undefined}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

export type Milestone = {
  readonly key: string;
  readonly name: string;
  readonly at?: string;
  readonly when: 'done' | 'now' | 'next';
};

export const Timeline = ({ t, steps }: { readonly t: Translate; readonly steps: readonly Milestone[] }): ReactNode => (
  <ol className="line">
    {steps.map(({ key, name, at, when }) => (
      <li key={key} className={when}>
        <b>{name}</b>
        <span className="quiet">
          {at}
          {at !== undefined && ' · '}
          {t(`when.${when}` satisfies Key)}
        </span>
      </li>
    ))}
  </ol>
);

/** A fingerprint, which may break anywhere. */
export const Hash = ({ children }: { readonly children: string }): ReactNode => (
  <span className="hash">{children}</span>
);

type FieldProps = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: string;
  readonly value?: string | undefined;
  readonly autoComplete?: string;
  readonly required?: boolean;
  /** Why it was not taken; the summary on top links here. */
  readonly wrong?: string | undefined;
};

export const Field = (props: FieldProps): ReactNode => {
  const { name, label, hint, type = 'text', value, autoComplete, required, wrong } = props;
  const about = [hint === undefined ? [] : `${name}-hint`, wrong === undefined ? [] : `${name}-wrong`].flat();
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {hint !== undefined && (
        <span className="quiet" id={`${name}-hint`}>
          {hint}
        </span>
      )}
      <input
        id={name}
        name={name}
        type={type}
        defaultValue={value}
        autoComplete={autoComplete}
        required={required}
        aria-invalid={wrong === undefined ? undefined : true}
        aria-describedby={about.length === 0 ? undefined : about.join(' ')}
      />
      {wrong !== undefined && (
        <p className="field-wrong" id={`${name}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  );
};

type ChoiceProps = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [string, string])[];
};

export const Choice = ({ name, label, hint, value, options }: ChoiceProps): ReactNode => (
  <div className="field">
    <label htmlFor={name}>{label}</label>
    {hint !== undefined && (
      <span className="quiet" id={`${name}-hint`}>
        {hint}
      </span>
    )}
    <select
      id={name}
      name={name}
      defaultValue={value ?? ''}
      aria-describedby={hint === undefined ? undefined : `${name}-hint`}
    >
      {options.map(([option, words]) => (
        <option key={option} value={option}>
          {words}
        </option>
      ))}
    </select>
  </div>
);
