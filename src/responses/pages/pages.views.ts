import { DateTime } from 'luxon';
import { directionOf, ownLanguage } from '../../engine/direction.js';
import { showNumber } from '../../engine/questions/number-reading.js';
import type { EndView, PageView, QuestionView } from '../../engine/page.js';
import { mayReturn } from '../../engine/hidden-answers.js';
import type { Begun } from '../sessions/begun.js';
import { isGuarded, TRAP } from '../bot_guard.js';
import { closest, languagesOf, nameOf, uiLanguage } from './languages.js';
import { timeUntil } from '../../platform/web/session/come_back.js';
import { type Phrases, phrasesIn, UI_LANGUAGES } from '../../platform/web/phrases.js';
import { errorPieces, errorTarget, type Piece, questionModel, shownHtml } from './question.views.js';
import { elsewhereNote } from '../proofs/elsewhere.views.js';
import type { Refused } from './refusals.js';
import { STATUS } from '../sessions/session.js';
import { type RespondentBrand } from '../sessions/session_rows.js';
import { START_PAGE, type Visit, wishesOf } from '../visit.js';
import type { Standing } from '../walking.js';

/** What a page needs besides the walk: addresses and tickets, made where HTTP is known. */
export interface PageWords {
  action: string;
  /** Tickets for its form. */
  hidden: Record<string, string | undefined>;
}

type Own = Piece['own'];

/** The page of questions where the walk stands. */
export function pageModel(visit: Visit, standing: Standing, page: PageView, words: PageWords): object {
  const { definition, state, door } = standing;
  const phrases = phrasesFor(visit, standing);
  const { language } = state;
  const ui = uiOf(phrases, language);
  const titled = titleOf(page, standing);
  const hidden = { page: page.key, ...words.hidden };
  return {
    ...frame(visit, standing.brand, phrases, { language, ...titled }),
    heading: titled.title,
    progress: definition.options.progressBar ? progressOf(page, phrases) : undefined,
    header: shownHtml(page.header ?? ''),
    footerText: shownHtml(page.footer ?? ''),
    problems: problemsOf(page, phrases, ui),
    questions: page.questions.map((question) => questionModel(question, phrases, ui)),
    hidden: [
      ...Object.entries(hidden).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
      ...page.asked.map((value) => ({ name: 'asked', value })),
    ],
    action: words.action,
    ...buttonsOf(page, standing, phrases),
    trap: isGuarded(visit, door) ? { name: TRAP, label: phrases.say('website') } : undefined,
    note: keptNote(visit, standing, phrases),
    elsewhere:
      standing.hiddenAnswers === undefined || standing.session === undefined
        ? undefined
        : { ui, ...elsewhereNote(visit, standing.session.walk, phrases) },
    marked: markedWords(standing, phrases),
    languages: languageChoice(visit, standing, phrases),
  };
}

/** The page before the first: what the survey is, and a button that begins it. */
export function startModel(visit: Visit, standing: Standing, page: PageView, words: PageWords): object {
  const { definition, state } = standing;
  const model = pageModel(visit, standing, { ...page, key: START_PAGE, questions: [] }, words);
  return {
    ...model,
    progress: undefined,
    isBeforeStart: true,
    description: definition.description,
    descriptionOwn: ownLanguage(definition.language, state.language),
    next: { text: phrasesFor(visit, standing).say('start') },
  };
}

function titleOf(
  { title, titleOwn }: PageView,
  { definition, state, door }: Standing,
): { title: string; titleOwn: Own } {
  return title === ''
    ? { title: door.survey.name, titleOwn: ownLanguage(definition.language, state.language) }
    : { title, titleOwn };
}

/** The author's words in the survey's language, else ours. */
function buttonsOf(page: PageView, { definition, state, hiddenAnswers }: Standing, phrases: Phrases): object {
  const own = ownLanguage(definition.language, uiOf(phrases, state.language)?.lang ?? state.language);
  const button = (label: string | undefined, usual: string): Piece =>
    label === undefined ? { text: usual } : { text: label, own };
  return {
    next: button(page.nextLabel, phrases.say('next')),
    back:
      page.canGoBack && mayReturn(definition, state, hiddenAnswers)
        ? button(page.backLabel, phrases.say('back'))
        : undefined,
  };
}

