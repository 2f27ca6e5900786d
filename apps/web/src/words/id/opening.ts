/** Pages of openers and auditors, and the opening room. */
export const opening = {
  'open.card': 'Membuka penawaran',
  'open.card.link': 'Tender yang Anda buka',
  'open.title': 'Tender yang Anda buka',
  'open.lead':
    'Anda memegang sebagian kunci tender ini. Penawaran hanya terbuka bila cukup banyak pembuka menyerahkan bagiannya.',
  'open.none': 'Anda belum menjadi pembuka pada tender mana pun. Panitia yang menunjuk pembuka.',
  'open.waits': 'Menunggu Anda',
  'open.rest': 'Tidak ada yang perlu dilakukan sekarang',
  'open.do.key': 'Buat dan daftarkan kunci',
  'open.do.ready': 'Buktikan kesiapan',
  'open.do.release': 'Kotak siap dibuka',
  'open.do.nothing': 'Siap',
  'open.deadline': 'Batas waktu penawaran: {at}',

  'opener.title': 'Kunci pembuka: {tender}',
  'opener.state': 'Keadaan',
  'opener.key.yes': 'Kunci Anda untuk tender ini terdaftar.',
  'opener.key.no': 'Anda belum punya kunci untuk tender ini.',
  'opener.key.at': 'Kunci pembuka',
  'opener.ready': 'Kesiapan',
  'opener.ready.ready': 'terbukti {at}',
  'opener.ready.asked': 'diminta, belum dijawab',
  'opener.ready.not_asked': 'belum pernah diminta',
  'opener.ready.key_revoked': 'kunci dicabut',
  'opener.ready.none': 'diminta setelah tender terbit',
  'opener.boxes': 'Kotak penawaran',
  'opener.boxes.none': 'Belum ada kotak yang ditutup. Kotak ditutup pada batas waktu.',
  'opener.box': 'Buka halaman penyerahan: {lot}',
  'opener.box.done': 'Bagian kunci Anda sudah diserahkan pada {at}.',
  'opener.safer.title': 'Kapan sebaiknya memakai program di komputer sendiri',
  'opener.safer':
    'Halaman ini datang dari server penyelenggara. Bila nilai tender besar atau Anda meragukan penyelenggara, pakai program segel dari sumber lain. Program itu melakukan hal yang sama tanpa halaman ini:',
  'opener.safer.shared': 'Jangan membuat kunci di komputer bersama atau warnet.',
  'opener.login': 'Anda perlu kunci tanda tangan dahulu.',

  'opener.step1': '1. Buka berkas kunci Anda',
  'opener.step1.hint':
    'Kunci baru ditambahkan ke berkas kunci Anda. Berkas yang lama tidak cukup lagi untuk tender ini.',
  'opener.recovery': 'Frasa sandi kedua, untuk berkas pemulihan',
  'opener.recovery.hint': 'Paling sedikit 12 huruf dan lain dari frasa sandi kunci. Simpan di tempat lain.',
  'opener.recovery.repeat': 'Tulis sekali lagi',
  'opener.grow': 'Buat kunci',
  'opener.step2': '2. Simpan kedua berkas',
  'opener.step2.hint':
    'Berkas kunci tinggal di komputer yang Anda pakai. Berkas pemulihan dicetak atau disimpan di kandar USB, di gedung lain.',
  'opener.save.key': 'Simpan berkas kunci',
  'opener.save.recovery': 'Simpan berkas pemulihan',
  'opener.step3': '3. Buktikan kedua berkas',
  'opener.step3.hint':
    'Pilih kedua berkas yang baru disimpan dan tulis frasa sandinya. Kunci didaftarkan hanya bila keduanya terbuka.',
  'opener.file.key': 'Berkas kunci yang baru',
  'opener.file.recovery': 'Berkas pemulihan',
  'opener.pass.recovery': 'Frasa sandi berkas pemulihan',
  'opener.register': 'Buktikan dan daftarkan',
  'opener.registered': 'Kedua berkas terbukti dan kunci Anda terdaftar dalam buku catatan umum.',

  'opener.prove': 'Buktikan kesiapan',
  'opener.prove.how':
    'Server mengirim soal yang hanya dapat dijawab dengan kunci Anda. Jawabannya tidak membuka penawaran apa pun. Soal yang ternyata bagian penawaran ditolak.',
  'opener.prove.drill': 'Uji kunci saya sekarang',
  'opener.prove.answer': 'Jawab soal yang menunggu',
  'opener.proved': 'Kunci Anda terbukti. Tercatat dalam buku catatan.',

  'opener.lost': 'Kunci hilang atau diketahui orang lain',
  'opener.lost.how':
    'Bila berkas pemulihan masih ada, pakai berkas itu di atas: kunci Anda tidak hilang. Bila tidak ada, cabut kunci. Panitia langsung diberi tahu, Anda membuat kunci lain, dan penawaran disegel ulang setelah adendum.',
  'opener.revoke': 'Cabut kunci ini',
  'opener.revoke.sure': 'Saya mengerti: kunci yang dicabut tidak dapat dipakai lagi.',
  'opener.revoked': 'Kunci dicabut dan panitia diberi tahu. Buat kunci lain sekarang.',

  'release.title': 'Menyerahkan bagian kunci: {lot}',
  'release.lead':
    'Sebelum menyerahkan, perangkat Anda memeriksa sendiri semua syarat di bawah dari buku catatan umum. Bila satu tidak terpenuhi, tidak ada yang dikirim.',
  'release.conditions': 'Syarat pembukaan',
  'release.fresh': 'Buku catatan baru saja disaksikan dan jam perangkat ini benar',
  'release.notice': 'Pengumuman ditandatangani dua pejabat dan memakai saksi yang sama',
  'release.going_on': 'Tender tidak dibatalkan atau dihentikan sementara',
  'release.deadline': 'Batas waktu sudah lewat dan tidak pernah dimajukan',
  'release.frozen': 'Kotak ditutup satu kali, menurut pengumuman terakhir',
  'release.witnessed': 'Saksi melihat kotak ditutup tepat waktu',
  'release.attested': 'Auditor mengesahkan bahwa isi kotak lengkap',
  'release.same_bids': 'Penawaran yang diminta sama dengan isi kotak, tidak kurang dan tidak lebih',
  'release.all_here': 'Tidak ada berkas tersegel yang masih boleh datang',
  'release.policy': 'Aturan saksi dari sumber Anda sendiri (boleh kosong)',
  'release.policy.hint':
    'Berkas policy.txt dari auditor atau media. Bila kosong, dipakai aturan dari server ini; pemeriksaannya lalu lebih lemah.',
  'release.do': 'Serahkan bagian kunci',
  'release.leaves':
    'Yang meninggalkan perangkat ini hanya bagian kunci Anda untuk setiap penawaran dalam kotak, dan tanda tangan Anda. Berkas kunci dan frasa sandi tetap di sini.',
  'release.done': 'Bagian kunci Anda sudah diserahkan dan tercatat.',
  'release.done.complaints':
    'Sebagian penawaran tidak memuat bagian kunci yang benar untuk Anda. Hal itu Anda laporkan dalam penyerahan ini; penyedianya diberi tahu.',
  'release.earlier': 'Anda sudah menyerahkan bagian kunci untuk kotak ini pada {at}.',
  'release.room': 'Lihat ruang pembukaan',
  'release.no_box': 'Kotak ini tidak ada atau belum ditutup',
  'release.no_box.t': 'Kotak ditutup pada batas waktu. Kembali ke tender dan coba lagi setelah itu.',

  'attest.card': 'Kotak menunggu pengesahan',
  'attest.link': 'Periksa dan sahkan kotak',
  'attest.title': 'Kotak menunggu pengesahan',
  'attest.lead':
    'Sebelum dibuka, auditor memastikan bahwa kotak berisi semua penawaran yang sah dan tidak ada yang lain.',
  'attest.none': 'Tidak ada kotak yang menunggu pengesahan.',
  'attest.one': 'Mengesahkan kotak: {lot}',
  'attest.how':
    'Perangkat Anda membaca buku catatan, membuka setiap catatan tertutup sejak pengumuman sampai penutupan, menyusun kembali isi kotak, dan membandingkannya. Hanya bila sama, Anda menandatangani. Pembacaan ini tercatat.',
  'attest.do': 'Periksa dan sahkan',
  'attest.done': 'Kotak disahkan dan tercatat.',
  'attest.already': 'Kotak ini sudah disahkan.',
  'attest.safer': 'Tanpa halaman ini: segel attest',
  'attest.count': 'Penawaran dalam kotak',

  'room.title': 'Ruang pembukaan',
  'room.link': 'Ruang pembukaan',
  'room.before': 'Penawaran masih tersegel. Jumlahnya tidak diketahui siapa pun sampai kotak ditutup pada {at}.',
  'room.refresh': 'Muat ulang halaman ini',
  'room.live': 'Halaman ini memperbarui diri setiap 10 detik.',
  'room.box': 'Kotak: {lot}',
  'room.closed': 'Ditutup',
  'room.count': 'Penawaran dalam kotak',
  'room.attested': 'Pengesahan auditor',
  'room.attested.yes': 'disahkan',
  'room.attested.no': 'belum',
  'room.groups': 'Pembuka',
  'room.group': '{institution}: {n} dari {k} yang diperlukan',
  'room.group.of': '{institution}: diperlukan {k} dari {total} pembuka',
  'room.opener': 'Pembuka {n}',
  'room.released': 'menyerahkan {at}',
  'room.not_yet': 'belum',
  'room.readiness.ready': 'kunci terbukti',
  'room.readiness.asked': 'kunci ditanyakan',
  'room.readiness.not_asked': 'kunci belum ditanyakan',
  'room.readiness.key_revoked': 'kunci dicabut',
  'room.state.sealed': 'Tersegel',
  'room.state.opened': 'Dibuka',
  'room.progress': 'Pembuka yang sudah menyerahkan bagian kunci',
  'room.minutes': 'Berita acara',
  'room.minutes.text':
    'Pembukaan selesai {at}: {opened} penawaran terbuka, {rejected} tidak dapat dibuka, {withdrawn} ditarik sebelum batas waktu.',
  'room.entries': 'Catatan dalam buku umum',
  'room.none': 'Tidak ada penawaran dalam kotak ini.',
  'room.your_part': 'Anda pembuka tender ini',
  'room.to_release': 'Ke halaman penyerahan bagian kunci',
} as const;

