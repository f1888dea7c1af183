import { imported, said } from './files.js';

/** The lines of a file with these options, by group. */
function linesOf(options: Record<string, unknown>): string[] {
  return imported({ options }).report.map(({ group = '', what }) => `${group}: ${what}`);
}

it.each([
  [{ RecaptchaV3: 'true' }, 'data: Bots are not told apart'],
  [{ RelevantID: 'true' }, 'data: Doubles and fraud are not detected (RelevantID)'],
  [{ CollectGeoLocation: 'true' }, 'data: Where respondents are'],
  [
    { PartialData: 'No' },
    'data: Unfinished responses were not recorded by themselves; here they are recorded after a week',
  ],
  [{ PartialData: '+1 fortnight' }, 'data: Unfinished responses closed after "+1 fortnight"'],
  [{ PartialDataCloseAfter: 'SurveyStart' }, 'data: Unfinished responses closed so long after their start'],
  [{ NoIndex: 'No' }, 'look: Search engines could list it'],
  [{ AutoAdvance: 'true' }, 'respondents: Pages went on by themselves'],
  [{ PasswordProtection: 'Yes' }, 'respondents: The password'],
  [{ RefererCheck: 'Yes', RefererURL: 'https://acme.example' }, 'respondents: The check where respondents come from'],
  [{ SurveyExpiration: '2027-01-01' }, 'respondents: It closes at "2027-01-01"'],
  [{ EmailThankYou: 'true' }, 'respondents: The thank-you mail'],
  [{ InactiveMessage: 'MS_1a' }, 'respondents: What people read when the survey is closed is in a library'],
  [{ InactiveSurvey: 'CustomMessage' }, 'respondents: What people meet when the survey is closed'],
  [{ SurveyProtection: 'Vouchers' }, 'respondents: Who may answer, "Vouchers", is not known here'],
  [{ headerMid: 'MS_1a' }, 'respondents: A text of header, footer or buttons is in a library'],
  [{ ShowExportTags: 'true' }, 'look: Export tags'],
  [{ Skin: { brandingId: '1' } }, 'look: Its theme'],
  [{ CustomStyles: { customCSS: 'a {}' } }, 'look: Colours and fonts'],
  [{ WarpDrive: 'nine' }, 'respondents: The setting "WarpDrive" (nine) is not known here'],
  [
    {
      BallotBoxStuffingPrevention: 'true',
      BallotBoxStuffingPreventionBehavior: 'Redirect',
      BallotBoxStuffingPreventionURL: 'https://acme.example/again',
    },
    'respondents: Who answers again was sent to "https://acme.example/again"',
  ],
  [
    { BallotBoxStuffingPrevention: 'true', BallotBoxStuffingPreventionBehavior: 'EmbeddedData' },
    'data: Who answers again could',
  ],
])('an option that is not taken over is a line: %j', (options, line) => {
  expect(linesOf(options)).toEqual([expect.stringContaining(line)]);
});

it('options that are taken over, usual or switched off are none', () => {
  const taken = {
    SaveAndContinue: 'false',
    PartialData: '+4 hours',
    SurveyProtection: 'ByInvitation',
    QuestionsPerPage: '1',
    NoIndex: 'Yes',
  };
  const off = {
    RecaptchaV3: 'false',
    CollectGeoLocation: false,
    PasswordProtection: 'No',
    SurveyExpiration: 'None',
    RefererURL: 'http://',
    WarpDrive: [],
    CustomStyles: { a: null },
  };
  const harmless = {
    SurveyCreationDate: '2014-12-15',
    SkinLibrary: 'acme',
    BallotBoxStuffingPreventionURL: 'https://old.example',
  };
  const survey = imported({ options: { ...taken, ...off, ...harmless } });
  expect(survey.report).toEqual([]);
  expect(survey.options).toMatchObject({ finishLater: false, incompleteAfterHours: 4, invitationOnly: true });
});

it('triggers, notes, quota groups, dates and parts that nobody knows are lines', () => {
  const survey = imported({
    entry: {
      SurveyStartDate: '2026-02-01 08:00:00',
      SurveyExpirationDate: '0000-00-00 00:00:00',
      SurveyDescription: 'For HR',
    },
    elements: [
      { Element: 'TR', Payload: { Name: 'Tell the boss' } },
      { Element: 'NT', Payload: { Notes: [{ Message: 'Ask Ada' }] } },
      { Element: 'QG', Payload: { Quotas: ['QO_1'] } },
      { Element: 'SCO', Payload: { ScoringCategories: [{ ID: 'SC_1' }] } },
      { Element: 'XX', Payload: { a: 1 } },
      { Element: 'YY', Payload: null },
      { Element: 'PROJ', Payload: { ProjectCategory: 'CORE' } },
    ],
  });
  const text = survey.report.map(({ what }) => what).join('\n');
  expect(text).toMatch(
    /Tell the boss.*\n.*A note of its makers.*\n.*one group.*\n.*Scores.*\n.*"XX".*\n.*opened on 2026-02-01.*\n.*For HR/,
  );
  expect(survey.report).toHaveLength(7);
});

