export const pages = {
  'home.title': 'Tender yang tetap tersegel sampai waktunya',
  'home.lead':
    'Penawaran dikunci di komputer penyedia. Tidak seorang pun dapat membacanya sebelum pembukaan, dan tidak seorang pun dapat mengubah atau menghapusnya tanpa ketahuan.',
  'home.soon': 'Segera ditutup',
  'home.none':
    'Saat ini tidak ada tender yang menerima penawaran. Lihat tender yang sudah selesai, atau kembali lagi besok.',
  'home.all': 'Semua tender',
  'home.how': 'Cara ikut',
  'home.how1': 'Daftarkan perusahaan Anda. Dua petugas memeriksanya.',
  'home.how2': 'Baca syarat tender dan siapkan berkas. Semua dokumen bebas diunduh, tanpa akun.',
  'home.how3':
    'Segel dan kirim sebelum batas waktu. Anda langsung mendapat tanda terima yang dapat diperiksa siapa saja.',
  'home.more': 'Cara ikut selengkapnya',
  'home.trust': 'Mengapa dapat dipercaya',
  'home.trust1': 'Pembukaan memerlukan beberapa orang dari lembaga yang berbeda, sekaligus.',
  'home.trust2': 'Setiap langkah tercatat dalam buku catatan umum yang disaksikan pihak lain.',
  'home.trust3': 'Siapa pun dapat memeriksanya dengan program yang tidak memerlukan izin kami.',
  'home.check': 'Cara memeriksa kami',

  'log.title': 'Catatan {n}',
  'log.what':
    'Catatan nomor {n} dalam buku catatan umum. Isinya disusun agar mudah dibaca; sidik jarinya dihitung dari bita aslinya.',
  'log.sealed':
    'Catatan ini tertutup: hanya sidik jarinya yang terbit. Isinya dapat dibuka kemudian kepada yang berhak, dan dicocokkan dengan sidik jari ini.',
  'log.chaff': 'Semua catatan tertutup tampak sama, termasuk yang hanya pengisi.',
  'log.type': 'Jenis',
  'log.leaf': 'Sidik jari catatan (base64)',
  'log.content': 'Isi',
  'log.previous': 'Sebelumnya',
  'log.next': 'Berikutnya',
  'log.tender': 'Tender',

  'how.title': 'Cara ikut tender',
  'how.lead': 'Dari pendaftaran sampai tanda terima. Membaca tender tidak memerlukan akun.',
  'how.1': 'Buat akun dan daftarkan perusahaan',
  'how.1t': 'Siapkan NIB dan dokumen perusahaan. Dua petugas memeriksanya; bila ada yang kurang, alasannya disebut.',
  'how.2': 'Buat kunci tanda tangan',
  'how.2t': 'Kunci dibuat di komputer Anda dan tidak pernah dikirim. Simpan cadangannya.',
  'how.3': 'Segel penawaran',
  'how.3t':
    'Program menyegel berkas di komputer Anda, lalu membuka kembali bagian awalnya sebagai uji sebelum mengirim. Yang berangkat hanya berkas tersegel.',
  'how.4': 'Kirim sebelum batas waktu',
  'how.4t':
    'Kiriman yang terputus dilanjutkan dari bita terakhir yang sampai. Sebelum batas waktu Anda boleh mengganti atau menarik penawaran.',
  'how.5': 'Simpan tanda terima',
  'how.5t': 'Tanda terima membuktikan bahwa penawaran Anda tercatat. Siapa pun dapat memeriksanya tanpa kami.',
  'how.program': 'Programnya',
  'how.program.t':
    'Penawaran disegel di halaman penawaran tendernya. Tanpa internet di kantor: pakai alat segel luring di bawah, atau program baris perintah {name} dari kode sumber.',

  'check.title': 'Periksa kami',
  'check.lead': 'Anda tidak perlu percaya kepada kami. Ini cara memeriksanya sendiri.',
  'check.log': 'Buku catatan umum',
  'check.log.t':
    'Setiap langkah tender menjadi satu catatan dalam buku yang hanya bisa bertambah. Keadaannya ditandatangani kami dan disaksikan pihak lain. Formatnya terbuka (C2SP), jadi program orang lain pun dapat membacanya.',
  'check.size': 'Jumlah catatan terbit',
  'check.origin': 'Nama buku',
  'check.root': 'Sidik jari seluruh buku',
  'check.witnesses': 'Saksi',
  'check.independent': 'mandiri',
  'check.dependent': 'milik kami sendiri, tidak membuktikan apa pun terhadap kami',
  'check.empty': 'Buku catatan belum terbit. Coba lagi sebentar lagi.',
  'check.files': 'Berkas aslinya',
  'check.tender': 'Periksa satu tender',
  'check.tender.t':
    'Program ini menghitung ulang semuanya dari buku catatan: tanda tangan, batas waktu, isi kotak, pembukaan, peringkat. Di akhir ia menyebut apa yang tidak dapat diperiksanya.',
  'check.receipt': 'Periksa tanda terima',
  'check.receipt.t': 'Tanda terima adalah berkas kecil yang membuktikan bahwa satu catatan ada di buku.',
  'check.policy': 'Ambil aturan saksi dari pihak lain, bukan dari kami.',
  'check.limits': 'Yang tidak dapat dicegah',
  'check.limits.t':
    'Bila cukup banyak pembuka dari setiap kelompok bersekongkol dengan pemegang berkas, mereka dapat membuka lebih awal. Karena itu kelompok berasal dari lembaga yang berbeda.',

  'health.title': 'Status layanan',
  'health.ok': 'Semua berjalan.',
  'health.trouble': 'Ada gangguan.',
  'health.bidding': 'Mengirim penawaran',
  'health.works': 'berjalan',
  'health.fails': 'terganggu: {what}',
  'health.clock': 'Jam',
  'health.offset': 'selisih {ms} ms',
  'health.log': 'Buku catatan',
  'health.entries': { other: '{n} catatan terbit' },
  'health.silent': 'belum terbit',
  'health.witnesses': 'Saksi',
  'health.outage':
    'Bila layanan terganggu lama menjelang batas waktu, batas waktu bergeser dengan sendirinya. Tidak seorang pejabat pun dapat memintanya atau mencegahnya.',
  'health.at': 'Keadaan pada {at}.',
} as const;
