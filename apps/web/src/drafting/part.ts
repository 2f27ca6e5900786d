import type { TenderTerms } from '@segel/procurement';
import type { ReactNode } from 'react';
import type { Form, Wrong } from '../http/form.js';
import type { Editing } from './fields.js';

/** One part of the terms on a page of its own. */
export type Part = {
  /** Its forms, with what is stored, or what was typed. */
  readonly body: (editing: Editing) => ReactNode | Promise<ReactNode>;
  /** The terms after the form, or what is wrong with it. `act` is the button that was pressed. */
  readonly change: (editing: Editing, form: Form) => TenderTerms | Wrong | Promise<TenderTerms | Wrong>;
};

export const isWrong = (changed: TenderTerms | Wrong): changed is Wrong => 'words' in changed;
