import { pageOf, startWalk, submitPage } from '../../../src/engine/walk.js';
import type { ImportedSurvey } from '../../../src/qsf/import-qsf.js';
import { imported, said } from '../files.js';

const PANEL = { SurveyTermination: 'Redirect', EOSRedirectURL: 'https://panel.example/done?id=${e://Field/pid}' };

function endOf({ definition }: ImportedSurvey): object {
  const state = startWalk(definition, { seed: 1, now: 0, embedded: { pid: 'a&1' } });
  const page = pageOf(definition, state);
  const result = page.kind === 'page' ? submitPage(definition, state, page.key, {}) : { kind: 'stale' as const, state };
  return pageOf(definition, result.kind === 'invalid' ? state : result.state);
}

describe('an end in the flow that says nothing of its own', () => {
  it.each([
    ['bare', {}],
    ['default', { EndingType: 'Default' }],
    ['set back', { EndingType: 'Default', Options: { SurveyTermination: 'DisplayMessage', EOSMessage: 'Old' } }],
    ['without a termination', { EndingType: 'Advanced', Options: { Advanced: 'true', EmailThankYou: 'false' } }],
    ['none', { Options: { Advanced: 'true', SurveyTermination: 'None' } }],
    ['empty options', { Options: [] }],
  ])('keeps the redirect of the survey (%s)', (_name, end) => {
    const survey = imported({ options: PANEL, after: [{ Type: 'EndSurvey', ...end }] });
    expect(endOf(survey)).toMatchObject({ ending: 'redirect', url: 'https://panel.example/done?id=a%261' });
    expect(said(survey, /ending/)).toBe('');
  });

  it.each([{ ResponseFlag: 'Screened' }, { Screenout: 'Yes', ScreenOutName: 'Too young' }])(
    'keeps the message of the survey, and its own flag: %j',
    (flag) => {
      const options = { SurveyTermination: 'DisplayMessage', EOSMessage: '<b>Thank you</b>' };
      const end = { Type: 'EndSurvey', Options: { Advanced: 'true', ...flag } };
      expect(endOf(imported({ options, after: [end] }))).toMatchObject({
        ending: 'message',
        message: '<b>Thank you</b>',
        flags: ['screenedOut'],
      });
    },
  );
});

describe('an end in the flow with an ending of its own', () => {
  it.each([
    [{ SurveyTermination: 'DefaultMessage' }, { ending: 'default' }],
    [
      { SurveyTermination: 'DisplayMessage', EOSMessage: 'Bye' },
      { ending: 'message', message: 'Bye' },
    ],
    [{ SurveyTermination: 'Redirect', EOSRedirectURL: 'https://other.example' }, { url: 'https://other.example' }],
    [{ SurveyTermination: 'Redirect', EOSRedirectURL: 'other.example/x?y=1' }, { url: 'https://other.example/x?y=1' }],
  ])('ends there: %j', (options, end) => {
    const after = [{ Type: 'EndSurvey', EndingType: 'Advanced', Options: { Advanced: 'true', ...options } }];
    expect(endOf(imported({ options: PANEL, after }))).toMatchObject(end);
  });

  it.each([
    [{ SurveyTermination: 'DisplayMessage', EOSMessage: 'MS_a1b2' }, 'library'],
    [{ SurveyTermination: 'Redirect', EOSRedirectURL: 'javascript:alert(1)' }, 'no web address'],
    [{ SurveyTermination: 'Redirect', EOSRedirectURL: '${e://Field/back}' }, 'a host that is filled in'],
    [{ SurveyTermination: 'Redirect', EOSRedirectURL: 'https://a${e://Field/b}.example/' }, 'a host that is filled in'],
    [{ SurveyTermination: 'Redirect', EOSRedirectURL: 'https://panel.example:99999/done' }, 'no web address'],
    [{ SurveyTermination: 'Redirect', EOSRedirectURL: `https://panel.example/${'${'.repeat(5000)}` }, 'no web address'],
    [{ SurveyTermination: 'SingleResponseReport' }, 'SingleResponseReport'],
  ])('shows the default text where it can lead nowhere, and says so: %j', (options, words) => {
    const survey = imported({ options, after: [{ Type: 'EndSurvey' }] });
    expect(endOf(survey)).toMatchObject({ ending: 'default' });
    expect(said(survey, /ending/)).toContain(words);
  });
});

it('what an end does besides ending is named', () => {
  const Options = { Advanced: 'true', IgnoreResponse: '1', EmailThankYou: 'true', ShowResponseSummary: 'Yes' };
  const survey = imported({ after: [{ Type: 'EndSurvey', Options }] });
  expect(said(survey, /^Flow/)).toMatch(/recorded.*\n.*thank-you mail.*\n.*answers/);
});