/** What the islands there say. */
export const openerIsland = {
  'island.busy': 'Sebentar, perangkat Anda sedang bekerja …',
  'island.checking': 'Membaca buku catatan dan memeriksa syarat …',
  'island.may': 'Semua syarat terpenuhi. Kotak berisi {bids} penawaran. Anda dapat menyerahkan bagian kunci.',
  'island.waived': 'Aturan tender ini tidak meminta pengesahan auditor.',
  'island.not_independent':
    'Saksi buku catatan ini milik penyelenggara sendiri; kesaksiannya tidak membuktikan apa pun terhadap penyelenggara.',
  'island.attesting': 'Memeriksa catatan: {done} dari {total} …',
  'island.holds': 'terpenuhi',
  'island.fails': 'TIDAK terpenuhi',
  'island.unknown': 'belum diperiksa',
  'island.short': 'Frasa sandi terlalu pendek.',
  'island.differs': 'Kedua frasa sandi tidak sama.',
  'island.no_file': 'Pilih berkasnya dahulu.',
  'island.no_passphrase': 'Tulis frasa sandinya.',
  'island.saved_next': 'Simpan kedua berkas, lalu lanjutkan ke langkah 3.',
  'island.sure': 'Centang dahulu bahwa Anda mengerti.',
} as const;

