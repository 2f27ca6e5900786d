import type { shell as source } from '../id/shell.js';
import type { Translated } from '../translate.js';

export const shell: Translated<typeof source> = {
  'site.name': 'Segel',
  'shell.skip': 'Skip to content',
  'shell.dark': 'Dark theme',
  'shell.light': 'Light theme',
  'shell.auto': 'Follow device',
  'nav.label': 'Main',
  'nav.tenders': 'Tenders',
  'nav.how': 'How to bid',
  'nav.check': 'Check us',
  'nav.status': 'Service status',
  'nav.api': 'API',
  'nav.work': 'My desk',
  'nav.sign_in': 'Sign in',
  'nav.sign_out': 'Sign out',
  'nav.crumb': 'Breadcrumb',

  'when.done': 'done',
  'when.now': 'next step',
  'when.next': 'to come',

  'error.not_found.title': 'Page not found',
  'error.not_found.text':
    'This address leads nowhere, or the tender is not published. Check the address, or search for the tender.',
  'error.forbidden.title': 'You may not open this',
  'error.forbidden.text':
    'Your roles do not include this page, or the form is outdated. Go back and reload the page, or ask an operator for the right role.',
  'error.many.title': 'Too many requests',
  'error.many.text': 'Wait for a minute, then try again.',
  'error.away.title': 'The service does not answer',
  'error.away.text': 'Try again in a moment. A long outage before a deadline moves that deadline.',
  'error.refused.title': 'Refused',
  'error.refused.text': 'This cannot be done.',
  'error.broken.title': 'Something went wrong on our side',
  'error.broken.text': 'The error was recorded. Try again; if it happens again, tell the operator.',
  'error.home': 'To the home page',
  'error.number': 'Code {status}',
};
