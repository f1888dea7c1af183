import type { SurveyDefinition } from '../../engine/definition.js';

/** Logic and recodes are no texts: what looks like a picture there is a value to compare with. */
const NO_TEXTS = new Set(['value', 'when', 'displayLogic', 'skips', 'exportTag']);
const PICTURE = /(<img\b[^>]*?\ssrc=")([^"]*)(")/g;

/** The addresses of a survey's pictures that are not ours, each with the first place where it stands. */
export function foreignPictures(definition: SurveyDefinition): Map<string, string> {
  const found = new Map<string, string>();
  const see = (where: string) => (address: string) => {
    if (!found.has(address)) found.set(address, where);
    return address;
  };
  const { questions, translations, options, ...rest } = definition;
  for (const question of Object.values(questions)) mapped(question, see(question.id));
  for (const { questions: words } of Object.values(translations)) {
    for (const [id, texts] of Object.entries(words)) mapped(texts, see(id));
  }
  mapped(options, see('Options'));
  mapped(rest, see('Flow'));
  return found;
}

/** The definition with each foreign picture at another address; whatever has none stays the same object. */
export function withPictures(definition: SurveyDefinition, addressOf: (address: string) => string): SurveyDefinition {
  return mapped(definition, addressOf) as SurveyDefinition;
}

function mapped(value: unknown, addressOf: (address: string) => string): unknown {
  if (typeof value === 'string') return value.includes('<img') ? inText(value, addressOf) : value;
  if (typeof value !== 'object' || value === null) return value;
  let isSame = true;
  const entries = Object.entries(value).map(([key, one]) => {
    const changed = NO_TEXTS.has(key) ? one : key === 'image' ? image(one, addressOf) : mapped(one, addressOf);
    isSame &&= changed === one;
    return [key, changed] as const;
  });
  if (isSame) return value;
  return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries);
}

/** The sanitiser wrote these tags: attributes in double quotes, escaped. */
function inText(html: string, addressOf: (address: string) => string): string {
  return html.replaceAll(PICTURE, (whole, before: string, written: string, after: string) => {
    const address = written.replaceAll('&amp;', '&');
    return isForeign(address) ? before + addressOf(address).replaceAll('&', '&amp;') + after : whole;
  });
}

function image(value: unknown, addressOf: (address: string) => string): unknown {
  const url = typeof value === 'object' && value !== null && 'url' in value ? value.url : undefined;
  return typeof url === 'string' && isForeign(url) ? { ...(value as object), url: addressOf(url) } : value;
}

/** Whether a picture stands in the text itself, as a `data:` address. */
export function isInside(address: string): boolean {
  return /^data:/i.test(address);
}

/** An address with a placeholder in it is known with each answer only; nobody fetches it. */
function isForeign(address: string): boolean {
  return /^(?:https?:|data:image\/)/i.test(address) && !address.includes('${');
}
