/** What notices say, in both languages. A line whose parameter was not given is left out. */
export type Language = 'id' | 'en';
export type NoticeWords = { readonly subject: string; readonly lines: readonly string[] };
type Both = { readonly [language in Language]: NoticeWords };

const say = (subject: string, ...lines: readonly string[]): NoticeWords => ({ subject, lines });

export const NOTICES = {
  // the account itself
  password_changed: {
    id: say(
      'Kata sandi Anda diubah',
      'Semua sesi lain telah diakhiri.',
      'Jika bukan Anda, segera minta kata sandi baru.',
    ),
    en: say(
      'Your password was changed',
      'All other sessions have ended.',
      'If it was not you, ask for a new password at once.',
    ),
  },
  sign_in_paused: {
    id: say(
      'Terlalu banyak kata sandi salah',
      'Masuk ke akun Anda dihentikan selama 15 menit. Sesi yang terbuka tetap berjalan.',
      'Kata sandi baru lewat surel mengakhiri jeda ini.',
    ),
    en: say(
      'Too many wrong passwords',
      'Signing in to your account is paused for 15 minutes. Open sessions go on.',
      'A new password by e-mail ends the pause.',
    ),
  },
  key_registered: {
    id: say('Kunci tanda tangan baru didaftarkan', 'Jika bukan Anda, cabut kunci itu sekarang.'),
    en: say('A new signing key was registered', 'If it was not you, revoke the key now.'),
  },
  role_granted: {
    id: say('Anda mendapat peran baru', 'Peran: {role}'),
    en: say('You were given a role', 'Role: {role}'),
  },
  account_revocation_requested: {
    id: say(
      'Pencabutan akun Anda diminta',
      'Seorang pengelola meminta akun Anda dicabut. Pengelola kedua harus menyetujui.',
      'Alasan: {reason}',
    ),
    en: say(
      'The revocation of your account was requested',
      'An operator asked to revoke your account. A second operator has to agree.',
      'Reason: {reason}',
    ),
  },
  account_revoked: {
    id: say('Akun Anda dicabut', 'Semua sesi dan kunci Anda tidak berlaku lagi.', 'Alasan: {reason}'),
    en: say('Your account was revoked', 'All your sessions and keys hold no longer.', 'Reason: {reason}'),
  },
  object_damaged: {
    id: say(
      'Objek tersimpan rusak atau hilang',
      'Jenis: {kind}. Periksa penyimpanan dan cadangannya; daftar lengkap ada di halaman penyimpanan.',
    ),
    en: say(
      'A stored object is damaged or missing',
      'Kind: {kind}. Examine the store and its copies; the list is at /api/storage.',
    ),
  },
  erasure_requested: {
    id: say(
      'Penghapusan catatan tentang Anda diminta',
      'Catatan: {type}. Auditor harus menyetujui; simpan salinan Anda atau ajukan keberatan sebelum itu.',
      'Alasan: {reason}',
    ),
    en: say(
      'The erasure of an entry about you was requested',
      'Entry: {type}. An auditor has to agree; keep a copy of it, or object, before that.',
      'Reason: {reason}',
    ),
  },
  erasure_confirmed: {
    id: say('Catatan tentang Anda dihapus', 'Catatan: {type}', 'Alasan: {reason}'),
    en: say('An entry about you is erased', 'Entry: {type}', 'Reason: {reason}'),
  },
  // vendors
  vendor_approved: {
    id: say('Perusahaan Anda disetujui', '{name} sekarang dapat menawar.'),
    en: say('Your company was approved', '{name} may bid now.'),
  },
  vendor_rejected: {
    id: say('Pendaftaran perusahaan Anda ditolak', 'Perusahaan: {name}', 'Alasan: {reason}', 'Keputusan ini final.'),
    en: say(
      'The registration of your company was rejected',
      'Company: {name}',
      'Reason: {reason}',
      'The decision is final.',
    ),
  },
  vendor_blacklisted: {
    id: say('Perusahaan Anda masuk daftar hitam', '{name}, sampai {until}', 'Alasan: {reason}'),
    en: say('Your company was barred', '{name}, until {until}', 'Reason: {reason}'),
  },
  vendor_reinstated: {
    id: say('Perusahaan Anda keluar dari daftar hitam', '{name} dapat menawar lagi.', 'Alasan: {reason}'),
    en: say('Your company was admitted again', '{name} may bid again.', 'Reason: {reason}'),
  },
  colleague_joined: {
    id: say(
      'Seseorang kini bertindak atas nama perusahaan Anda',
      'Perusahaan: {name}. Ia menerima undangan. Lihat siapa di halaman perusahaan, bagian orang.',
      'Bila tidak semestinya, yang mendaftarkan perusahaan dapat mengakhirinya di sana.',
    ),
    en: say(
      'Somebody acts for your company now',
      'Company: {name}. They accepted an invitation. See who it is on the page of your company, under people.',
      'If that is not right, who registered the company can end it there.',
    ),
  },
  colleague_left: {
    id: say(
      'Seseorang tidak lagi bertindak atas nama perusahaan Anda',
      'Perusahaan: {name}. Peran dan kuncinya untuk perusahaan tidak berlaku lagi.',
    ),
    en: say(
      'Somebody acts for your company no more',
      'Company: {name}. Their role and keys for the company hold no longer.',
    ),
  },
  membership_ended: {
    id: say(
      'Anda tidak lagi bertindak atas nama {name}',
      'Kunci tanda tangan Anda untuk perusahaan itu tidak berlaku lagi. Akun Anda tetap ada.',
    ),
    en: say('You act for {name} no more', 'Your signing keys for that company hold no longer. Your account stays.'),
  },
  // preparing a tender
  approval_requested: {
    id: say('Persetujuan diminta: {title}', 'Tender ini menunggu keputusan Anda.'),
    en: say('Approval requested: {title}', 'This tender waits for your decision.'),
  },
  tender_returned: {
    id: say('Tender dikembalikan: {title}', 'Penyetuju mengembalikan tender ini.', 'Alasan: {reason}'),
    en: say('Tender returned: {title}', 'The approver returned this tender.', 'Reason: {reason}'),
  },
  tender_published: {
    id: say('Tender diumumkan: {title}', 'Batas akhir penawaran: {deadline}'),
    en: say('Tender published: {title}', 'Deadline for bids: {deadline}'),
  },
  tender_addendum: {
    id: say(
      'Adendum: {title}',
      'Tender ini diubah. Penawaran yang sudah masuk harus ditegaskan kembali atau diganti.',
      'Alasan: {reason}',
      'Batas akhir penawaran: {deadline}',
    ),
    en: say(
      'Addendum: {title}',
      'This tender was changed. Bids that were submitted have to be reconfirmed or replaced.',
      'Reason: {reason}',
      'Deadline for bids: {deadline}',
    ),
  },
  tender_cancelled: {
    id: say(
      'Tender dibatalkan: {title}',
      'Penawaran yang belum dibuka tetap tersegel untuk selamanya.',
      'Alasan: {reason}',
    ),
    en: say('Tender cancelled: {title}', 'Bids that were not opened stay sealed for ever.', 'Reason: {reason}'),
  },
  tender_failed: {
    id: say('Tender gagal: {title}', 'Alasan: {reason}'),
    en: say('Tender failed: {title}', 'Reason: {reason}'),
  },
  deadline_extended: {
    id: say(
      'Batas akhir diundur: {title}',
      'Platform terganggu selama {minutes} menit sebelum batas akhir. Penawaran yang sudah masuk tetap berlaku.',
      'Batas akhir yang baru: {deadline}',
    ),
    en: say(
      'The deadline was moved: {title}',
      'The platform was out of order for {minutes} minutes before the deadline. Bids that were submitted stay valid.',
      'The new deadline: {deadline}',
    ),
  },
  // bids and the opening
  bid_invalidated: {
    id: say(
      'Penawaran Anda perlu ditegaskan kembali: {title}',
      'Tender berubah setelah Anda menawar.',
      'Alasan: {reason}',
    ),
    en: say('Your bid needs to be reconfirmed: {title}', 'The tender changed after you had bid.', 'Reason: {reason}'),
  },
  bid_in_box: {
    id: say('Penawaran Anda ada di kotak yang ditutup: {title}', 'Tidak ada yang dapat mengubahnya lagi.'),
    en: say('Your bid is in the closed box: {title}', 'Nobody can change it any more.'),
  },
  bid_not_in_box: {
    id: say(
      'Tidak ada penawaran Anda yang berlaku: {title}',
      'Kotak sudah ditutup. Penawaran Anda ditarik, atau tidak ditegaskan setelah adendum.',
    ),
    en: say(
      'You have no valid bid: {title}',
      'The box is closed. Your bid was withdrawn, or not reconfirmed after an addendum.',
    ),
  },
  bid_damaged: {
    id: say(
      'Kirim ulang berkas penawaran Anda: {title}',
      'Penyimpanan kami merusak atau kehilangan sebagian berkas tersegel penawaran {bidId}. Penawaran tetap berlaku.',
      'Kirim kembali berkas yang sama dengan: segel bid restore. Boleh juga setelah batas akhir; berkas lain ditolak.',
    ),
    en: say(
      'Send the file of your bid again: {title}',
      'Our store damaged or lost a part of the sealed file of bid {bidId}. The bid stands.',
      'Send the same file back with: segel bid restore. That works after the deadline too; another file is refused.',
    ),
  },
  ciphertext_owed: {
    id: say(
      'Kirim berkas tersegel Anda: {title}',
      'Penawaran Anda ada di kotak, tetapi berkas tersegelnya belum semua tiba.',
      'Kirim paling lambat {due}; setelah itu penawaran Anda gugur dan tidak dibuka.',
    ),
    en: say(
      'Send your sealed files: {title}',
      'Your bid is in the box, but not all of its sealed files have come.',
      'Send them by {due}; after that your bid is void and is not opened.',
    ),
  },
  bid_void: {
    id: say('Penawaran Anda gugur: {title}', 'Berkas tersegelnya tidak tiba sampai {due}. Penawaran itu tidak dibuka.'),
    en: say('Your bid is void: {title}', 'Its sealed files did not come by {due}. It is not opened.'),
  },
  ciphertext_then_release: {
    id: say(
      'Bagian kunci Anda diminta nanti: {title}',
      'Kotak sudah ditutup. Berkas tersegel masih boleh tiba sampai {due}; serahkan bagian kunci Anda sesudahnya.',
    ),
    en: say(
      'Your shares are asked for later: {title}',
      'The box is closed. Sealed files may still come until {due}; release your shares after that.',
    ),
  },
  attestation_requested: {
    id: say(
      'Pengesahan Anda diminta: {title}',
      'Kotak sudah ditutup. Periksa catatan masa pemasukan dan sahkan kotak.',
    ),
    en: say(
      'Your attestation is asked for: {title}',
      'The box is closed. Check the entries of the period and attest it.',
    ),
  },
  readiness_requested: {
    id: say('Buktikan kunci Anda siap: {title}', 'Buka tantangan dengan kunci Anda sebelum pembukaan.'),
    en: say('Prove that your key is ready: {title}', 'Open the challenge with your key before the opening.'),
  },
  readiness_overdue: {
    id: say(
      'Anda belum membuktikan kunci Anda: {title}',
      'Tantangan sudah lama menunggu. Buktikan dengan `segel ready`, atau segera laporkan kunci yang hilang.',
    ),
    en: say(
      'You have not proved your key: {title}',
      'A challenge has been waiting. Prove your key with `segel ready`, or report at once that it is lost.',
    ),
  },
  readiness_missing: {
    id: say(
      'Seorang pemegang kunci belum siap: {title}',
      'Pemegang kunci: {opener} (kelompok {group}).',
      'Siap: {ready}; diperlukan: {needed}.',
    ),
    en: say(
      'An opener is not ready: {title}',
      'Opener: {opener} (group {group}).',
      'Ready: {ready}; needed: {needed}.',
    ),
  },
  readiness_alarm: {
    id: say(
      'BAHAYA, penawaran mungkin tidak dapat dibuka: {title}',
      'Pemegang kunci: {opener} (kelompok {group}).',
      'Siap: {ready}; diperlukan: {needed}. Ganti kunci lewat adendum sebelum batas akhir.',
    ),
    en: say(
      'ALARM, the bids may not be openable: {title}',
      'Opener: {opener} (group {group}).',
      'Ready: {ready}; needed: {needed}. Replace keys by an addendum before the deadline.',
    ),
  },
  opener_key_revoked: {
    id: say(
      'Kunci seorang pemegang kunci dicabut: {title}',
      'Pemegang kunci: {opener}. Terbitkan adendum agar penawaran disegel ulang untuk kunci yang baru.',
    ),
    en: say(
      'An opener’s key was revoked: {title}',
      'Opener: {opener}. Publish an addendum, so that bids are sealed again for a new key.',
    ),
  },
  opening_delayed: {
    id: say(
      'Pembukaan tertunda: {title}',
      'Waktu para pemegang kunci habis. Peserta dapat mengungkap benih sampai {until}.',
    ),
    en: say(
      'The opening is late: {title}',
      'The openers’ time is over. Vendors may disclose their seeds until {until}.',
    ),
  },
  opening_stuck: {
    id: say(
      'Penawaran Anda belum dapat dibuka: {title}',
      'Para pemegang kunci tidak menyerahkan cukup bagian pada waktunya.',
      'Anda dapat membukanya sendiri sebelum {until}: jalankan `segel disclose-seed {bidId}.seed.age`.',
      'Benih hanya membuka penawaran ini. Tidak ada yang dibuka sebelum semua penawaran dapat dibuka.',
    ),
    en: say(
      'Your bid cannot be opened yet: {title}',
      'The openers did not release enough shares in time.',
      'You can let it be opened yourself before {until}: run `segel disclose-seed {bidId}.seed.age`.',
      'The seed opens this bid and no other. Nothing is opened before every bid can be.',
    ),
  },
  release_requested: {
    id: say('Bagian kunci Anda diminta: {title}', 'Kotak sudah ditutup. Serahkan bagian Anda.'),
    en: say('Your shares are asked for: {title}', 'The box is closed. Release your shares.'),
  },
  seed_requested: {
    id: say(
      'Ungkapkan benih penawaran Anda: {title}',
      'Seorang pemegang kunci menyatakan tidak dapat membuka bagiannya dari penawaran Anda.',
      'Agar tetap dibuka, ungkapkan benihnya sebelum {until}: jalankan `segel disclose-seed {bidId}.seed.age`.',
    ),
    en: say(
      'Disclose the seed of your bid: {title}',
      'An opener says that their share of your bid cannot be opened.',
      'So that it is opened all the same, disclose its seed before {until}: run `segel disclose-seed {bidId}.seed.age`.',
    ),
  },
  opening_completed: {
    id: say('Penawaran dibuka: {title}', 'Dibuka: {opened}', 'Ditolak: {rejected}'),
    en: say('The bids were opened: {title}', 'Opened: {opened}', 'Rejected: {rejected}'),
  },
  // the award
  award_intended: {
    id: say(
      'Rencana penetapan: {title}',
      'Peringkat Anda: {rank}',
      'Alasan: {reason}',
      'Masa sanggah sampai: {standstillEnd}',
    ),
    en: say('Intended award: {title}', 'Your rank: {rank}', 'Reason: {reason}', 'Standstill until: {standstillEnd}'),
  },
  award_decided: {
    id: say('Pemenang ditetapkan: {title}', 'Peringkat Anda: {rank}', 'Alasan: {reason}'),
    en: say('The award was decided: {title}', 'Your rank: {rank}', 'Reason: {reason}'),
  },
} as const satisfies Readonly<Record<string, Both>>;