const LINE = { QuestionType: 'TE', Selector: 'SL', QuestionText: 'A' };
const CUSTOM = { Settings: { Type: 'CustomValidation', CustomValidation: { Logic: {} } } };

it.each([
  [{ ...LINE, Validation: CUSTOM }, 'custom validation is not checked'],
  [
    { ...LINE, Selector: 'FORM', Choices: { 1: { Display: 'a' } }, Validation: CUSTOM },
    'custom validation is not checked',
  ],
  [
    { QuestionType: 'Slider', Choices: { 1: { Display: 'a' } }, Validation: CUSTOM },
    'custom validation is not checked',
  ],
  [
    {
      QuestionType: 'SBS',
      Choices: { 1: { Display: 'a' } },
      AdditionalQuestions: {
        1: { Validation: CUSTOM, Selector: 'Likert', SubSelector: 'SingleAnswer', Answers: { 1: { Display: 'x' } } },
      },
    },
    'QID1#1: Its custom validation is not checked',
  ],
  [{ ...LINE, Validation: { Settings: { Type: 'SpellCheck' } } }, 'validation "SpellCheck" is not checked'],
  [{ ...LINE, QuestionJS: 'jQuery("#x").hide();' }, 'what that hides is shown here'],
  [{ ...LINE, SearchSource: { AllowFreeResponse: 'true', URL: 'x' } }, 'Suggestions while people type'],
  [{ ...LINE, GradingData: [{ ChoiceID: '1', Grades: { a: 1 } }] }, 'Points for its answers'],
  [{ ...LINE, Hologram: 'on' }, 'setting "Hologram" is not known here'],
  [{ ...LINE, Configuration: { InputWidth: 400 } }, 'Widths, places and repeated headings'],
  [
    { QuestionType: 'Slider', Choices: { 1: { Display: 'a' } }, Configuration: { SnapToGrid: true } },
    'stop only at their grid lines',
  ],
  [
    {
      QuestionType: 'Slider',
      Choices: { 1: { Display: 'a' } },
      Configuration: { CustomStart: true, SliderStartPositions: { 1: 50 } },
    },
    'start at places of their own',
  ],
  [
    {
      QuestionType: 'MC',
      Selector: 'SAVR',
      Choices: { 1: { Display: 'a', Sparkle: 1 } },
      ChoiceGroups: { cg_1: { GroupLabel: 'Fruit' } },
    },
    'Headings over groups of its choices were left out: "Fruit"',
  ],
  [{ QuestionType: 'Timing', Configuration: { MinSeconds: '30' } }, 'People could go on only after 30 seconds'],
  [{ QuestionType: 'Timing', Configuration: { MaxSeconds: 60 } }, 'The page went on by itself after 60 seconds'],
  [{ QuestionType: 'Captcha' }, 'nothing keeps bots away'],
  [
    {
      QuestionType: 'Slider',
      Choices: { 1: { Display: 'a' } },
      Labels: { 1: { Display: '<img src="https://img.example/a.png">' } },
    },
    'A picture at its scale was left out',
  ],
  [
    {
      QuestionType: 'MC',
      Selector: 'SAVR',
      Choices: [],
      DynamicChoices: { Locator: 'q://QID9/ChoiceGroup/SelectedChoices' },
    },
    'All its choices are carried over from another question, which is not done here',
  ],
])('what a question loses is a line: %j', (question, line) => {
  expect(said(imported({ questions: { QID1: question } }), /QID1/)).toContain(line);
});

it('pictures and links in the text for a closed survey are a line, for that text is plain', () => {
  const survey = imported({ options: { InactiveMessage: 'Closed. <img src="https://img.example/a.png">' } });
  expect(said(survey, /^Options/)).toContain('no pictures, no links');
  expect(imported({ options: { InactiveMessage: 'Closed' } }).report).toEqual([]);
});

it('a plain timer is no warning', () => {
  const { report } = imported({ questions: { QID1: { QuestionType: 'Timing', Configuration: { MinSeconds: '0' } } } });
  expect(report).toMatchObject([{ severity: 'info', group: 'data' }]);
});
