/** Where a tender is delivered or built, so that firms find what is near: the provinces of Indonesia by their codes of
 *  ISO 3166-2:ID, in the order of the codes of Badan Pusat Statistik, from west to east. */
export const REGIONS = {
  'ID-AC': 'Aceh',
  'ID-SU': 'Sumatera Utara',
  'ID-SB': 'Sumatera Barat',
  'ID-RI': 'Riau',
  'ID-JA': 'Jambi',
  'ID-SS': 'Sumatera Selatan',
  'ID-BE': 'Bengkulu',
  'ID-LA': 'Lampung',
  'ID-BB': 'Kepulauan Bangka Belitung',
  'ID-KR': 'Kepulauan Riau',
  'ID-JK': 'Jakarta',
  'ID-JB': 'Jawa Barat',
  'ID-JT': 'Jawa Tengah',
  'ID-YO': 'DI Yogyakarta',
  'ID-JI': 'Jawa Timur',
  'ID-BT': 'Banten',
  'ID-BA': 'Bali',
  'ID-NB': 'Nusa Tenggara Barat',
  'ID-NT': 'Nusa Tenggara Timur',
  'ID-KB': 'Kalimantan Barat',
  'ID-KT': 'Kalimantan Tengah',
  'ID-KS': 'Kalimantan Selatan',
  'ID-KI': 'Kalimantan Timur',
  'ID-KU': 'Kalimantan Utara',
  'ID-SA': 'Sulawesi Utara',
  'ID-ST': 'Sulawesi Tengah',
  'ID-SN': 'Sulawesi Selatan',
  'ID-SG': 'Sulawesi Tenggara',
  'ID-GO': 'Gorontalo',
  'ID-SR': 'Sulawesi Barat',
  'ID-MA': 'Maluku',
  'ID-MU': 'Maluku Utara',
  'ID-PB': 'Papua Barat',
  'ID-PD': 'Papua Barat Daya',
  'ID-PA': 'Papua',
  'ID-PS': 'Papua Selatan',
  'ID-PT': 'Papua Tengah',
  'ID-PE': 'Papua Pegunungan',
} as const;

export type Region = keyof typeof REGIONS;

export const REGION_CODES = Object.keys(REGIONS) as readonly Region[];

/** Whether a text is the code of a region. Takes any text; throws nothing. */
export const isRegion = (code: string): code is Region => Object.hasOwn(REGIONS, code);