export type NoticeCode = keyof typeof NOTICES;

const GENERIC: Both = {
  id: say('Ada pemberitahuan untuk Anda', 'Masuk untuk membacanya.', '{title}'),
  en: say('There is a notice for you', 'Sign in to read it.', '{title}'),
};

const PLACEHOLDER = /\{([A-Za-z]+)\}/g;
/** Longest value shown; whole texts are in the application. */
const VALUE_MAX = 1000;

/** The notice in a language; an unknown code gives a general sentence. */
export function renderNotice(
  code: string,
  params: Readonly<Record<string, unknown>>,
  language: Language,
): { readonly subject: string; readonly text: string } {
  const words = (Object.hasOwn(NOTICES, code) ? NOTICES[code as NoticeCode] : GENERIC)[language];
  const value = (name: string): string | undefined => {
    const given = params[name];
    // Line ends would let a title forge lines of ours, or headers.
    return typeof given === 'string' && given !== ''
      ? given.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, VALUE_MAX)
      : undefined;
  };
  const fill = (line: string): string => line.replace(PLACEHOLDER, (_, name: string) => value(name) ?? '');
  const given = (line: string): boolean =>
    [...line.matchAll(PLACEHOLDER)].every(([, name]) => value(name!) !== undefined);
  const subject = given(words.subject) ? fill(words.subject) : fill(words.subject).replace(/: *$/, '');
  return { subject, text: words.lines.filter(given).map(fill).join('\n') };
}
