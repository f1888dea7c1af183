import { createHmac } from 'node:crypto';
import { SignedParametersService } from '../../src/links/signed_parameters.service.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aLink, type LinkWords } from '../links/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { Respondent } from './respondent.js';
import { responsesOf } from './rows.js';

describe('the embedded data of a walk', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
    const definition = exampleDefinition();
    const fields = [{ name: 'Team' }, { name: 'Wave' }, { name: 'Email' }, { name: 'Grade', signed: true }];
    definition.flow = [{ kind: 'embedded', fields }, ...definition.flow];
    survey = await aSurvey(world, ada, { definition });
  });
  afterAll(() => world.close());

  const packed = (fields: object): string => Buffer.from(JSON.stringify(fields)).toString('base64url');

  /** As the guide tells its readers to sign. */
  function signed(fields: Record<string, string>, changes: Record<string, string> = {}): Record<string, string> {
    const secret = world.app.get(SignedParametersService).secretOf(survey.id);
    const text = Object.entries(fields)
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join('&');
    const signature = createHmac('sha256', secret).update(text).digest('hex');
    return { ...fields, ...changes, Q_Signed: Object.keys(fields).join(','), Q_Signature: signature };
  }

  async function stored(path: string, query: Record<string, string>, later = ''): Promise<Record<string, string>> {
    const person = await Respondent.at(world, `${path}?${new URLSearchParams(query).toString()}`);
    await person.send({ QID1: '1' });
    await person.open(`${path}${later}`);
    while (person.hasForm) {
      await person.send({}); // on an open link first the question whether to go on
    }
    return (await responsesOf(world, survey)).at(-1)!.embedded;
  }
  const open = (): string => `/a/${world.ids.show('SV', survey.id)}`;
  const personal = async (words: LinkWords): Promise<string> => (await aLink(world, survey, words)).path;

  it.each(['individual', 'multiple'] as const)(
    'is the contact’s own before all that an address says (%s)',
    async (kind) => {
      const contact = { email: 'grace@acme.example', embedded: { Team: 'North' } };
      const attack = {
        ...signed({ Team: 'South' }),
        Email: 'eve@evil.example',
        Wave: '7',
        Q_EED: packed({ Team: 'West' }),
      };
      expect(await stored(await personal({ kind, contact }), attack)).toEqual({ Team: 'North', Wave: '7' });
    },
  );

  it('is the link’s own before the address too, and blanks may be filled', async () => {
    const path = await personal({ embedded: { Team: 'East', Wave: '' } });
    expect(await stored(path, { Team: 'South', Wave: '2' })).toMatchObject({ Team: 'East', Wave: '2' });
  });

  it('takes a signed value before a plain one, wherever either stands', async () => {
    const both = { ...signed({ Q_EED: packed({ Team: 'Signed', Grade: 'A' }) }), Team: 'Plain', Wave: '3' };
    expect(await stored(open(), both)).toEqual({ Team: 'Signed', Grade: 'A', Wave: '3' });
    const own = { ...signed({ Team: 'Ä & B=', Wave: '1' }), Q_EED: packed({ Team: 'Packed' }), utm_source: 'x' };
    expect(await stored(open(), own)).toEqual({ Team: 'Ä & B=', Wave: '1' });
  });

  it('ignores what was changed after it was signed, and a plain value where one must be signed', async () => {
    expect(await stored(open(), { ...signed({ Team: 'North' }, { Team: 'South' }), Wave: '3' })).toEqual({ Wave: '3' });
    expect(await stored(open(), { Grade: 'A', Q_EED: packed({ Grade: 'B', Wave: '4' }) })).toEqual({ Wave: '4' });
    expect(await stored(open(), { ...signed({ Team: 'North' }), Q_Signature: 'zz' })).toEqual({});
  });

  it('takes numbers, and packed fields in ordinary base64 with its plus signs', async () => {
    const plain = Buffer.from(JSON.stringify({ Team: 'ab>', Wave: 30, Email: null })).toString('base64');
    expect(plain).toContain('+');
    expect(await stored(open(), { Q_EED: plain.replaceAll('+', ' ') })).toEqual({
      Team: 'ab>',
      Wave: '30',
    });
  });

  it('stays as it began when the address changes on the way', async () => {
    expect(await stored(open(), { Team: 'North' }, '?Team=South&Wave=9')).toEqual({ Team: 'North' });
  });

  it('has its secret shown to whoever may send, one for each survey', async () => {
    const page = await ada.agent.get(`/surveys/${world.ids.show('SV', survey.id)}/distributions/anonymous`);
    expect(page.text).toContain(world.app.get(SignedParametersService).secretOf(survey.id));
    const other = await aSurvey(world, ada);
    expect(page.text).not.toContain(world.app.get(SignedParametersService).secretOf(other.id));
  });
});
