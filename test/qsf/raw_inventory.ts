import type { ImportedSurvey } from '../../src/qsf/import-qsf.js';
import type { Question } from '../../src/engine/questions/question.schema.js';
import { flowNodes, isYes, itemsOf, json, type Json, list, type RawFile, str, wordsOf } from './raw_file.js';

/** Counts what a file holds against what was taken over and what the report says; names whatever is in neither. */
export class Inventory {
  readonly missing: string[] = [];
  private readonly lines: string[];

  constructor(
    private readonly file: RawFile,
    private readonly survey: ImportedSurvey,
  ) {
    this.lines = survey.report.map(({ where, what }) => `${where}: ${what}`);
    for (const [qid, raw] of file.questions) this.question(qid, raw);
    for (const block of file.blocks.values()) this.block(block);
    this.flow();
    this.options();
    this.elements();
  }

  /** A feature that is there has to be in the survey or in a line about its place. */
  private expect(feature: string, where: string, isTaken: boolean, about = /./): void {
    if (isTaken || this.hasLine(where, about)) return;
    this.missing.push(`${where}: ${feature}`);
  }

  private hasLine(where: string, about: RegExp): boolean {
    return this.lines.some(
      (line) => line.startsWith(where) && /^[^\w]/.test(line.slice(where.length)) && about.test(line),
    );
  }

  private of(qid: string): Question[] {
    const safe = qid.replaceAll(/[^A-Za-z0-9-]/g, '-');
    return Object.values(this.survey.definition.questions).filter(({ id, importId = id }) =>
      [id, importId].some(
        (one) => one === qid || one === safe || one.startsWith(`${qid}#`) || one.startsWith(`${qid}-`),
      ),
    );
  }

  private question(qid: string, raw: Json): void {
    const ours = this.of(qid);
    this.expect(`type ${str(raw['QuestionType'])}`, qid, ours.length > 0);
    if (ours.length === 0) return;
    this.texts(qid, raw, ours);
    this.behaviour(qid, raw, ours);
    this.losses(qid, raw);
  }

  private texts(qid: string, raw: Json, ours: Question[]): void {
    const text = JSON.stringify(ours);
    const words = ` ${wordsOf(text.replaceAll(/\\[nrt]/g, ' ').replaceAll('\\"', '"'))} `;
    const isScore = raw['Selector'] === 'NPS';
    const texts = [
      ['text', raw['QuestionText']],
      ...Object.values(json(raw['VariableNaming'])).map((name) => ['name', name]),
      ...['Choices', 'Answers', 'Labels', 'ColumnLabels']
        .filter((name) => !isScore || name === 'ColumnLabels')
        .flatMap((name) => list(raw[name]).map(([id, one]) => [`${name} ${id}`, one['Display']])),
    ];
    for (const [name, written] of texts) {
      const said = wordsOf(written);
      this.expect(`${str(name)} "${said.slice(0, 40)}"`, qid, said === '' || words.includes(` ${said} `));
    }
    for (const value of isScore ? [] : Object.values(json(raw['RecodeValues'])).map((one) => str(one).trim())) {
      this.expect(`recode ${value}`, qid, value === '' || text.includes(`"value":"${value}"`));
    }
  }

  private behaviour(qid: string, raw: Json, ours: Question[]): void {
    const settings = json(json(raw['Validation'])['Settings']);
    const text = JSON.stringify(ours);
    const hasAll = ours.every((one) => one.displayLogic !== undefined);
    const logic = ['Choices', 'Answers']
      .flatMap((name) => list(raw[name]))
      .filter(([, one]) => isThere(one['DisplayLogic']));
    const slider = json(raw['Configuration']);
    const starts = Object.values(json(slider['SliderStartPositions'])).map(Number);
    const isMoved =
      isYes(slider['CustomStart']) && starts.some((start) => start !== Number(slider['CSSliderMin'] ?? 0));
    const checks = str(settings['Type']);
    const needs: [boolean, string, boolean, RegExp?][] = [
      [isYes(settings['ForceResponse']), 'forced response', /"required":"(?:force|request)"/.test(text)],
      [!['', 'None'].includes(checks), `validation ${checks}`, CHECKED.test(text), /check|valid/i],
      [isThere(raw['DisplayLogic']), 'display logic', hasAll],
      [isThere(raw['InPageDisplayLogic']), 'in-page logic', hasAll],
      [logic.length > 0, 'logic of choices', text.split('"displayLogic"').length > logic.length],
      [
        !['', 'None'].includes(str(json(raw['Randomization'])['Type'])),
        'random order',
        /"shuffle(?:Columns)?":/.test(text),
      ],
      [isThere(raw['DefaultChoices']), 'defaults', text.includes('"defaults":'), /default|begin|start/i],
      [isMoved, 'start of sliders', text.includes('"defaults":'), /start|default|begin/i],
    ];
    for (const [isIn, feature, isTaken, about] of needs) if (isIn) this.expect(feature, qid, isTaken, about);
  }

