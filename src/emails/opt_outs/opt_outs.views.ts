import type { OptOutCase } from './opt_outs.service.js';
import { type OptOutSay, optOutLanguage, optOutWords } from './opt_out_words.js';

interface Choice {
  level: 'list' | 'brand';
  turn: 'out' | 'in';
  text: string;
  isPrimary?: boolean;
}

/** The page of one mail's recipient: what can be stopped, and what was. The recipient's language comes first. */
export function optOutPage(found: OptOutCase | 'test' | undefined, accepted: readonly string[]): object {
  const isCase = found !== undefined && found !== 'test';
  const language = optOutLanguage(isCase ? [found.language, ...accepted] : accepted);
  const say = optOutWords(language);
  const frame = { lang: language, dir: language === 'ar' ? 'rtl' : undefined };
  if (!isCase) {
    const key = found === 'test' ? 'test' : 'unknown';
    return { ...frame, title: say(key), heading: say(key), text: say(`${key}Text`), choices: [] };
  }
  const { brand } = found;
  return {
    ...frame,
    title: say('title', { brand: brand.name }),
    brand: { name: brand.name, accent: brand.accent },
    footer: [
      { href: brand.privacyUrl, text: say('privacy') },
      { href: brand.imprintUrl, text: say('imprint') },
    ].filter(({ href }) => /^https?:\/\//i.test(href)),
    ...standing(found, say),
  };
}

function standing(
  { brand, listName, status }: OptOutCase,
  say: OptOutSay,
): { heading: string; text: string; choices: Choice[] } {
  const values = { brand: brand.name, list: listName ?? '' };
  const shown = (key: string, choices: Choice[]): { heading: string; text: string; choices: Choice[] } => ({
    heading: say(key, values),
    text: say(`${key}Text`, values),
    choices,
  });
  if (status.brandOptedOutAt !== null) {
    return shown('offBrand', [{ level: 'brand', turn: 'in', text: say('backBrand', values) }]);
  }
  const stopBrand: Choice = { level: 'brand', turn: 'out', text: say('stopBrand', values) };
  if (listName === null) {
    return shown('choose', [{ ...stopBrand, isPrimary: true }]);
  }
  if (status.listOptedOutAt !== null) {
    return shown('offList', [stopBrand, { level: 'list', turn: 'in', text: say('backList', values) }]);
  }
  return shown('choose', [{ level: 'list', turn: 'out', text: say('stopList', values), isPrimary: true }, stopBrand]);
}
