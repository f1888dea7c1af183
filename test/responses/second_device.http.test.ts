import type { Survey } from '../../src/surveys/survey.entity.js';
import { aLink, type BuiltLink, type LinkWords } from '../links/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { fourPages } from './four_pages.js';
import { Respondent } from './respondent.js';
import { responsesOf } from './rows.js';

const SECRET = 'Nobody listens to Ms Lovelace';

describe('a link of one’s own on a device that did not begin the walk', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());

  const GRACE = { firstName: 'Grace', email: 'grace@navy.example', embedded: { Team: 'Navy' } };
  async function aWalk(
    definition = fourPages(),
    options: Record<string, unknown> = {},
    words: LinkWords = {},
  ): Promise<{ survey: Survey; link: BuiltLink; own: Respondent }> {
    const survey = await aSurvey(world, ada, { definition, options });
    const link = await aLink(world, survey, { contact: GRACE, ...words });
    const own = await Respondent.at(world, link.path);
    await own.send({ QID1: SECRET });
    return { survey, link, own };
  }
  const elsewhere = ({ path }: BuiltLink) => Respondent.at(world, path);
  const hasBack = ({ page }: Respondent) => page.text.includes('value="back"');

  it.each([
    ['of a survey like others', { anonymize: false }],
    ['of an anonymous survey', { anonymize: true }],
  ])('goes on without showing or changing what was answered before (%s)', async (_, options) => {
    const { survey, link, own } = await aWalk(fourPages(), options);
    const first = own.form;
    await own.send({ QID2: 'second secret' });
    const thief = await elsewhere(link);
    expect(thief.page.text).toContain('name="QID3"');
    expect(hasBack(thief)).toBe(false);
    expect(thief.text).toContain('This survey was begun on another device.');
    const third = thief.form;
    await thief.send({}, 'back');
    expect(thief.page.text).toContain('name="QID3"');
    for (const page of ['f.1.0', 'f.3.0', 'start', 'f.0.0', 'nonsense']) {
      const forged = { ...third, fields: { ...third.fields, page } };
      await thief.post({ QID1: 'mine', QID2: 'mine' }, 'next', forged).expect(303);
      await thief.post({ QID1: 'mine', QID2: 'mine' }, 'back', forged).expect(303);
    }
    await thief.post({ QID1: 'mine' }, 'next', { ...first, fields: { ...first.fields, session: '' } }).expect(303);
    await thief.open();
    expect(thief.page.text).toContain('name="QID3"');
    await thief.send({ QID3: 'third' });
    await thief.send({ QID4: 'fourth' });
    expect(thief.hasForm).toBe(false);
    expect(thief.page.text).not.toContain('ecret');
    if (!options.anonymize) {
      const [response] = await responsesOf(world, survey);
      expect(response!.answers).toMatchObject({ QID1: { text: SECRET }, QID2: { text: 'second secret' } });
    }
  });

  it('repeats nothing that was said, nor what the survey made of it, but the name that stood in the mail', async () => {
    const { link, own } = await aWalk();
    await own.send();
    expect(own.text).toContain(`You said ${SECRET} and copy of ${SECRET}, Grace of Navy.`);
    const other = await elsewhere(link);
    expect(other.text).toContain('You said … and …, Grace of Navy.');
    await other.send({ QID3: 'third' });
    await other.send({ QID4: 'my own words' });
    expect(other.text).toContain('Said: …, then my own words.');
    const end = String((await own.post().expect(303)).headers['location']);
    expect(end).toContain('/end/');
    expect((await own.open(end)).text).toContain(`Said: ${SECRET}, then my own words.`);
    const late = await Respondent.at(world, end);
    expect(late.text).toContain('Said: …, then ….');
  });

  it('takes nothing of it along where the end leads elsewhere', async () => {
    const ending = {
      kind: 'redirect' as const,
      url: 'https://next.example/?said=${q://QID1/ChoiceTextEntryValue}&last=${q://QID2/ChoiceTextEntryValue}',
    };
    const definition = fourPages({ ending });
    definition.flow = definition.flow.slice(0, 4);
    const { link } = await aWalk(definition);
    const other = await elsewhere(link);
    await other.send({ QID2: 'mine' });
    expect(other.page.headers['refresh']).toBe('0;url=https://next.example/?said=&last=mine');
  });

  it('takes along what the author sets for everybody, and not what follows from an answer', async () => {
    const definition = fourPages({
      ending: {
        kind: 'redirect',
        url: 'https://next.example/?team=${e://Field/Team}&s=${e://Field/Status}&b=${e://Field/Branch}&c=${e://Field/Copied}&o=${e://Field/Often}',
      },
    });
    const set = (name: string, value: string) => ({ kind: 'embedded' as const, fields: [{ name, value }] });
    const when = { kind: 'test', operand: { kind: 'text', question: 'QID1' }, operator: 'notEmpty' } as never;
    definition.flow = [
      ...definition.flow.slice(0, 4),
      set('Status', 'complete'),
      set('Often', 'no'),
      { kind: 'branch', when, children: [set('Branch', 'told'), set('Often', 'yes')] },
    ];
    const { link } = await aWalk(definition);
    const other = await elsewhere(link);
    await other.send({ QID2: 'mine' });
    expect(other.page.headers['refresh']).toBe('0;url=https://next.example/?team=Navy&s=complete&b=&c=&o=');
  });

  it('opens at the first page that nobody has answered, though the first device has gone back', async () => {
    const { survey, link, own } = await aWalk();
    await own.send({ QID2: 'second' });
    await own.send({ QID3: 'typed and left' }, 'back');
    await own.send({}, 'back');
    expect(own.page.text).toContain(SECRET);
    const thief = await elsewhere(link);
    expect(thief.page.text).toContain('name="QID3"');
    expect(thief.page.text).not.toContain('typed and left');
    await thief.post({ QID1: 'mine' }, 'next', own.form).expect(303);
    await thief.send({ QID3: 'third' });
    await own.open();
    await own.send({ QID4: 'fourth' });
    const [response] = await responsesOf(world, survey);
    expect(response!.answers).toMatchObject({ QID1: { text: SECRET }, QID2: { text: 'second' } });
  });

  it('shows a device what it gave itself, and the first one everything', async () => {
    const { link, own } = await aWalk();
    const other = await elsewhere(link);
    await other.send({ QID2: 'said at the desk' });
    expect(hasBack(other)).toBe(true);
    await other.send({}, 'back');
    expect(other.page.text).toContain('said at the desk');
    expect(hasBack(other)).toBe(false);
    await other.send({ QID2: 'said at the desk' });
    await own.open();
    await own.send({}, 'back');
    expect(own.page.text).toContain('said at the desk');
    await own.send({}, 'back');
    expect(own.page.text).toContain(SECRET);
  });

  it('knows the first device by its cookie alone: nothing on other pages makes one', async () => {
    const { link, own } = await aWalk();
    const cookies = (page = own.page) => ([] as string[]).concat(page.headers['set-cookie'] ?? []);
    const given = await own.post({ QID2: 'second' }).expect(303);
    const [cookie] = cookies(given);
    expect(cookie).toMatch(new RegExp(`^walk=[\\w-]{12}\\.[\\w-]{22}; .*Path=${link.path}; .*HttpOnly; SameSite=Lax`));
    const thief = await elsewhere(link);
    const found = [...thief.page.text.matchAll(/value="([\w.-]+\.[\w-]{22})"/g)].map(([, ticket]) => ticket!);
    expect(found.length).toBeGreaterThan(1);
    const other = await aWalk();
    const theirs = cookies(await other.own.post({ QID2: 'x' })).map((text) => text.slice(5).split(';')[0]!);
    for (const ticket of [...found, ...theirs, 'AAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA', '']) {
      const page = await world.visitor().get(link.path).set('Cookie', `walk=${ticket}`);
      expect(page.text).not.toContain('value="back"');
    }
    const page = await world.visitor().get(link.path).set('Cookie', cookie!.split(';')[0]!);
    expect(page.text).toContain('value="back"');
  });

  it('knows the first device though its first page was sent twice at once', async () => {
    const survey = await aSurvey(world, ada, { definition: fourPages() });
    const own = await Respondent.at(world, (await aLink(world, survey, { contact: GRACE })).path);
    const [once, again] = await Promise.all([own.post({ QID1: SECRET }), own.post({ QID1: SECRET })]);
    for (const { headers } of [once, again]) {
      const [cookie] = ([] as string[]).concat(headers['set-cookie'] ?? []);
      const page = await world.visitor().get(own.path).set('Cookie', cookie!.split(';')[0]!);
      expect(page.text).toContain('value="back"');
    }
  });

  it('hides nothing before anything was answered, nor on open links', async () => {
    const survey = await aSurvey(world, ada, { definition: fourPages() });
    const link = await aLink(world, survey, { contact: GRACE });
    for (const path of [link.path, `/a/${world.ids.show('SV', survey.id)}`]) {
      const text = (await Respondent.at(world, path)).text;
      expect(text).not.toContain('another device');
    }
  });

  it('shows earlier answers to whoever has the link where the survey says so, never where it is anonymous', async () => {
    const { survey, link } = await aWalk();
    const base = `/surveys/${world.ids.show('SV', survey.id)}/options`;
    expect((await ada.agent.get(base)).text).toContain('Show earlier answers to whoever has the link');
    await ada.agent.post(`${base}/proof`).type('form').send({ proof: 'perhaps' }).expect(422);
    await ada.agent.post(`${base}/proof`).type('form').send({ proof: 'off' }).expect(303);
    const other = await elsewhere(link);
    expect(hasBack(other)).toBe(true);
    expect((await other.send({}, 'back')).page.text).toContain(SECRET);
    await ada.agent.post(`${base}/proof`).type('form').send({ proof: 'on' }).expect(303);
    expect(hasBack(await elsewhere(link))).toBe(false);

    const anonymous = await aWalk(fourPages(), { anonymize: true, askForProof: false });
    const page = `/surveys/${world.ids.show('SV', anonymous.survey.id)}/options`;
    expect((await ada.agent.get(page)).text).not.toContain('/options/proof');
    await ada.agent.post(`${page}/proof`).type('form').send({ proof: 'off' }).expect(409);
    expect(hasBack(await elsewhere(anonymous.link))).toBe(false);
  });
});