  /** What can't be taken over whatever happens. */
  private losses(qid: string, raw: Json): void {
    const lost: [boolean, string, RegExp][] = [
      [str(raw['QuestionJS']).trim() !== '' && raw['QuestionJS'] !== false, 'JavaScript', /JavaScript|script/],
      [list(raw['DynamicChoices']).length > 0, 'carried choices', /carried/i],
      [str(raw['Graphics']) !== '', 'graphic', /graphic/i],
      [list(raw['ChoiceGroups']).length > 0, 'groups of choices', /group/i],
      [list(raw['GradingData']).length > 0, 'scores', /score/i],
      [/<script\b/i.test(str(raw['QuestionText'])), 'script', /script/i],
      [/<(?:iframe|video|audio|embed|object)\b/i.test(str(raw['QuestionText'])), 'player', /player|frame/i],
      [/display:\s*none/i.test(str(raw['QuestionText'])), 'hidden text', /hid/i],
      [/\\\(|\\\[|\$\$/.test(str(raw['QuestionText'])), 'formula', /formula|TeX/i],
    ];
    for (const [isThere, feature, about] of lost) if (isThere) this.expect(feature, qid, false, about);
    for (const [, src = ''] of str(raw['QuestionText']).matchAll(/<img[^>]*\ssrc=["']?([^"'\s>]*)/gi)) {
      this.expect(`picture ${src}`, qid, JSON.stringify(this.of(qid)).includes(src.replace(/^\/\//, '')), /picture/i);
    }
    this.unknown(qid, raw, QUESTION);
  }

  private block(raw: Json): void {
    const name = str(raw['Description'])
      .replaceAll(/<[^<>]*>/g, '')
      .trim();
    const where = `Block "${name}"`;
    const options = json(raw['Options']);
    const ours = Object.values(this.survey.definition.blocks).find((one) => one.name === name);
    const isSet = (value: unknown): boolean => !['', 'None', 'false'].includes(str(value));
    if (isSet(options['RandomizeQuestions']))
      this.expect('random order', where, ours !== undefined && /"shuffle"|"order"|"arrange/.test(JSON.stringify(ours)));
    if (isSet(options['Looping'])) this.expect('loop', where, false, /loop/i);
    for (const item of itemsOf(raw)) {
      const skips = list(item['SkipLogic']).length;
      const taken = ours?.items.find(
        (one) =>
          one.kind === 'question' &&
          this.of(str(item['QuestionID'])).some(
            ({ id }) => id === one.question && 'skips' in one && (one.skips ?? []).length === skips,
          ),
      );
      if (skips > 0) this.expect('skips', str(item['QuestionID']), taken !== undefined, /skip/i);
    }
    this.unknown(where, options, BLOCK);
  }

  private flow(): void {
    const ours = JSON.stringify(this.survey.definition.flow);
    const count = (kind: string): number => ours.split(`"kind":"${kind}"`).length - 1;
    const nodes = flowNodes(this.file.flow);
    const of = (...types: string[]): number => nodes.filter((node) => types.includes(str(node['Type']))).length;
    this.expect('blocks', 'Flow', count('block') >= of('Block', 'Standard', 'Default'), /block/i);
    this.expect('branches', 'Flow', count('branch') >= of('Branch'));
    this.expect(
      'randomizers',
      'Flow',
      count('randomizer') >=
        nodes.filter(
          (node) =>
            str(node['Type']).endsWith('Randomizer') &&
            flowNodes(node).some((one) => /^(?:Block|Standard)$/.test(str(one['Type']))),
        ).length,
      /random/i,
    );
    this.expect('ends', 'Flow', count('end') >= of('EndSurvey'), /end/i);
    for (const field of nodes.flatMap((node) => list(node['EmbeddedData']).map(([, one]) => one))) {
      this.expect(`field ${str(field['Field'])}`, 'Flow', ours.includes(JSON.stringify(str(field['Field']))));
    }
    const known = [
      'Block',
      'Standard',
      'Default',
      'Branch',
      'BlockRandomizer',
      'Randomizer',
      'EndSurvey',
      'EmbeddedData',
      'Group',
      'Root',
    ];
    for (const node of nodes)
      if (!known.includes(str(node['Type']))) this.expect(`element ${str(node['Type'])}`, 'Flow', false);
  }

  private options(): void {
    const { definition, options } = this.survey;
    const raw = this.file.options;
    const off = (key: string): boolean => /^(?:|no|false|none|off|null|0)$/i.test(str(raw[key]));
    const needs: [string, boolean, RegExp?][] = [
      ['PasswordProtection', false, /password/i],
      ['RefererCheck', false, /where respondents come from/],
      ['BallotBoxStuffingPrevention', options.preventMultiple],
      ['AnonymizeResponse', options.anonymize],
      ['CollectGeoLocation', false, /location|place/i],
      ['RecaptchaV3', false, /captcha|robot|bot/i],
      ['RelevantID', false, /fraud|bot|twice|RelevantID/i],
      ['EmailThankYou', false, /thank-you/],
      ['Header', definition.options.header !== undefined, /header/i],
      ['Footer', definition.options.footer !== undefined, /footer/i],
      ['AutoAdvance', false, /advance|by itself|themselves/i],
      ['CustomCSS', false, /style/i],
      ['ExternalCSS', false, /style/i],
      ['Skin', false, /theme/i],
      ['ValidationMessage', false, /words/i],
      ['ShowExportTags', false, /tags/i],
    ];
    for (const [key, isTaken, about] of needs) if (!off(key)) this.expect(`option ${key}`, 'Options', isTaken, about);
    if (raw['SurveyProtection'] === 'ByInvitation') this.expect('by invitation', 'Options', options.invitationOnly);
    if (raw['SurveyTermination'] === 'Redirect')
      this.expect('redirect', 'Options', definition.ending.kind === 'redirect');
    if (raw['SurveyTermination'] === 'DisplayMessage')
      this.expect('message', 'Options', definition.ending.kind === 'message');
    if (/\d{4}-\d\d/.test(str(raw['SurveyExpiration']) + str(raw['SurveyStartDate'])))
      this.expect('dates', 'Options', false, /date|until|open/i);
    this.unknown('Options', raw, OPTIONS);
  }

  private elements(): void {
    const { definition } = this.survey;
    const quotas = this.file.payloads('QO').length;
    this.expect('quotas', 'Quota', (definition.quotas ?? []).length === quotas);
    if (this.file.payloads('SCO').some((one) => list(one['ScoringCategories']).length > 0))
      this.expect('scores', 'Scoring', false);
    if (this.file.payloads('TR').length > 0) this.expect('actions', 'Triggers', false);
    if (this.file.payloads('NT').some((one) => list(one['Notes']).length > 0))
      this.expect('notes', 'File', false, /note/i);
    for (const kind of new Set(this.file.kinds()))
      if (!ELEMENTS.has(kind)) this.expect(`element ${kind}`, 'File', false, new RegExp(kind));
    const tags = Object.keys(definition.translations).length;
    const offered = Object.keys(json(this.file.options['AvailableLanguages'])).length;
    if (offered > 1) this.expect('languages', 'Languages', tags + 1 >= offered);
  }

  /** A key that neither this list nor the report knows. */
  private unknown(where: string, raw: Json, known: ReadonlySet<string>): void {
    for (const [key, value] of Object.entries(raw)) {
      const isUnset = /^(?:|no|false|none|off|0|default)$/i.test(str(value)) && Object.keys(json(value)).length === 0;
      if (!known.has(key) && !isUnset) this.expect(`unknown key ${key}`, where, false, new RegExp(`"${key}"`));
    }
  }
}

const isThere = (value: unknown): boolean => list(value).length > 0;
/** Limits of any kind. */
const CHECKED = /"kind":"(?!any)|"m(?:in|ax)(?:Length|Choices)"|"total"|"pattern"/;

const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

const ELEMENTS = set('BL BR FL LBLK NT OCAC PL PROJ QC QG QGO QO RS SCO SO SQ STAT SURL TR');
const QUESTION = set(
  `AdditionalQuestions AnalysisType AnalyzeChoices AnswerOrder Answers ChoiceDataExportTags ChoiceGroupOrder ChoiceGroups
  ChoiceOrder Choices ClarifyingSymbol ClarifyingSymbolType ColumnLabels Configuration DataExportTag DataVisibility
  DefaultChoices DisplayLogic DynamicChoices GradingData Graphics GraphicsDescription Groups InPageDisplayLogic Labels
  Language NextAnswerId NextChoiceId NumberOfQuestions QuestionDescription QuestionID QuestionJS QuestionText
  QuestionText_Unsafe QuestionType Randomization RecodeValues SearchSource Selector SubSelector Validation VariableNaming`,
);
const BLOCK = set('BlockLocking BlockVisibility Looping LoopingOptions Randomization RandomizeQuestions');
const OPTIONS = set(
  `ActiveResponseSet AnonymizeResponse AutoAdvance AvailableLanguages BackButton BallotBoxStuffing
  BallotBoxStuffingPrevention CollectGeoLocation CustomCSS CustomStyles EOSMessage EOSMessageLibrary EOSRedirectURL
  EmailThankYou ExternalCSS Footer Header HighlightQuestions InactiveMessage InactiveMessageLibrary InactiveSurvey
  NewScoring NextButton NoIndex PageTransition PartialData Password PasswordProtection PreferJFE PreviousButton
  ProgressBarDisplay ProtectSelectionIds QuestionsPerPage RecaptchaV3 RefererCheck RefererURL RelevantID SaveAndContinue
  SaveandContinue SecureResponseFiles ShowExportTags Skin SkinLibrary SkinQuestionWidth SkinType SpellChecked
  SurveyCreationDate SurveyExpiration SurveyLanguage SurveyMetaDescription SurveyName SurveyProtection SurveyTermination
  SurveyTitle ThankYouEmailMessage ThankYouEmailMessageLibrary ValidateMessage ValidationMessage
  ValidationMessageLibrary oldSystemID`,
);
