export const forms = {
  'form.wrong': 'Belum tersimpan',
  'form.malformed': 'Isian “{field}” belum benar. Periksa lalu kirim lagi.',
  'form.done': 'Selesai',
  'form.optional': 'boleh kosong',
} as const;

/** What the signing island says. */
export const signing = {
  'sign.key_file': 'Berkas kunci Anda',
  'sign.key_file.hint': 'Berkas .age yang Anda simpan saat membuat kunci.',
  'sign.kept': 'Berkas kunci tersimpan di perangkat ini.',
  'sign.other': 'Pakai berkas lain',
  'sign.passphrase': 'Frasa sandi kunci',
  'sign.leaves':
    'Kunci dan frasa sandi tidak meninggalkan perangkat ini. Yang dikirim hanya tanda tangan atas isi di bawah ini.',
  'sign.content': 'Isi yang ditandatangani, apa adanya',
  'sign.busy': 'Membuka kunci dan menandatangani …',
  'sign.no_file': 'Pilih berkas kunci dahulu.',
  'sign.no_passphrase': 'Tulis frasa sandi kunci.',
  'sign.wrong_passphrase': 'Frasa sandi tidak membuka berkas kunci ini. Periksa huruf besar dan spasi.',
  'sign.key_file_malformed':
    'Berkas itu bukan berkas kunci Segel. Pilih berkas .age yang Anda simpan saat membuat kunci.',
  'sign.key_not_registered':
    'Kunci di berkas itu belum terdaftar atas nama Anda. Pakai berkas yang lain, atau daftarkan kuncinya dahulu.',
  'sign.failed': 'Penandatanganan gagal. Muat ulang halaman ini lalu coba lagi.',
  'sign.needs_script': 'Menandatangani memerlukan JavaScript di peramban ini, atau program segel di komputer Anda.',
  'sign.no_key': 'Untuk menandatangani, Anda perlu kunci sendiri.',
  'sign.make_key': 'Buat kunci tanda tangan',
} as const;