/** The end of a walk. A redirect has its link here, for browsers that do not follow it by themselves. */
export function endModel(visit: Visit, standing: Standing, end: EndView): object {
  const phrases = phrasesFor(visit, standing);
  const hasMessage = end.message !== undefined && end.message.trim() !== '';
  const { language } = standing.state;
  const titled = { title: phrases.say('endTitle'), titleOwn: uiOf(phrases, language) };
  return {
    ...frame(visit, standing.brand, phrases, { language, ...titled }),
    heading: phrases.say('endTitle'),
    message: hasMessage ? shownHtml(end.message!) : undefined,
    text: phrases.say(end.url === undefined ? 'endText' : 'endRedirect'),
    marked: markedWords(standing, phrases),
    next: end.url === undefined ? undefined : { href: new URL(end.url).href, text: phrases.say('endGo') },
  };
}

export function refusalModel(visit: Pick<Visit, 'accepted' | 'query'> & Partial<Visit>, refusal: Refused): object {
  const wishes =
    visit.way === undefined ? [visit.query['Q_Language'] ?? '', ...visit.accepted] : wishesOf(visit as Visit);
  const phrases = phrasesIn(closest(wishes, UI_LANGUAGES) ?? 'en');
  const { reason, opensAt, timeZone = 'UTC', brand, seconds } = refusal;
  const key = reason === 'early' && opensAt === undefined ? 'unpublished' : reason;
  const date = opensAt === undefined ? '' : instant(opensAt, timeZone, phrases.language);
  const when = seconds === undefined ? '' : timeUntil(phrases.language, seconds);
  return {
    ...frame(visit, brand, phrases, { language: phrases.language, title: phrases.say(`refusals.${key}.title`) }),
    heading: phrases.say(`refusals.${key}.title`),
    paragraphs: paragraphsOf(refusal, phrases) ?? [{ text: phrases.say(`refusals.${key}.text`, { date, when }) }],
  };
}

/** Asks whoever comes to a walk that is open in this browser; nothing of what was answered is on the page. */
export function begunModel(visit: Visit, begun: Begun, { action, ticket }: { action: string; ticket: string }): object {
  const phrases = phrasesIn(closest(wishesOf(visit), UI_LANGUAGES) ?? 'en');
  const title = phrases.say('begun.title');
  return {
    ...frame(visit, begun.brand, phrases, { language: phrases.language, title: `${title} · ${begun.title}` }),
    heading: title,
    text: phrases.say(begun.mayStartAnew ? 'begun.text' : 'begun.onlyGoOn'),
    next: phrases.say('begun.goOn'),
    anew: begun.mayStartAnew ? phrases.say('begun.anew') : undefined,
    action,
    ticket,
  };
}

/** What the layout shows around every page, and in which language our own words are where the survey's differ. */
export function frame(
  visit: Partial<Visit>,
  brand: RespondentBrand | undefined,
  phrases: Phrases,
  { language, title, titleOwn }: { language: string; title: string; titleOwn?: Own },
): object {
  const ui = uiOf(phrases, language);
  return {
    lang: language,
    dir: directionOf(language) === 'rtl' ? 'rtl' : undefined,
    ui,
    title,
    titleOwn,
    brand: brand && { name: brand.name, accent: brand.accent },
    footer: [
      { href: brand?.privacyUrl, text: phrases.say('privacy') },
      { href: brand?.imprintUrl, text: phrases.say('imprint') },
    ]
      .filter(({ href }) => isAddress(href))
      .map((link) => (ui === undefined ? link : { ...link, lang: phrases.language })),
    preview: visit.way?.entry.isTrial
      ? { ui, text: phrases.say('preview'), restart: phrases.say('restart'), href: `${visit.way.path}?restart=1` }
      : undefined,
  };
}

/** The language of our own words where the survey's texts are in another one, and its direction where that differs too. */
function uiOf({ language: lang }: Phrases, language: string): (Own & { lang: string }) | undefined {
  if (closest([lang], [language]) !== undefined) {
    return undefined;
  }
  const dir = directionOf(lang);
  return dir === directionOf(language) ? { lang } : { lang, dir };
}

