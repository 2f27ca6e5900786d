/** The one stylesheet, inlined into every page: on a slow line a second request costs two seconds. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stylesheet } from './stylesheet.js';

const read = (name: string): string => readFileSync(path.join(import.meta.dirname, name), 'utf8');

export const CSS = stylesheet(read('style.css'), read('tokens.css'), read('forms.css'));
export const CSS_HASH = `'sha256-${createHash('sha256').update(CSS).digest('base64')}'`;
