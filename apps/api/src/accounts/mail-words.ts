/** The mails of accounts, in both languages. A name somebody typed is in no mail: a stranger could send a message of
 *  their own through us. The name of a company is, once two operators have approved it. */
export type Language = 'id' | 'en';
export type AccountMail = 'confirm' | 'reset' | 'invite' | 'colleague' | 'known';

type Words = { readonly subject: string; readonly text: string };

export const MAIL_WORDS: { readonly [mail in AccountMail]: { readonly [language in Language]: Words } } = {
  confirm: {
    id: {
      subject: 'Konfirmasi alamat surel Anda',
      text: 'Seseorang membuka akun di Segel dengan alamat ini. Jika itu Anda, konfirmasikan dalam 24 jam:\n\n{link}\n\nJika bukan Anda, abaikan surat ini.',
    },
    en: {
      subject: 'Confirm your e-mail address',
      text: 'Somebody opened an account at Segel with this address. If it was you, confirm it within 24 hours:\n\n{link}\n\nIf it was not you, ignore this mail.',
    },
  },
  reset: {
    id: {
      subject: 'Kata sandi baru',
      text: 'Seseorang meminta kata sandi baru untuk akun Anda di Segel. Tautan ini berlaku satu jam dan hanya sekali:\n\n{link}\n\nJika bukan Anda, abaikan surat ini: tidak ada yang berubah.',
    },
    en: {
      subject: 'A new password',
      text: 'Somebody asked for a new password for your account at Segel. This link holds for one hour, and once:\n\n{link}\n\nIf it was not you, ignore this mail: nothing has changed.',
    },
  },
  invite: {
    id: {
      subject: 'Undangan untuk sebuah peran di Segel',
      text: 'Anda diundang sebagai {role} untuk {organisation}. Terima sebelum {until}:\n\n{link}',
    },
    en: {
      subject: 'An invitation to a role at Segel',
      text: 'You are invited to be {role} for {organisation}. Accept before {until}:\n\n{link}',
    },
  },
  colleague: {
    id: {
      subject: 'Undangan menjadi orang sebuah perusahaan di Segel',
      text: 'Perusahaan {organisation} mengundang Anda bertindak atas namanya di Segel, juga untuk mengajukan penawaran. Terima sebelum {until}:\n\n{link}\n\nTidak mengenal perusahaan ini? Abaikan surat ini: tidak ada yang berubah.',
    },
    en: {
      subject: 'An invitation to act for a company at Segel',
      text: 'The company {organisation} invites you to act for it at Segel, also to submit bids. Accept before {until}:\n\n{link}\n\nYou do not know this company? Ignore this mail: nothing has changed.',
    },
  },
  known: {
    id: {
      subject: 'Anda sudah memiliki akun',
      text: 'Seseorang ingin membuka akun di Segel dengan alamat ini, tetapi akun sudah ada. Masuk, atau minta kata sandi baru:\n\n{link}\n\nJika bukan Anda, abaikan surat ini.',
    },
    en: {
      subject: 'You have an account already',
      text: 'Somebody wanted to open an account at Segel with this address, but there is one already. Sign in, or ask for a new password:\n\n{link}\n\nIf it was not you, ignore this mail.',
    },
  },
};

/** Pages of the links; English ones are under `/en`. */
export const MAIL_PAGES: { readonly [mail in AccountMail]: string } = {
  confirm: '/akun/konfirmasi',
  reset: '/akun/sandi',
  invite: '/akun/undangan',
  colleague: '/akun/undangan',
  known: '/masuk',
};

export const ROLE_WORDS: { readonly [role: string]: { readonly [language in Language]: string } } = {
  operator: { id: 'pengelola', en: 'operator' },
  preparer: { id: 'penyusun', en: 'preparer' },
  approver: { id: 'penyetuju', en: 'approver' },
  opener: { id: 'pemegang kunci', en: 'opener' },
  evaluator: { id: 'evaluator', en: 'evaluator' },
  award_authority: { id: 'pejabat penetapan', en: 'award authority' },
  reviewer: { id: 'penelaah', en: 'reviewer' },
  auditor: { id: 'auditor', en: 'auditor' },
};
