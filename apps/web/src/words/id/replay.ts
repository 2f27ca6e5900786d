/** A tender step by step, and the report of its checks. */
export const replay = {
  'replay.open': 'Riwayat tender',
  'replay.title': 'Riwayat: {title}',
  'replay.title.all': 'Riwayat lengkap: {title}',
  'replay.lead':
    'Langkah demi langkah menurut urutan di buku umum: semua catatan yang sampai saat ini terbuka untuk umum.',
  'replay.lead.all':
    'Langkah demi langkah menurut urutan di buku umum, termasuk yang belum terbuka untuk umum. Pembacaan Anda tercatat.',
  'replay.public': 'Yang terlihat oleh umum',
  'replay.none': 'Belum ada catatan tender ini yang terbuka. Coba lagi setelah buku umum terbit berikutnya.',
  'replay.steps': 'Langkah',
  'replay.state': 'Sesudahnya:',
  'replay.proof': 'Bukti: catatan {n}',
  'replay.content': 'Isi catatan',
  'replay.person': 'Seseorang',
  'replay.system': 'Sistem',
  'replay.public_actor': 'Umum',
  'replay.previous': 'Langkah sebelumnya',
  'replay.next': 'Langkah berikutnya',
  'replay.first': 'Kembali ke langkah pertama',
} as const;
