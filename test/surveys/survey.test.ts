import fc from 'fast-check';
import { Invalid, WrongState } from '../../src/platform/errors.js';
import { doorAt } from '../../src/surveys/door.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import { Survey, surveyName } from '../../src/surveys/survey.entity.js';

const now = new Date('2026-11-23T12:00:00Z');
const hour = 3_600_000;

function aSurvey(changes: Partial<Survey> = {}): Survey {
  return Object.assign(
    new Survey(),
    { name: 'Pulse', draft: exampleDefinition(), createdAt: now, modifiedAt: now },
    changes,
  );
}

function anActiveSurvey(): Survey {
  const survey = aSurvey();
  survey.publish('1', now);
  survey.activate(now);
  return survey;
}

describe('a survey', () => {
  it('is activated only when something is published', () => {
    const survey = aSurvey();
    expect(() => survey.activate(now)).toThrow(WrongState);
    survey.publish('1', now);
    survey.activate(now);
    expect(survey).toMatchObject({ stage: 'active', activatedAt: now });
    expect(() => survey.activate(now)).toThrow('active already');
  });

  it('goes from active to paused and back, and nowhere else', () => {
    const survey = anActiveSurvey();
    expect(() => survey.resume(now)).toThrow(WrongState);
    survey.pause({ people: 'record', message: '  Back on Monday. ' }, now);
    expect(survey).toMatchObject({ stage: 'paused', pauseChoice: 'record', inactiveMessage: 'Back on Monday.' });
    expect(() => survey.pause({ people: 'finish', message: '' }, now)).toThrow('paused already');
    expect(() => survey.activate(now)).toThrow('Resume it instead');
    survey.resume(now);
    expect(survey.stage).toBe('active');
    expect(() => aSurvey().pause({ people: 'finish', message: '' }, now)).toThrow(WrongState);
  });

  it('takes no message that is longer than a page', () => {
    expect(() => anActiveSurvey().pause({ people: 'finish', message: 'x'.repeat(2001) }, now)).toThrow(Invalid);
  });

  it('is not opened again after its window, until the window is moved', () => {
    const survey = anActiveSurvey();
    survey.pause({ people: 'finish', message: '' }, now);
    survey.limitTo(null, now, now);
    expect(() => survey.resume(now)).toThrow('Move or remove its end');
    survey.limitTo(null, new Date(now.getTime() + hour), now);
    survey.resume(now);
    expect(survey.doorAt(now)).toBe('open');
    expect(() => survey.limitTo(now, now, now)).toThrow(Invalid);
  });

  it('knows whether respondents see the draft', () => {
    const survey = aSurvey();
    survey.publish('1', now);
    expect(survey.hasUnpublishedChanges).toBe(false);
    survey.revise({ ...survey.draft }, now);
    expect(survey.hasUnpublishedChanges).toBe(false);
    survey.revise({ ...survey.draft, title: 'Another' }, now);
    expect(survey.hasUnpublishedChanges).toBe(true);
    survey.publish('2', now);
    expect(() => survey.publish('3', now)).toThrow('nothing new');
  });

  it('has a name on one line of at most 200 characters', () => {
    expect(surveyName(' Pulse\r\n<b>of</b>\t‮the week ')).toBe('Pulse <b>of</b> ‮the week');
    expect(() => surveyName(' \n ')).toThrow(Invalid);
    expect(() => surveyName('x'.repeat(201))).toThrow(Invalid);
  });
});

describe('the door', () => {
  const instant = fc.integer({ min: -5, max: 5 }).map((hours) => new Date(now.getTime() + hours * hour));
  const bound = fc.option(instant);

  it('is open exactly while the survey is active, published and inside its window', () => {
    const facts = fc.record({
      stage: fc.constantFrom('new' as const, 'active' as const, 'paused' as const),
      isPublished: fc.boolean(),
      availableFrom: bound,
      availableUntil: bound,
    });
    fc.assert(
      fc.property(facts, instant, (survey, at) => {
        const isInside =
          (survey.availableFrom === null || at >= survey.availableFrom) &&
          (survey.availableUntil === null || at < survey.availableUntil);
        expect(doorAt(survey, at) === 'open').toBe(survey.stage === 'active' && survey.isPublished && isInside);
      }),
    );
  });
});
