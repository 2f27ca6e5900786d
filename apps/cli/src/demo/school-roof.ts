/** A small made-up tender, as an OCDS release package, for an installation that has none. */
const buyer = { id: 'ID-DEMO-1', name: 'Dinas Pekerjaan Umum Kota Merapi' };

export const SCHOOL_ROOF = {
  version: '1.1',
  uri: 'https://example.org/releases/school-roof',
  publishedDate: '2026-01-01T00:00:00Z',
  publisher: { name: 'Segel demonstration' },
  releases: [
    {
      ocid: 'ocds-demo00-school-roof',
      id: 'school-roof-1',
      date: '2026-01-01T00:00:00Z',
      language: 'id',
      tag: ['tender'],
      initiationType: 'tender',
      parties: [{ ...buyer, roles: ['buyer', 'procuringEntity'] }],
      buyer,
      tender: {
        id: 'school-roof',
        title: 'Perbaikan atap gedung SD Negeri 1 Merapi',
        description:
          'Mengganti rangka dan penutup atap dua ruang kelas. / Replacing frame and covering of two classroom roofs.',
        status: 'active',
        mainProcurementCategory: 'works',
        procurementMethod: 'open',
        awardCriteria: 'priceOnly',
        value: { amount: 480000000, currency: 'IDR' },
        tenderPeriod: { startDate: '2026-01-01T00:00:00Z', endDate: '2026-01-31T00:00:00Z' },
        items: [
          {
            id: '1',
            description: 'Rangka atap baja ringan',
            quantity: 220,
            unit: { name: 'm2' },
            classification: { scheme: 'CPV', id: '45261210-9' },
          },
          {
            id: '2',
            description: 'Penutup atap genteng metal',
            quantity: 220,
            unit: { name: 'm2' },
            classification: { scheme: 'CPV', id: '45261211-6' },
          },
        ],
      },
    },
  ],
};
