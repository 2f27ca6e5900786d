/** Checking proofs in the page, and what auditors do. */
export const auditing = {
  'aud.check': 'Periksa tanda terima',
  'aud.check.lead':
    'Buktikan sendiri bahwa sebuah catatan ada di buku umum. Pemeriksaan berjalan di perangkat ini; tanda terima Anda tidak dikirim ke mana pun.',
  'aud.file': 'Berkas tanda terima atau janji',
  'aud.file.hint': 'Berakhiran .tlog-proof (tanda terima) atau .promise.json (janji, yang dicocokkan dengan buku).',
  'aud.paste': 'Atau tempel isinya di sini',
  'aud.check.do': 'Periksa',
  'aud.policy': 'Aturan saksi: milik siapa?',
  'aud.policy.t':
    'Aturan saksi menentukan buku dan saksi mana yang dipercaya. Tanpa berkas, yang dipakai adalah aturan dari server ini. Agar tidak bergantung kepada kami, pilih berkas aturan yang Anda dapat dari pihak lain.',
  'aud.policy.file': 'Berkas aturan saksi dari pihak lain (boleh kosong)',
  'aud.outcome': 'Hasil pemeriksaan',
  'aud.steps': 'Langkah pemeriksaan',
  'aud.entry': 'Periksa di peramban',
  'aud.entry.t':
    'Peramban mengambil berkas buku umum, menghitung sendiri dari sidik jari catatan ini sampai akar buku, lalu memeriksa tanda tangan buku dan saksinya.',
  'aud.entry.check': 'Periksa di peramban',
  'aud.document': 'Sidik jari pada dokumen',
  'aud.document.hint': 'Terisi sendiri bila Anda memindai kode QR. Hanya dibandingkan di sini, tidak pernah dikirim.',
  'aud.document.have': 'Saya memegang dokumen dengan sidik jari',
  'aud.needs_script':
    'Pemeriksaan di halaman ini memerlukan JavaScript. Tanpa itu, pakai program segel di komputer sendiri.',
  'aud.home': 'Periksa tanpa halaman ini',
  'aud.home.t':
    'Program di halaman ini datang dari server yang diperiksa. Bila itu yang Anda ragukan, pakai program segel dari salinan kode sumber Anda sendiri.',
  'aud.work': 'Audit',
  'aud.trail': 'Jejak tindakan',
  'aud.trail.lead': 'Semua tindakan, yang lama lebih dulu. Setiap pembacaan Anda di sini ikut tercatat.',
  'aud.trail.none': 'Tidak ada tindakan yang cocok. Kosongkan saringan untuk melihat semuanya.',
  'aud.trail.tender': 'Nomor tender',
  'aud.trail.type': 'Jenis catatan',
  'aud.trail.type.hint': 'Misalnya bid.submitted. Kosongkan untuk semua jenis.',
  'aud.trail.apply': 'Saring',
  'aud.trail.wrong': 'Nomor tender atau jenis catatan tidak terbaca. Periksa isian Anda.',
  'aud.trail.next': 'Berikutnya',
  'aud.denied': 'Percobaan yang ditolak',
  'aud.at': 'Waktu',
  'aud.type': 'Jenis',
  'aud.actor': 'Pelaku',
  'aud.one': 'Catatan {type}',
  'aud.why': 'Isi',
  'aud.erased': 'Isi yang dapat dibaca sudah dihapus oleh dua orang; buku mencatatnya.',
  'aud.waiting': 'Belum mendapat tempat di buku.',
  'aud.commitment': 'Komitmen',
  'aud.place': 'Tempat di buku',
  'aud.only': 'Halaman ini untuk auditor',
  'aud.only.t':
    'Peran auditor diberikan oleh dua operator. Mintalah undangan kepada mereka bila tugas Anda memerlukannya.',
  'aud.erasures': 'Permintaan penghapusan',
  'aud.erasures.lead':
    'Seorang operator meminta bentuk terbaca data pribadi dihapus. Anda memutuskan; sidik jarinya tetap di buku.',
  'aud.erasures.none': 'Tidak ada permintaan penghapusan.',
  'aud.erasures.done': 'Keputusan Anda tercatat.',
  'aud.erasure.requested': 'menunggu keputusan',
  'aud.erasure.declined': 'ditolak',
  'aud.erasure.confirmed': 'disetujui, sedang dijalankan',
  'aud.erasure.erased': 'terhapus',
  'aud.erasure.reason': 'Alasan',
  'aud.erasure.of': 'Yang dihapus',
  'aud.erasure.confirm': 'Setujui penghapusan',
  'aud.erasure.decline': 'Tolak',
  'aud.erasure.note': 'Alasan penolakan',
} as const;

