/** Making a signing key, and what the island there says. */
export const keys = {
  'keys.title': 'Kunci tanda tangan Anda',
  'keys.lead':
    'Dengan kunci ini Anda menandatangani tindakan penting. Kunci dibuat di perangkat ini; kami tidak pernah melihatnya dan tidak dapat memulihkannya.',
  'keys.have': 'Kunci yang terdaftar',
  'keys.none': 'Belum ada kunci yang terdaftar.',
  'keys.step1': '1. Pilih frasa sandi',
  'keys.step1.hint': 'Paling sedikit 12 huruf. Empat kata acak atau lebih mudah diingat dan sulit ditebak.',
  'keys.passphrase': 'Frasa sandi',
  'keys.repeat': 'Tulis sekali lagi',
  'keys.make': 'Buat kunci',
  'keys.step2': '2. Simpan berkas kunci',
  'keys.step2.hint':
    'Simpan di dua tempat, misalnya di komputer ini dan di kandar USB. Tanpa berkas atau frasa sandinya, kunci ini hilang.',
  'keys.save': 'Simpan berkas kunci',
  'keys.step3': '3. Buktikan bahwa Anda dapat memakainya',
  'keys.step3.hint': 'Pilih berkas yang baru Anda simpan dan tulis frasa sandinya. Baru setelah itu kunci didaftarkan.',
  'keys.file': 'Berkas kunci yang disimpan',
  'keys.keep': 'Ingat berkas kunci di perangkat ini (jangan di komputer bersama)',
  'keys.register': 'Buktikan dan daftarkan',
  'keys.making': 'Membuat kunci …',
  'keys.proving': 'Memeriksa berkas …',
  'keys.short': 'Frasa sandi terlalu pendek.',
  'keys.differs': 'Kedua frasa sandi tidak sama.',
  'keys.done': 'Kunci terdaftar dan tercatat dalam buku catatan umum.',
  'keys.safer':
    'Untuk pembuka dan komputer yang dipakai banyak orang, program segel di komputer sendiri lebih aman: segel keygen.',
  'keys.already': 'Sudah punya berkas kunci dari program segel? Langsung ke langkah 3.',
} as const;
