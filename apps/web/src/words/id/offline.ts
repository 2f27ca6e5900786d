/** Sealing without a network: the page that offers the kit, the way back on the bid page, and the kit itself. */
export const offlinePage = {
  'tool.title': 'Alat segel luring',
  'tool.lead':
    'Satu berkas HTML untuk menyegel penawaran di komputer tanpa internet. Yang dibawa ke kota hanya penawaran yang sudah tersegel.',
  'tool.get': 'Unduh alat segel ({size})',
  'tool.version': 'Versi',
  'tool.size': 'Ukuran',
  'tool.sha': 'SHA-256',
  'tool.sha64': 'Sama, seperti ditulis di log (base64)',
  'tool.entry': 'Catatan di log',
  'tool.entry.link': 'Catatan {n}',
  'tool.entry.soon': 'Belum terbit. Muat ulang sebentar lagi.',
  'tool.unlogged':
    'Sidik jari berkas ini belum tercatat di log umum. Jangan memakainya sebelum catatannya terbit; bila tetap begitu, hubungi pengelola.',
  'tool.use': 'Cara memakai',
  'tool.use1': 'Di komputer dengan internet: unduh berkas ini dan periksa sidik jarinya seperti di bawah.',
  'tool.use2': 'Buka halaman penawaran tender Anda, lalu unduh kit tender. Simpan keduanya di flash disk.',
  'tool.use3':
    'Di komputer tanpa internet: buka berkas HTML itu di Chrome, Edge, atau Firefox. Pilih kit, isi harga, pilih dokumen dan berkas kunci, lalu segel.',
  'tool.use4': 'Simpan penawaran tersegel di flash disk. Simpan salinannya di kantor.',
  'tool.use5':
    'Di komputer dengan internet: masuk, buka halaman penawaran yang sama, pilih berkas itu, lalu kirim. Kunci Anda tidak perlu dibawa ke sana. Dengan baris perintah: segel submit BERKAS.bid.tar',
  'tool.check': 'Periksa sidik jarinya dahulu',
  'tool.check.why':
    'Program yang dipalsukan dapat membaca penawaran Anda. Karena itu sidik jari setiap versi dicatat di log umum, yang disaksikan pihak lain dan tidak dapat diubah diam-diam.',
  'tool.check1': 'Hitung sidik jari berkas yang Anda unduh:',
  'tool.check.linux': 'Linux',
  'tool.check.mac': 'macOS',
  'tool.check.windows': 'Windows (Command Prompt)',
  'tool.check2': 'Bandingkan dengan SHA-256 di halaman ini, huruf demi huruf.',
  'tool.check3':
    'Buka catatannya di log. Isinya menyebut sidik jari yang sama (dalam base64) dan tanggalnya. Periksa catatan itu dari komputer atau jaringan lain.',
  'tool.same_build':
    'Siapa pun dapat membuat berkas yang sama, bita demi bita, dari kode sumber: npm run build, lalu lihat dist/web-assets.',
  'tool.limits': 'Batasnya',
  'tool.limits.t':
    'Halaman dari flash disk tidak dapat memakai penyimpanan peramban: penawaran tersegel disimpan di memori sampai Anda menyimpannya, paling besar 200 MB. Jangan tutup halaman itu sebelumnya.',
  'tool.missing': 'Alat segel tidak tersedia di server ini. Hubungi pengelola.',
} as const;

/** On the bid page. */
export const elsewhere = {
  'elsewhere.title': 'Menyegel di komputer tanpa internet',
  'elsewhere.lead': 'Penawaran boleh disegel di komputer lain, lalu dibawa ke sini untuk dikirim.',
  'elsewhere.program': 'Unduh alat segel luring',
  'elsewhere.kit': 'Buat kit tender ini',
  'elsewhere.kit.busy': 'Memeriksa pembuka dan syarat dengan log umum …',
  'elsewhere.kit.save': 'Simpan kit',
  'elsewhere.kit.compare':
    'Catat kode ini di kertas. Alat segel menunjukkannya lagi sebelum menyegel: keduanya harus sama.',
  'elsewhere.seal': 'Segel di komputer itu, lalu bawa penawaran tersegelnya ke sini.',
  'elsewhere.bundle': 'Penawaran yang disegel di tempat lain',
  'elsewhere.bundle.hint':
    'Berkas .bid.tar dari alat segel. Sebelum dikirim, penerimanya dibandingkan dengan log umum.',
  'elsewhere.chosen': '{name}, {size}: dipilih, belum dikirim',
  'elsewhere.missing': 'Pilih berkas penawaran tersegel.',
  'elsewhere.send': 'Periksa dan kirim',
} as const;

