import type { forms as source, signing as signingSource } from '../id/forms.js';
import type { Translated } from '../translate.js';

export const forms: Translated<typeof source> = {
  'form.wrong': 'Not saved yet',
  'form.malformed': 'What you wrote for “{field}” cannot be used. Check it and send again.',
  'form.done': 'Done',
  'form.optional': 'may stay empty',
};

export const signing: Translated<typeof signingSource> = {
  'sign.key_file': 'Your key file',
  'sign.key_file.hint': 'The .age file that you saved when you made your key.',
  'sign.kept': 'Your key file is kept on this device.',
  'sign.other': 'Use another file',
  'sign.passphrase': 'Passphrase of the key',
  'sign.leaves':
    'The key and the passphrase do not leave this device. Only the signature of the content below is sent.',
  'sign.content': 'What is signed, as it is',
  'sign.busy': 'Unlocking the key and signing …',
  'sign.no_file': 'Choose your key file first.',
  'sign.no_passphrase': 'Write the passphrase of the key.',
  'sign.wrong_passphrase': 'The passphrase does not open this key file. Check capitals and spaces.',
  'sign.key_file_malformed':
    'That is not a key file of Segel. Choose the .age file that you saved when you made your key.',
  'sign.key_not_registered':
    'The key in that file is not registered for you. Use another file, or register its key first.',
  'sign.failed': 'Signing failed. Load this page again and retry.',
  'sign.needs_script': 'Signing needs JavaScript in this browser, or the program segel on your computer.',
  'sign.no_key': 'To sign you need a key of your own.',
  'sign.make_key': 'Make a signing key',
};
