/** How texts are written in files, the likelier before the others. */
export const ENCODINGS = [
  'utf-8',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'koi8-r',
  'windows-1253',
  'windows-1254',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
  'utf-16le',
  'utf-16be',
] as const;

export type Encoding = (typeof ENCODINGS)[number];

/** Those that say nothing of themselves: only what is written tells them apart. */
export type OldEncoding = Exclude<Encoding, 'utf-8' | 'utf-16le' | 'utf-16be'>;

const NAMES: Record<Encoding, string> = {
  'utf-8': 'UTF-8',
  'windows-1252': 'Windows-1252 (Latin-1)',
  'windows-1250': 'Windows-1250',
  'windows-1251': 'Windows-1251',
  'koi8-r': 'KOI8-R',
  'windows-1253': 'Windows-1253',
  'windows-1254': 'Windows-1254',
  shift_jis: 'Shift_JIS (CP932)',
  'euc-jp': 'EUC-JP',
  gb18030: 'GB18030 (GBK)',
  big5: 'Big5',
  'euc-kr': 'EUC-KR (CP949)',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
};

export const OLD_ENCODINGS = ENCODINGS.filter((encoding): encoding is OldEncoding => !encoding.startsWith('utf-'));

/** What an encoding is called. */
export function encodingName(encoding: Encoding): string {
  return NAMES[encoding];
}
