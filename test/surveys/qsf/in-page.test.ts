import { blockWith, choosing, ifChosen, imported, linesAbout, pagesOf } from './written.js';

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