/** What the checker's island says. */
export const checking = {
  'checking.busy': 'Memeriksa …',
  'checking.nothing': 'Pilih berkas atau tempel isi tanda terima.',
  'checking.ready': 'Pemeriksa sudah ada di perangkat ini. Sambungan boleh diputus.',
  'checking.not_ready': 'Pemeriksa belum dapat dimuat. Periksa sambungan, lalu muat ulang halaman ini.',
  'checking.failed.network': 'Belum diperiksa: buku umum tidak terbaca. Periksa sambungan, lalu coba lagi.',
  'checking.failed.worker_ended':
    'Belum diperiksa: pemeriksa tidak dapat dimuat. Periksa sambungan, lalu muat ulang halaman ini.',
  'checking.failed.too_large': 'Berkas terlalu besar untuk tanda terima. Pilih berkas yang lain.',
  'checking.failed.log_too_long': 'Buku ini terlalu panjang untuk peramban. Pakai: segel receipt verify.',
  'checking.failed.other':
    'Belum diperiksa: terjadi kesalahan. Coba lagi, atau pakai program segel di komputer sendiri.',
  'checking.document.same':
    'Sidik jari pada dokumen sama dengan yang ditunjukkan halaman ini. Tekan tombol untuk membuktikannya dari buku.',
  'checking.document.differs':
    'Sidik jari pada dokumen BERBEDA dari catatan ini. Jangan pakai dokumen itu sebelum diperiksa.',
} as const;

