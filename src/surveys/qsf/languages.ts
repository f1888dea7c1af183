const NAMES: Record<string, string> = {
  'ZH-S': 'zh-Hans',
  'ZH-T': 'zh-Hant',
  ZH: 'zh-Hans',
  ES_ES: 'es-ES',
  'ES-ES': 'es-ES',
  JA: 'ja',
  PT: 'pt',
  'PT-BR': 'pt-BR',
  'EN-GB': 'en-GB',
  EN_GB: 'en-GB',
  SR: 'sr',
  'SR-ME': 'sr-ME',
  CH: 'zh-Hant',
  BEL: 'be',
  NO: 'nb',
};

/** A language tag for the web from the file's code; nothing when it is none. */
export function languageTag(code: string): string | undefined {
  const upper = code.trim().toUpperCase();
  if (Object.hasOwn(NAMES, upper)) return NAMES[upper];
  const parts = /^([A-Z]{2,3})(?:[-_]([A-Z]{2}))?$/.exec(upper);
  if (!parts) return undefined;
  return parts[2] ? `${parts[1]!.toLowerCase()}-${parts[2]}` : parts[1]!.toLowerCase();
}