function phrasesFor(visit: Visit, { definition, state }: Standing): Phrases {
  const wishes = [...wishesOf(visit)];
  const phrases = phrasesIn(uiLanguage(state.language, languagesOf(definition).length > 1, wishes));
  return phrases.withFigures((number) => showNumber(number, state.language));
}

function progressOf({ progress }: PageView, phrases: Phrases): object {
  return {
    value: progress,
    text: phrases.say('progress', { percent: progress }),
    name: phrases.say('progressName'),
  };
}

function problemsOf(page: PageView, phrases: Phrases, ui: Own): object | undefined {
  if (page.errors.length === 0) {
    return undefined;
  }
  const items = page.questions.flatMap((question) => {
    const [first] = question.errors;
    return first === undefined
      ? []
      : [
          {
            href: `#${errorTarget(question, first)}`,
            pieces: [...called(question), ...errorPieces(question, first, phrases, ui)],
          },
        ];
  });
  const count = items.length;
  return { title: count === 1 ? phrases.say('errorOne') : phrases.say('errorMany', { count }), items };
}

function called({ label, own }: QuestionView): Piece[] {
  const mark = /[.?!:…。？！：؟]$/.test(label) ? '' : ':';
  return label === '' ? [] : [{ text: `${shortened(label)}${mark} `, own }];
}

function shortened(label: string): string {
  return label.length <= 80 ? label : `${label.slice(0, 77).trimEnd()}…`;
}

function keptNote(visit: Visit, { session, door, brand }: Standing, phrases: Phrases): string | undefined {
  const { isTrial, walk } = visit.way.entry;
  const isKept = walk === 'ofLink' || door.survey.options['finishLater'] !== false;
  if (session?.expiresAt === null || session === undefined || !isKept || isTrial) {
    return undefined;
  }
  const zone = door.survey.timeZone || brand.timeZone;
  const date = DateTime.fromJSDate(session.expiresAt, { zone })
    .setLocale(localeOf(phrases.language))
    .toLocaleString(DateTime.DATE_FULL);
  return phrases.say(walk === 'ofLink' ? 'keptLink' : 'keptDevice', { date });
}

/** Whoever was taken for a program learns it while there is still somebody to be told. */
function markedWords({ session }: Standing, phrases: Phrases): string | undefined {
  return session?.status === STATUS.spam ? phrases.say('marked') : undefined;
}

/** English for readers everywhere: the day before the month. */
function localeOf(language: string): string {
  return language === 'en' ? 'en-GB' : language;
}

function languageChoice(visit: Visit, { definition, state }: Standing, phrases: Phrases): object | undefined {
  const languages = languagesOf(definition);
  if (languages.length < 2) {
    return undefined;
  }
  const others = Object.entries(visit.query).filter(([name]) => name !== 'Q_Language' && name !== 'restart');
  return {
    action: visit.way.path,
    ui: uiOf(phrases, state.language),
    label: phrases.say('language'),
    change: phrases.say('changeLanguage'),
    hidden: others.map(([name, value]) => ({ name, value })),
    options: languages.map((value) => ({ value, text: nameOf(value), selected: value === state.language })),
  };
}

export function instant(at: Date, zone: string, language: string): string {
  return DateTime.fromJSDate(at, { zone })
    .setLocale(localeOf(language))
    .toLocaleString({
      ...DateTime.DATETIME_FULL,
      timeZoneName: 'short',
    });
}

/** The owner's own words, in the survey's language on a page in the reader's. */
function paragraphsOf({ message = '', messageLanguage }: Refused, { language }: Phrases): Piece[] | undefined {
  const own = ownLanguage(messageLanguage ?? language, language);
  const paragraphs = message.split(/\n+/).map((text) => ({ text: text.trim(), own }));
  return message.trim() === '' ? undefined : paragraphs.filter(({ text }) => text !== '');
}

function isAddress(href: string | undefined): boolean {
  return href !== undefined && /^https?:\/\//i.test(href);
}