/** What is said of an outcome: these words come with the program that checks, not with the page. */
export const verdicts = {
  'verdict.is.proven': 'Terbukti tercatat',
  'verdict.is.wrong': 'TIDAK cocok',
  'verdict.is.open': 'Belum dapat dibuktikan',
  'verdict.next.proven': 'Simpan tanda terima dan aturan saksinya: siapa pun dapat mengulang pemeriksaan ini.',
  'verdict.next.entry_proven': 'Catatan ini ada di buku, di tempat yang disebut. Anda tidak perlu berbuat apa-apa.',
  'verdict.next.wrong': 'Simpan semuanya dan tunjukkan kepada auditor.',
  'verdict.next.open': 'Janji ini belum jatuh tempo. Periksa lagi setelah waktunya lewat.',
  'verdict.next.policy': 'Aturan saksi tidak terbaca. Pilih berkas aturan yang lain.',
  'verdict.next.form':
    'Ini bukan tanda terima yang utuh. Pilih berkas aslinya, jangan salinan dari surel atau percakapan.',
  'verdict.next.leaf':
    'Catatannya tidak terbaca seperti seharusnya. Ambil tanda terima yang asli; bila tetap begitu, beri tahu auditor.',
  'verdict.next.path':
    'Isi tanda terima atau buku ini pernah diubah. Simpan berkas ini, ambil aslinya dari pembuatnya, dan beri tahu auditor bila aslinya juga tidak cocok.',
  'verdict.next.log':
    'Tanda tangan buku atau saksi tidak sah menurut aturan ini. Periksa apakah aturannya benar; bila benar, simpan berkas ini dan beri tahu auditor.',
  'verdict.next.witnesses':
    'Saksi yang menandatangani tidak cukup menurut aturan ini. Tunggu sebentar dan ambil tanda terima yang lebih baru; bila tetap begitu, beri tahu auditor.',
  'verdict.next.entry': 'Catatan itu tidak sah atau tanda tangan di dalamnya salah. Beri tahu auditor.',
  'verdict.next.whole': 'Pemeriksa kedua menolaknya. Simpan berkas ini dan beri tahu auditor.',
  'verdict.next.shown':
    'Halaman ini menunjukkan sidik jari yang lain daripada isi buku. Jangan percaya halaman ini; beri tahu auditor.',
  'verdict.next.document':
    'Dokumen itu tidak berasal dari catatan ini. Jangan dipakai; minta dokumen asli dan beri tahu auditor.',
  'verdict.next.earlier': 'Buku ini tidak melanjutkan keadaannya yang dulu: catatan lama diubah. Beri tahu auditor.',
  'verdict.next.known':
    'Buku ini bukan lanjutan dari yang pernah dilihat peramban ini: catatan lama diubah atau disembunyikan. Beri tahu auditor.',
  'verdict.next.promise': 'Janji ini tidak ditandatangani pengelola buku, atau untuk buku lain. Ambil berkas aslinya.',
  'verdict.next.kept':
    'Pengelola buku tidak menepati janjinya. Simpan berkas janji ini: ia bukti terhadap pengelola. Beri tahu auditor.',
  'verdict.entry': 'Catatan nomor {index}, jenis {type}, {at}.',
  'verdict.content': 'Isi catatan',
  'verdict.whose.server': 'Diperiksa dengan aturan saksi dari server ini sendiri.',
  'verdict.whose.changed':
    'Diperiksa dengan aturan saksi dari server ini. Perhatian: aturan itu berubah sejak peramban ini pertama mengenalnya.',
  'verdict.whose.file': 'Diperiksa dengan aturan saksi dari berkas Anda: {name}.',
  'verdict.doubt.quorum_none':
    'Aturan ini tidak meminta satu saksi pun: pengelola dapat menunjukkan buku yang lain kepada orang lain.',
  'verdict.doubt.disjoint_quorums':
    'Dua kelompok saksi yang terpisah sama-sama cukup: keduanya dapat melihat buku yang berbeda.',
  'verdict.doubt.log_is_witness': 'Seorang saksi memakai kunci buku itu sendiri.',
  'verdict.doubt.one_witness': 'Satu saksi saja sudah cukup menurut aturan ini.',
  'verdict.doubt.own_witnesses': 'Saksi milik pengelola, tidak membuktikan apa pun terhadapnya: {names}.',
  'verdict.doubt.only_own':
    'Semua saksi yang menandatangani milik pengelola ({names}). Terhadap pengelola sendiri ini belum bukti.',
  'verdict.outcome.holds': 'cocok',
  'verdict.outcome.fails': 'TIDAK cocok',
  'verdict.outcome.unreached': 'tidak sampai',
  'verdict.reason': 'Alasan dari program (bahasa Inggris): {reason}',
  'verdict.step.policy': 'Aturan saksi',
  'verdict.step.form': 'Bentuk berkas',
  'verdict.step.leaf': 'Sidik jari catatan',
  'verdict.step.log': 'Tanda tangan buku',
  'verdict.step.witnesses': 'Saksi',
  'verdict.step.path': 'Jalan dari catatan ke akar buku',
  'verdict.step.entry': 'Isi catatan dan tanda tangannya',
  'verdict.step.whole': 'Sekali lagi, dengan pemeriksa program segel',
  'verdict.step.shown': 'Sama dengan yang ditunjukkan halaman ini',
  'verdict.step.document': 'Sama dengan dokumen Anda',
  'verdict.step.earlier': 'Melanjutkan keadaan buku yang dulu',
  'verdict.step.known': 'Melanjutkan buku yang dikenal peramban ini',
  'verdict.step.promise': 'Janji dan tanda tangannya',
  'verdict.step.kept': 'Janji ditepati',
  'verdict.fact.origin': 'Nama buku',
  'verdict.fact.index': 'Nomor catatan',
  'verdict.fact.size': 'Jumlah catatan',
  'verdict.fact.size_earlier': 'Jumlah catatan dulu',
  'verdict.fact.entry_sha256': 'SHA-256 isi',
  'verdict.fact.commitment': 'Komitmen',
  'verdict.fact.data_sha256': 'Sidik jari catatan',
  'verdict.fact.leaf': 'Hash daun',
  'verdict.fact.left': 'Tetangga di kiri',
  'verdict.fact.right': 'Tetangga di kanan',
  'verdict.fact.node': 'Hasil hitungan',
  'verdict.fact.root': 'Akar buku',
  'verdict.fact.signer': 'Kunci buku',
  'verdict.fact.witness': 'Saksi mandiri',
  'verdict.fact.own_witness': 'Saksi milik pengelola',
  'verdict.fact.at': 'Waktu',
  'verdict.fact.document': 'Yang diberikan',
  'verdict.fact.promised': 'Dijanjikan',
  'verdict.fact.due': 'Jatuh tempo',
} as const;