/** In the kit itself. */
export const offlineKit = {
  'kit.title': 'Alat segel luring',
  'kit.lead':
    'Menyegel penawaran di komputer ini, tanpa internet. Halaman ini tidak dapat mengirim apa pun: yang keluar hanya berkas yang Anda simpan sendiri.',
  'kit.choose': '1. Pilih kit tender',
  'kit.choose.hint': 'Berkas .kit.json dari halaman penawaran, atau dari segel kit.',
  'kit.wrong.kit_file_malformed': 'Berkas itu bukan kit tender. Buat di halaman penawaran, lalu pilih lagi.',
  'kit.wrong.company': 'Kit ini tidak menyebut perusahaan Anda. Masuk dahulu, lalu buat kit di halaman penawaran.',
  'kit.wrong.kit_differs':
    'Isi kit ini bertentangan dengan syarat tendernya: rusak atau dipalsukan. Buat kit yang baru.',
  'kit.wrong.terms': 'Kit ini tidak memuat syarat tender. Buat kit yang baru.',
  'kit.lot': 'Lot',
  'kit.lot.go': 'Lanjutkan',
  'kit.tender': 'Tender',
  'kit.deadline': 'Batas waktu saat kit dibuat',
  'kit.checked': 'Kit dibuat dan diperiksa',
  'kit.openers': 'Penerima segel',
  'kit.group': '{name}: {k} dari {n} pembuka',
  'kit.replaces': 'Penawaran ini akan menggantikan yang sudah Anda kirim untuk lot ini.',
  'kit.late': 'Menurut jam komputer ini batas waktunya sudah lewat. Periksa jam, atau ambil kit yang baru.',
  'kit.check_again':
    'Sebelum dikirim, halaman penawaran memeriksa sekali lagi bahwa segel ini hanya untuk para pembuka yang tercatat di log.',
  'kit.seal': '3. Kunci dan segel',
  'kit.go': 'Segel dan uji',
  'kit.not_sent': 'Tidak ada yang dikirim dari halaman ini. Sesudah disegel, simpan kedua berkasnya.',
  'kit.memory': 'Penawaran tersegel ada di memori sampai disimpan, paling besar {size}. Jangan tutup halaman ini.',
  'kit.progress': 'Menyegel',
  'kit.sealed': 'Tersegel dan teruji. Belum terkirim.',
  'kit.sealed.how': 'Simpan kedua berkas ini. Yang pertama dibawa di flash disk:',
  'kit.seed.how':
    'Yang kedua, benih penawaran, tetap di kantor dan tidak pernah dibawa bersama penawaran. Dengan benih dan kata sandi Anda sendiri dapat membukanya.',
  'kit.seed.save': 'Simpan benih (tetap di kantor)',
  'kit.saved.both': 'Kedua berkas sudah tersimpan',
  'kit.saved.first': 'Simpan kedua berkas dahulu, lalu tekan lagi.',
  'kit.saved.done': 'Baik. Halaman ini boleh ditutup.',
  'kit.fingerprint': 'Kode kit',
  'kit.fingerprint.how':
    'Kode ini harus sama dengan yang tampil di halaman penawaran ketika kit dibuat. Bila lain, kitnya dipalsukan dan penawaran Anda dapat dibaca orang lain: jangan menyegel.',
  'kit.fingerprint.same': 'Sudah saya bandingkan: kodenya sama.',
  'kit.fingerprint.first': 'Bandingkan kode kit dahulu, lalu beri tanda bahwa kodenya sama.',
  'kit.save': 'Simpan penawaran tersegel ({size})',
  'kit.sealed_at': 'Disegel',
  'kit.next': 'Sesudah itu',
  'kit.next1': 'Bawa ke komputer dengan internet dan masuk dengan akun perusahaan.',
  'kit.next2':
    'Buka halaman penawaran tender ini, pilih berkas itu di bagian bawah, lalu kirim. Kunci tidak diperlukan.',
  'kit.next3': 'Tunggu tanda terima. Tanpa tanda terima penawaran belum diterima.',
  'kit.again': 'Segel penawaran lain',
  'kit.noscript': 'Alat ini memerlukan JavaScript. Buka dengan Chrome, Edge, atau Firefox.',
  'kit.language': 'English',
  'kit.program': 'Program {sha256}',
} as const;
