/** Fields of forms that an island reads: it says what is wrong at the field itself, and which file was chosen. */
import type { ReactNode } from 'react';

/** What is wrong with a field, said at the field too. Empty and hidden until the island has something to say. */
export const FieldWrong = ({ id }: { readonly id: string }): ReactNode => (
  <p className="field-wrong" id={`${id}-wrong`} hidden />
);

type PickProps = {
  readonly id: string;
  readonly label: ReactNode;
  readonly hint?: string | undefined;
  readonly accept?: string | undefined;
  /** Words of the button, and those that stand beside it while no file is chosen: the browser's own are in its own
   *  language. */
  readonly choose: string;
  readonly none: string;
};

export const PickFile = ({ id, label, hint, accept, choose, none }: PickProps): ReactNode => (
  <>
    <span className="name" id={`${id}-name`}>
      {label}
    </span>
    {hint !== undefined && (
      <span className="quiet" id={`${id}-hint`}>
        {hint}
      </span>
    )}
    <span className="pick">
      <input
        id={id}
        type="file"
        accept={accept}
        aria-labelledby={`${id}-name ${id}-choose`}
        aria-describedby={`${hint === undefined ? '' : `${id}-hint `}${id}-state ${id}-wrong`}
      />
      <label htmlFor={id} id={`${id}-choose`}>
        {choose}
      </label>
    </span>{' '}
    <span id={`${id}-state`}>{none}</span>
    <FieldWrong id={id} />
  </>
);
