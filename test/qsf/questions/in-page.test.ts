import { blockWith, choosing, ifChosen, imported, linesAbout, pagesOf } from '../written.js';

const question = choosing(['Yes', 'No']);

describe('logic that looks at the page it stands on', () => {
  const survey = imported({
    questions: {
      QID1: question,
      QID2: { ...question, InPageDisplayLogic: ifChosen('QID1', '1', { inPage: true }) },
      QID3: question,
    },
  });

  it('cuts the page, asks only whom the answer calls, and says so', () => {
    expect(pagesOf(survey, { QID1: '1' })).toEqual([['QID1'], ['QID2', 'QID3']]);
    expect(pagesOf(survey, { QID1: '2' })).toEqual([['QID1'], ['QID3']]);
    expect(linesAbout(survey, 'QID2')).toEqual([
      'A new page begins before it: it depends on the answer to QID1 above it.',
    ]);
  });

  it('holds together with logic of earlier pages', () => {
    const both = imported({
      questions: {
        QID1: question,
        QID2: question,
        QID3: {
          ...question,
          DisplayLogic: ifChosen('QID1', '1', { inPage: false }),
          InPageDisplayLogic: ifChosen('QID2', '1', { inPage: true }),
        },
      },
    });
    expect(pagesOf(both, { QID1: '1', QID2: '1' }).flat()).toContain('QID3');
    expect(pagesOf(both, { QID1: '2', QID2: '1' }).flat()).not.toContain('QID3');
    expect(pagesOf(both, { QID1: '1', QID2: '2' }).flat()).not.toContain('QID3');
  });

  it('is asked after the question that calls it up, also from below', () => {
    const upwards = imported({
      questions: {
        QID1: { ...question, InPageDisplayLogic: ifChosen('QID2', '1') },
        QID2: question,
        QID3: question,
      },
    });
    expect(pagesOf(upwards, { QID2: '1' })).toEqual([['QID2'], ['QID1', 'QID3']]);
    expect(linesAbout(upwards, 'QID1')[0]).toBe('It is asked after QID2 now, whose answer calls it up.');
  });

  it('cuts for choices and for ordinary logic, too', () => {
    const choices = imported({
      questions: {
        QID1: question,
        QID2: {
          ...question,
          Choices: { 1: { Display: 'A' }, 2: { Display: 'B', DisplayLogic: ifChosen('QID1', '1') } },
        },
        QID3: { ...question, DisplayLogic: ifChosen('QID2', '2') },
      },
    });
    expect(pagesOf(choices, { QID1: '1', QID2: '2' })).toEqual([['QID1'], ['QID2'], ['QID3']]);
    expect(pagesOf(choices, { QID1: '2', QID2: '1' })).toEqual([['QID1'], ['QID2']]);
  });

  it('comes after what it looks at in every shuffled order', () => {
    const shuffled = imported({
      questions: {
        QID1: question,
        QID2: { ...question, InPageDisplayLogic: ifChosen('QID1', '1') },
        QID3: question,
      },
      blocks: [blockWith('BL_1', ['QID1', 'QID2', 'QID3'], { RandomizeQuestions: 'true' })],
    });
    const orders = Array.from({ length: 40 }, (_, seed) => pagesOf(shuffled, { QID1: '1' }, { seed }).flat());
    for (const order of orders) expect(order.indexOf('QID2')).toBeGreaterThan(order.indexOf('QID1'));
    expect(new Set(orders.map(String)).size).toBe(3);
  });
});

describe('logic that asks for the device', () => {
  const device = (LeftOperand: string, RightOperand?: string, Operator = 'Is'): object => ({
    0: { 0: { LogicType: 'DeviceType', LeftOperand, RightOperand, Operator, Type: 'Expression' }, Type: 'If' },
  });
  const phone = { kind: 'phone', family: 'iphone' } as const;

  it.each([
    [device('', 'Mobile'), [phone, { kind: 'tablet' }], [{ kind: 'desktop' }]],
    [device('mobile'), [phone], [{ kind: 'desktop' }]],
    [device('isMobile'), [phone], [{ kind: 'desktop' }]],
    [device('mobile', undefined, 'IsNot'), [{ kind: 'desktop' }], [phone]],
    [device('iPhone'), [phone], [{ kind: 'phone', family: 'android' }]],
    [device('Desktop'), [{ kind: 'desktop' }], [phone]],
  ] as const)('%j shows a question to some and not to others', (DisplayLogic, shown, hidden) => {
    const survey = imported({ questions: { QID1: question, QID2: { ...question, DisplayLogic } } });
    for (const one of shown) expect(pagesOf(survey, {}, { device: one }).flat()).toContain('QID2');
    for (const one of hidden) expect(pagesOf(survey, {}, { device: one }).flat()).not.toContain('QID2');
    expect(survey.report).toEqual([]);
  });

  it('counts as false for a device that is not told apart, and is reported', () => {
    const survey = imported({ questions: { QID1: question, QID2: { ...question, DisplayLogic: device('Toaster') } } });
    expect(pagesOf(survey, {}, { device: phone }).flat()).toEqual(['QID1']);
    expect(linesAbout(survey, 'QID2').join()).toContain('not told apart');
  });
});