/** Why an act on this device ended, and what to do next. Nothing was sent in any of these cases. */
export const openerFailures = {
  'fail.wrong_passphrase':
    'Frasa sandi tidak membuka berkas ini. Periksa huruf besar dan spasi. Tidak ada yang dikirim.',
  'fail.key_file_malformed':
    'Berkas itu bukan berkas kunci Segel. Pilih berkas yang Anda simpan. Tidak ada yang dikirim.',
  'fail.key_not_registered':
    'Kunci di berkas itu bukan kunci Anda yang terdaftar. Pilih berkas lain. Tidak ada yang dikirim.',
  'fail.same_passphrase': 'Berkas pemulihan perlu frasa sandi yang lain dari frasa sandi kunci.',
  'fail.recovery_unproven':
    'Kedua berkas tidak berisi kunci yang sama. Pilih kedua berkas yang baru disimpan. Kunci belum didaftarkan.',
  'fail.no_opener_key':
    'Berkas ini tidak memuat kunci tender ini yang disebut dalam pengumuman. Pilih berkas kunci yang Anda simpan untuk tender ini. Tidak ada yang dikirim.',
  'fail.share_as_challenge':
    'BERHENTI. Soal dari server ternyata bagian sebuah penawaran: seseorang mencoba memakai kunci Anda untuk membukanya diam-diam. Jawaban ditolak dan tidak ada yang dikirim. Beri tahu auditor sekarang.',
  'fail.context_mismatch': 'Soal itu untuk orang atau tender lain dan tidak dijawab. Beri tahu auditor.',
  'fail.undecryptable': 'Kunci di berkas ini tidak membuka soal. Pilih berkas kunci terbaru.',
  'fail.checkpoint_stale':
    'Keadaan buku catatan yang diterima sudah lebih dari 10 menit. Apa yang terjadi sesudahnya tidak diketahui. Coba lagi sebentar; bila tetap begitu, beri tahu auditor.',
  'fail.clock_differs': 'Jam perangkat ini berbeda dari jam para saksi. Setel jam, lalu ulangi.',
  'fail.tender_unknown': 'Buku catatan tidak memuat pengumuman tender ini. Jangan menyerahkan; beri tahu auditor.',
  'fail.notice_unsigned': 'Pengumuman tidak ditandatangani dua pejabat. Jangan menyerahkan; beri tahu auditor.',
  'fail.policy_differs':
    'Aturan saksi di sini bukan yang dipakai pengumuman. Jangan menyerahkan; bandingkan dengan auditor.',
  'fail.tender_cancelled': 'Tender ini dibatalkan atau gagal. Bagian kunci tidak diserahkan.',
  'fail.tender_suspended': 'Tender ini sedang dihentikan sementara. Tunggu sampai dilanjutkan.',
  'fail.deadline_earlier':
    'Batas waktu pernah dimajukan. Itu tidak boleh terjadi. Jangan menyerahkan; beri tahu auditor.',
  'fail.deadline_running': 'Batas waktu belum lewat. Tunggu.',
  'fail.box_not_closed':
    'Buku catatan tidak menyebut bahwa kotak ini ditutup. Tunggu satu menit dan coba lagi; bila tetap begitu, jangan menyerahkan dan beri tahu auditor.',
  'fail.box_repeated': 'Buku catatan menutup kotak ini dua kali. Jangan menyerahkan; beri tahu auditor.',
  'fail.notice_outdated':
    'Kotak ditutup menurut pengumuman yang bukan terakhir. Jangan menyerahkan; beri tahu auditor.',
  'fail.deadline_differs': 'Kotak menyebut batas waktu lain. Jangan menyerahkan; beri tahu auditor.',
  'fail.unwitnessed': 'Belum ada saksi yang melihat kotak ditutup. Tunggu satu menit dan coba lagi.',
  'fail.witnessed_early': 'Saksi melihat kotak tertutup sebelum batas waktu. Jangan menyerahkan; beri tahu auditor.',
  'fail.witnessed_late': 'Saksi baru melihat kotak setelah tenggang lewat. Jangan menyerahkan; beri tahu auditor.',
  'fail.box_not_attested':
    'Belum ada pengesahan auditor dalam buku catatan. Tunggu pengesahannya; catatan baru terbit berkala.',
  'fail.set_differs':
    'Penawaran yang ditunjukkan server bukan isi kotak dalam buku catatan. Tidak ada yang dikirim. Beri tahu auditor sekarang.',
  'fail.terms_differ':
    'Syarat yang ditunjukkan server bukan syarat dalam pengumuman. Tidak ada yang dikirim. Beri tahu auditor.',
  'fail.ciphertext_awaited': 'Berkas tersegel masih boleh datang. Tunggu sampai tenggang berakhir.',
  'fail.opener_not_named': 'Pengumuman tidak menyebut Anda sebagai pembuka.',
  'fail.bid_mismatch': 'Salah satu penawaran bukan dari kotak ini. Tidak ada yang dikirim. Beri tahu auditor sekarang.',
  'fail.opener_key_unknown':
    'Buku catatan tidak memuat kunci seorang pembuka seperti dalam pengumuman. Tidak ada yang dikirim. Beri tahu auditor.',
  'fail.opener_key_invalid':
    'Kunci seorang pembuka tidak didaftarkan oleh orangnya. Tidak ada yang dikirim. Beri tahu auditor.',
  'fail.log_rewritten': 'Buku catatan pernah ditulis ulang. Tidak ada yang dikirim. Beri tahu auditor sekarang.',
  'fail.unknown_box': 'Tender ini tidak punya kotak itu.',
  'fail.leaf_differs':
    'Catatan yang ditunjukkan server bukan yang ada dalam buku. Jangan mengesahkan; laporkan temuan ini.',
  'fail.leaf_unopened':
    'Server tidak membuka semua catatan dari masa penawaran. Jangan mengesahkan; laporkan temuan ini.',
  'fail.bid_unsigned': 'Ada penawaran tanpa tanda tangan penyedianya. Jangan mengesahkan; laporkan temuan ini.',
  'fail.bid_late': 'Ada penawaran yang tercatat setelah batas waktu. Jangan mengesahkan; laporkan temuan ini.',
  'fail.opener_key_missing': 'Tidak ada kunci Anda yang terdaftar untuk tender ini.',
  'fail.network': 'Server atau buku catatan tidak menjawab. Periksa sambungan, lalu coba lagi.',
  'fail.worker_ended': 'Peramban menghentikan pekerjaan ini. Tutup tab lain, muat ulang, lalu coba lagi.',
  'fail.failed':
    'Tidak berhasil, dan tidak ada yang dikirim. Muat ulang halaman ini lalu coba lagi; bila tetap gagal, pakai program segel.',
} as const;

/** What the opening room's island says. */
export const roomIsland = {
  'room.away': 'Sambungan terputus. Yang tampak mungkin sudah lama; kami mencoba lagi.',
  'room.changed': 'Ada perkembangan besar. Muat ulang halaman ini untuk melihatnya.',
} as const;
