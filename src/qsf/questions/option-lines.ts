import { plainText } from '../../engine/text.js';
import type { Report, ReportGroup } from '../report.js';
import { isOff, isOn, isRecord, textOf } from '../raw.js';
import type { Raw } from '../raw.js';

/** What the import of a file reads elsewhere. */
const TAKEN =
  /^(?:BackButton|SaveAndContinue|SaveandContinue|SurveyTermination|EOS\w*|AvailableLanguages|SurveyLanguage|SurveyTitle|SurveyMetaDescription|SurveyName|Header|Footer|NextButton|PreviousButton|QuestionsPerPage|BallotBoxStuffing(?:Prevention)?|AnonymizeResponse)$/;

/** What says nothing about the survey, or only how the other system keeps and edits it. */
const NOTHING =
  /^(?:SurveyCreationDate|SurveyCreator\w*|LastModified\w*|oldSystemID|libraryId|\w+Library|ActiveResponseSet|PreferJFE|UseJFE|ProtectSelectionIds|NewScoring|SpellChecked|SkinType|SkinQuestionWidth|SecureResponseFiles|RefererURL|Password|ThankYouEmailMessage|BallotBoxStuffingPrevention\w+|SurveyStartDate|SurveyExpirationDate|ShowSurveyName|SurveyCollaborators|EditorVersion)$/;

interface Rule {
  key: RegExp;
  group: ReportGroup;
  isWarning?: boolean;
  what: string | ((value: string) => string);
  remedy?: string;
  /** Values besides nothing, no and off that change nothing. */
  usual?: RegExp;
}

const GUARD = 'Switch the bot guard on for open links.';
const LIBRARY = 'Write it again.';

const RULES: readonly Rule[] = [
  {
    key: /^PasswordProtection$/,
    group: 'respondents',
    isWarning: true,
    what: 'The password was not taken over.',
    remedy: 'Set it again.',
  },
  {
    key: /^RefererCheck$/,
    group: 'respondents',
    isWarning: true,
    what: 'The check where respondents come from was not taken over.',
  },
  {
    key: /^EmailThankYou$/,
    group: 'respondents',
    isWarning: true,
    what: 'The thank-you mail is in a library, not in the file; none is sent.',
  },
  {
    key: /^SurveyProtection$/,
    group: 'respondents',
    isWarning: true,
    usual: /^(?:PublicSurvey|ByInvitation)$/,
    what: (value) => `Who may answer, "${value}", is not known here: everybody with the link may.`,
  },
  {
    key: /^AutoAdvance/,
    group: 'respondents',
    what: 'Pages went on by themselves once answered; here people press the button.',
  },
  {
    key: /^SurveyExpiration$/,
    group: 'respondents',
    isWarning: true,
    what: (value) => `It closes at "${value}"; here it stays open.`,
    remedy: 'Set until when people may start.',
  },
  {
    key: /^(?:Recaptcha|reCaptcha)/i,
    group: 'data',
    isWarning: true,
    what: 'Bots are not told apart by reCAPTCHA: no score is recorded, and conditions on it are false.',
    remedy: GUARD,
  },
  {
    key: /^(?:RelevantID|FraudDetect|DuplicateDetect|BotDetect)/i,
    group: 'data',
    isWarning: true,
    what: (value) =>
      `Doubles and fraud are not detected (${value}): no score is recorded, and conditions on it are false.`,
    remedy: GUARD,
  },
  { key: /^CollectGeoLocation$/, group: 'data', isWarning: true, what: 'Where respondents are is not collected.' },
  {
    key: /^PartialDataCloseAfter$/,
    group: 'data',
    usual: /^LastActivity$/i,
    what: 'Unfinished responses closed so long after their start; here after the last activity.',
  },
  {
    key: /^(?:\w*SurveyLinkCompletedMessage|AlreadyTakenMessage)$/,
    group: 'respondents',
    what: 'The text for people who have answered already is in a library; the default is shown.',
    remedy: LIBRARY,
  },
  {
    key: /^InactiveSurvey$/,
    group: 'respondents',
    usual: /^DefaultMessage$/,
    what: 'What people meet when the survey is closed is in a library; the default is shown.',
    remedy: LIBRARY,
  },
  {
    key: /^(?:ValidateMessage|ValidationMessage)$/,
    group: 'respondents',
    what: 'The text above answers that are refused is in a library; the default is shown.',
    remedy: LIBRARY,
  },
  {
    key: /^(?:nextButton|previousButton|header|footer)Mid$/,
    group: 'respondents',
    what: 'A text of header, footer or buttons is in a library; the default is shown.',
    remedy: LIBRARY,
  },
  { key: /^ShowExportTags$/, group: 'look', what: 'Export tags were shown beside the questions; here they are not.' },
  { key: /^HighlightQuestions$/, group: 'look', what: 'The question being answered was marked; here it is not.' },
  { key: /^PageTransition$/, group: 'look', what: 'Pages slid or faded in; here they just appear.' },
  {
    key: /^(?:Skin|SurveyTheme|Theme)$/,
    group: 'look',
    what: 'Its theme was left out: pages have the look of the brand.',
  },
  { key: /^CustomStyles$/, group: 'look', what: 'Colours and fonts of its own were left out.' },
  { key: /^(?:ExternalCSS|CustomCSS)$/, group: 'look', what: 'Its style sheet was dropped.' },
  {
    key: /^ProgressBarDisplay$/,
    group: 'look',
    usual: /^(?:Text|NoText|VerboseText|Bar\w*)$/i,
    what: (value) => `Its progress bar "${value}" is drawn as ours.`,
  },
];