describe('logic that the newer spelling marks as applied inside the page', () => {
  const inPage = { inPage: true };

  it('is asked after the question below that calls it up', () => {
    const survey = imported({
      questions: { QID1: { ...question, DisplayLogic: ifChosen('QID2', '1', inPage) }, QID2: question },
    });
    expect(pagesOf(survey, { QID2: '1' })).toEqual([['QID2'], ['QID1']]);
    expect(linesAbout(survey, 'QID1')[0]).toBe('It is asked after QID2 now, whose answer calls it up.');
  });

  it('shows choices that an answer below calls up', () => {
    const Choices = { 1: { Display: 'A' }, 2: { Display: 'B', InPageDisplayLogic: ifChosen('QID2', '1', inPage) } };
    const survey = imported({ questions: { QID1: { ...question, Choices }, QID2: question } });
    expect(pagesOf(survey, { QID2: '1', QID1: '2' })).toEqual([['QID2'], ['QID1']]);
  });
});

describe('cuts of a page', () => {
  it('are told only where a page begins', () => {
    const called = { ...question, DisplayLogic: ifChosen('QID1', '1') };
    const survey = imported({ questions: { QID1: question, QID2: called, QID3: called } });
    expect(pagesOf(survey, { QID1: '1' })).toEqual([['QID1'], ['QID2', 'QID3']]);
    expect(linesAbout(survey, 'QID2')).toHaveLength(1);
    expect(linesAbout(survey, 'QID3')).toEqual([]);
  });

  it('do not part the text of a side by side from its tables', () => {
    const column = {
      QuestionType: 'Matrix',
      Selector: 'Likert',
      SubSelector: 'SingleAnswer',
      Answers: { 1: { Display: 'x' } },
    };
    const Choices = { 1: { Display: 'Row' }, 2: { Display: 'Called', DisplayLogic: ifChosen('QID1', '1') } };
    const sides = { QuestionType: 'SBS', QuestionText: 'Both', Choices, AdditionalQuestions: { 1: column, 2: column } };
    const survey = imported({ questions: { QID1: question, QID2: sides } });
    expect(pagesOf(survey, { QID1: '1' })).toEqual([['QID1'], ['QID2', 'QID2-1', 'QID2-2']]);
  });
});

describe('logic that looks at answers which nobody can have given', () => {
  const warned = (questions: Parameters<typeof imported>[0]['questions'], where: string): string[] =>
    linesAbout(imported({ questions }), where).filter((line) => line.includes('nobody has given yet'));

  it('is named where a choice asks for an answer to its own question', () => {
    const Choices = { 1: { Display: 'A' }, 2: { Display: 'B', InPageDisplayLogic: ifChosen('QID1', '1') } };
    expect(warned({ QID1: { ...question, Choices } }, 'QID1')).toEqual([
      'Its logic looks at the answer to this question itself, which nobody has given yet when it is asked.',
    ]);
  });

  it('is named where two questions call each other up, and where one looks at a later page', () => {
    const called = (by: string) => ({ ...question, InPageDisplayLogic: ifChosen(by, '1') });
    expect(warned({ QID1: called('QID2'), QID2: called('QID1') }, 'QID1')).toHaveLength(1);
    const early = { QID1: { ...question, DisplayLogic: ifChosen('QID2', '1') }, QID2: question };
    expect(warned(early, 'QID1')).toHaveLength(1);
    expect(warned(early, 'QID2')).toEqual([]);
    const flow = [1, 2].map(() => ({ Type: 'Standard', ID: 'BL_1' }));
    expect(linesAbout(imported({ questions: early, flow }), 'QID1').join()).not.toContain('nobody has given yet');
  });
});

describe('logic that asks for choices that are not there', () => {
  const lines = (logic: object): string[] =>
    linesAbout(imported({ questions: { QID1: question, QID2: { ...question, DisplayLogic: logic } } }), 'QID2').filter(
      (line) => line.includes('does not have'),
    );

  it.each(['9', 'x1', '1/3'])('is named: %s', (choice) => {
    const table = { QuestionType: 'Matrix', Answers: { 1: { Display: 'x' } }, Choices: { 1: { Display: 'row' } } };
    const survey = imported({
      questions: { QID1: table, QID2: { ...question, DisplayLogic: ifChosen('QID1', choice) } },
    });
    expect(linesAbout(survey, 'QID2').join()).toContain('asks for a choice that its question does not have');
  });

  it('is no line where they are', () => {
    expect(lines(ifChosen('QID1', '2'))).toEqual([]);
  });

  it('of one column of a side by side shows that column only', () => {
    const column = { QuestionType: 'Matrix', Selector: 'Likert', SubSelector: 'SingleAnswer' };
    const first = { ...column, Answers: { 1: { Display: 'x' } } };
    const AdditionalQuestions = { 1: first, 2: { ...first, DisplayLogic: ifChosen('QID1', '1') } };
    const sides = { QuestionType: 'SBS', Choices: { 1: { Display: 'Row' } }, AdditionalQuestions };
    const survey = imported({ questions: { QID1: question, QID2: sides } });
    expect(pagesOf(survey, { QID1: '2' }).flat()).not.toContain('QID2-2');
    expect(pagesOf(survey, { QID1: '1' }).flat()).toContain('QID2-2');
  });
});
