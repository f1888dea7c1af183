/** Codes that survey systems write and that are no tags of the web; everything else that is one needs no line. */
const CODES = new Map([
  ['ZH', 'zh-Hans'],
  ['ZH-S', 'zh-Hans'],
  ['ZH-T', 'zh-Hant'],
  ['CH', 'zh-Hant'],
  ['NO', 'nb'],
]);

const NAMES = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** Every page asks for the same few, and each takes the time of a query; strangers may ask for any. */
const KEPT_TAGS = 1000;
const tags = new Map<string, string | undefined>();

/** A language tag for the web from a code as people and files write it (`ZH-S`, `EN_GB`, `HYE`); nothing when it is none. */
export function languageTag(code: string): string | undefined {
  if (!tags.has(code)) {
    const tag = readTag(code);
    if (tags.size >= KEPT_TAGS) tags.clear();
    if (code.length < 40) tags.set(code, tag);
    return tag;
  }
  return tags.get(code);
}

function readTag(code: string): string | undefined {
  const written = code.trim().replaceAll('_', '-');
  const known = CODES.get(written.toUpperCase());
  if (known !== undefined || !/^[a-z]{2,3}(?:-[a-z\d]{2,8}){0,3}$/i.test(written)) return known;
  try {
    const tag = new Intl.Locale(written).toString();
    return NAMES.of(tag) === undefined ? undefined : tag;
  } catch {
    return undefined; // shaped like a tag, and none
  }
}