/** Every option of a file that is not taken over is a line; what is switched off is none. */
export function reportOptions(options: Raw, report: Report): void {
  reportSecondAnswers(options, report);
  for (const [key, value] of Object.entries(options)) {
    if (TAKEN.test(key) || NOTHING.test(key) || isOff(value)) continue;
    const rule = RULES.find((one) => one.key.test(key));
    if (rule) reportRule(rule, key, value, report);
    else if (!SPECIAL.has(key)) reportUnknown(key, value, report);
  }
  const isListed = /^(?:no|false)$/i.test(textOf(options['NoIndex']));
  if (isListed) report.look.note('Options', 'Search engines could list it; here they are always asked not to.');
}

/** Told where they are read. */
const SPECIAL = new Set(['NoIndex', 'PartialData', 'InactiveMessage']);

function reportRule(rule: Rule, key: string, value: unknown, report: Report): void {
  const written = shownValue(value);
  if (rule.usual?.test(written)) return;
  const what = typeof rule.what === 'string' ? rule.what : rule.what(isOn(value) ? key : written);
  const lines = report[rule.group];
  if (rule.isWarning) lines.warn('Options', what, rule.remedy);
  else lines.note('Options', what, rule.remedy);
}

function reportUnknown(key: string, value: unknown, report: Report): void {
  const name = plainText(textOf(key)).slice(0, 60);
  report.note('Options', `The setting "${name}" (${shownValue(value)}) is not known here and was left out.`);
}

/** What happens to people who answer again, where the survey minds. */
function reportSecondAnswers(options: Raw, report: Report): void {
  if (!isOn(options['BallotBoxStuffingPrevention'] ?? options['BallotBoxStuffing'])) return;
  const behavior = textOf(options['BallotBoxStuffingPreventionBehavior']);
  const url = textOf(options['BallotBoxStuffingPreventionURL']).trim();
  if (/redirect/i.test(behavior) || (behavior === '' && /^https?:\/\/\S/i.test(url))) {
    const what = `Who answers again was sent to "${url.slice(0, 200)}"; here a page says that it was answered already.`;
    report.warn('Options', what, 'Send them there from the text of the invitation.');
  } else if (/embedded|flag/i.test(behavior)) {
    report.data.warn('Options', 'Who answers again could, with a mark in the data; here a second answer is refused.');
  } else if (textOf(options['BallotBoxStuffingPreventionMessage']).trim() !== '') {
    report.note('Options', 'The text for people who answer again is in a library; the default is shown.', LIBRARY);
  }
}

export function shownValue(value: unknown): string {
  const written = isRecord(value) || Array.isArray(value) ? 'several values' : plainText(textOf(value));
  return (written || String(value === true)).slice(0, 80);
}
