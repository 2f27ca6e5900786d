import type { keys as source } from '../id/keys.js';
import type { Translated } from '../translate.js';

export const keys: Translated<typeof source> = {
  'keys.title': 'Your signing key',
  'keys.lead':
    'With this key you sign what matters. It is made on this device; we never see it and cannot bring it back.',
  'keys.have': 'Registered keys',
  'keys.none': 'No key is registered yet.',
  'keys.step1': '1. Choose a passphrase',
  'keys.step1.hint': 'At least 12 letters. Four random words or more are easy to remember and hard to guess.',
  'keys.passphrase': 'Passphrase',
  'keys.repeat': 'Write it once more',
  'keys.make': 'Make the key',
  'keys.step2': '2. Save the key file',
  'keys.step2.hint':
    'Keep it in two places, for example on this computer and on a USB stick. Without the file or its passphrase this key is lost.',
  'keys.save': 'Save the key file',
  'keys.step3': '3. Prove that you can use it',
  'keys.step3.hint': 'Choose the file that you just saved and write its passphrase. Only then is the key registered.',
  'keys.file': 'The saved key file',
  'keys.keep': 'Remember the key file on this device (not on a shared computer)',
  'keys.register': 'Prove and register',
  'keys.making': 'Making the key …',
  'keys.proving': 'Checking the file …',
  'keys.short': 'The passphrase is too short.',
  'keys.differs': 'The two passphrases differ.',
  'keys.done': 'The key is registered and recorded in the public log.',
  'keys.safer':
    'For openers, and on computers that many people use, the program segel on your own computer is safer: segel keygen.',
  'keys.already': 'You have a key file from the program segel already? Go straight to step 3.',
};
