import type { Request, Response } from 'express';
import { phrasesIn, UI_LANGUAGES } from '../phrases.js';

const TIMES = new Map(UI_LANGUAGES.map((language) => [language as string, timesIn(language)]));
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Tells respondents on a page of the brand's look that there is no room, and when there will be. */
export abstract class ComeBackPage {
  abstract draw(request: Request, response: Response, seconds: number): Promise<void>;
}

/** `in 30 seconds`, `za 5 minut`: rounded up, so that nobody comes too early. */
export function timeUntil(language: string, seconds: number): string {
  const times = TIMES.get(language) ?? TIMES.get('en')!;
  if (seconds <= 90) {
    return times.format(seconds, 'second');
  }
  return seconds <= 90 * MINUTE
    ? times.format(Math.ceil(seconds / MINUTE), 'minute')
    : times.format(Math.ceil(seconds / HOUR), 'hour');
}

/** The same in a few hundred bytes that cost nothing to make: the answer to a flood. */
export function comeBack(request: Request, response: Response, seconds: number): void {
  const language = request.acceptsLanguages([...UI_LANGUAGES]) || 'en';
  const phrases = phrasesIn(language);
  const title = phrases.say('refusals.busy.title');
  const text = phrases.say('refusals.busy.text', { when: timeUntil(language, seconds) });
  const direction = language === 'ar' ? ' dir="rtl"' : '';
  response
    .status(429)
    .set({ 'Retry-After': String(seconds), 'Cache-Control': 'no-store', 'Content-Type': 'text/html; charset=utf-8' })
    .end(
      `<!doctype html><html lang="${language}"${direction}><meta charset="utf-8">` +
        `<meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`,
    );
}

function timesIn(language: string): Intl.RelativeTimeFormat {
  return new Intl.RelativeTimeFormat(language, { numeric: 'always' });
}
