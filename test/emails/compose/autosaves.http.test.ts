import type { Response } from 'supertest';
import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { FoundDistributions } from '../../../src/ledger/found_distributions.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { anAudience, BODY } from '../../distributions/builders.js';

describe('a draft that is kept while it is written', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  beforeAll(async () => {
    world = await startWorld();
    world.clock.set(new Date('2026-11-23T09:42:00Z'));
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, 3));
  });
  afterAll(() => world.close());

  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const whole = (): Record<string, string> => ({
    list: world.ids.show('CG', listId),
    fromName: 'Acme People',
    fromEmail: 'people@acme.example',
    subject: 'How was it?',
    body: BODY,
    linkDays: '60',
    when: 'now',
  });
  const autosave = (form: Record<string, string>, { agent } = ada): Promise<Response> =>
    agent.post(`${list()}/autosave`).type('form').set('HX-Request', 'true').send(form);
  const save = (path: string, form: Record<string, string>): Promise<Response> =>
    ada.agent
      .post(path)
      .type('form')
      .send({ go: 'save', ...form });
  /** What the form says of itself. */
  const stateIn = ({ text }: { text: string }): Record<string, string> =>
    Object.fromEntries(
      ['formKey', 'draft', 'revision'].map((name) => [
        name,
        new RegExp(`name="${name}" value="([^"]*)"`).exec(text)![1]!,
      ]),
    );
  const fresh = async (): Promise<Record<string, string>> => stateIn(await ada.agent.get(`${list()}/new`).expect(200));
  const stateOf = async (path: string): Promise<Record<string, string>> =>
    stateIn(await ada.agent.get(path).expect(200));
  const draftOf = async ({ draft }: Record<string, string>): Promise<Distribution> =>
    (await world.app.get(FoundDistributions).mustFind(ada.actor, world.ids.read('EMD', draft!))).distribution;

  it('is sent with what the form says of itself, which stands outside the form', async () => {
    const { text } = await ada.agent.get(`${list()}/new`).expect(200);
    expect(text).toContain('hx-include="#compose, #draft_state input"');
    expect(/id="draft_state"[^]*?<\/div>/.exec(text)![0]).toContain('name="revision"');
  });

  it('begins with the first words, without a list, and has an address from then on', async () => {
    const state = await fresh();
    const kept = await autosave({ ...state, subject: 'Half a sub', linkDays: 'many', sendOn: 'soon', when: 'later' });
    expect(kept.status).toBe(200);
    expect(kept.text).toContain('Saved ');
    const now = stateIn(kept);
    const path = `${list()}/${now['draft']}`;
    expect(kept.headers['hx-replace-url']).toBe(`${path}/edit`);
    expect(await draftOf(now)).toMatchObject({ status: 'draft', heading: 'Half a sub', audience: { listId: null } });
    const { text } = await ada.agent.get(`${path}/edit`).expect(200);
    expect(text).toContain('value="Half a sub"');
    expect(text).toContain('value="many"');
    await ada.agent
      .get(list())
      .expect(200)
      .expect(/Half a sub/);
    await ada.agent.get(path).expect(200);
    // An answer that never came back is no reason for a second draft.
    const again = await autosave({ ...state, subject: 'Half a subject' });
    expect(stateIn(again)['draft']).toBe(now['draft']);
  });

  it('is not checked or sent before it is complete, and then is', async () => {
    const state = stateIn(await autosave({ ...(await fresh()), subject: 'Not yet' }));
    const path = `${list()}/${state['draft']}`;
    await ada.agent.get(`${path}/review`).expect(303).expect('Location', `${path}/edit`);
    const { modifiedAt } = await draftOf(state);
    await ada.agent
      .post(`${path}/send`)
      .type('form')
      .send({ reviewed: String(modifiedAt.getTime()) })
      .expect(409);
    const then = stateIn(await autosave({ ...state, ...whole() }));
    expect(await draftOf(then)).toMatchObject({
      writing: { typed: null },
      audience: { listId },
      heading: 'How was it?',
    });
    await ada.agent.get(`${path}/review`).expect(200);
  });

  it('overwrites nothing that another tab wrote, until its author says so', async () => {
    const first = stateIn(await autosave({ ...(await fresh()), ...whole() }));
    const path = `${list()}/${first['draft']}`;
    const second = await stateOf(`${path}/edit`);
    await autosave({ ...second, ...whole(), subject: 'Of the second tab' });
    const refused = await autosave({ ...first, ...whole(), subject: 'Of the first tab' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('changed meanwhile');
    expect(refused.text).toContain(`href="${path}/edit"`);
    const saved = await save(path, { ...first, ...whole(), subject: 'Of the first tab' });
    expect(saved.status).toBe(422);
    expect(saved.text).toContain('Keep mine');
    expect(saved.text).toContain('value="Of the first tab"');
    expect((await draftOf(first)).heading).toBe('Of the second tab');
    const mine = await save(path, { ...stateIn(saved), ...whole(), subject: 'Of the first tab', go: 'mine' });
    expect(mine.status).toBe(303);
    expect((await draftOf(first)).heading).toBe('Of the first tab');
    // What the second tab had on its way comes too late.
    expect((await autosave({ ...second, ...whole(), subject: 'Late' })).status).toBe(409);
  });

  it('is one draft however its button and its autosaves meet', async () => {
    const state = await fresh();
    const answers = await Promise.all([
      autosave({ ...state, ...whole(), subject: 'One' }),
      autosave({ ...state, ...whole(), subject: 'One of it' }),
      save(list(), { ...state, ...whole(), subject: 'One of its own' }),
    ]);
    const place = answers[2].headers['location']!;
    expect(place).toMatch(/edit$/);
    const { text } = await ada.agent.get(list()).expect(200);
    const links = new Set(text.match(/emails\/EMD_\w+/g));
    const titles = new Set([...text.matchAll(/One(?: of it(?:s own)?)?</g)].map(([title]) => title));
    expect(titles.size).toBe(1);
    expect([...links].some((link) => place.includes(link))).toBe(true);
    const after = await autosave({ ...state, ...whole(), subject: 'Old news' });
    expect([409, 200]).toContain(after.status);
  });

  it('leaves alone what is scheduled, deleted, of others, or not theirs to send', async () => {
    const draft = stateIn(
      await autosave({ ...(await fresh()), ...whole(), when: 'later', sendOn: '2026-12-24T10:00' }),
    );
    const path = `${list()}/${draft['draft']}`;
    const { modifiedAt } = await draftOf(draft);
    await ada.agent
      .post(`${path}/send`)
      .type('form')
      .send({ reviewed: String(modifiedAt.getTime()) });
    expect((await draftOf(draft)).status).toBe('scheduled');
    const late = await autosave({ ...draft, ...whole(), subject: 'Changed' });
    expect(late.status).toBe(409);
    expect(await draftOf(draft)).toMatchObject({ status: 'scheduled', heading: 'How was it?' });
    expect((await ada.agent.get(`${path}/edit`).expect(200)).text).not.toContain('id="autosave"');
    const stranger = await world.aPerson(await world.aBrand());
    expect((await autosave({ ...draft, ...whole() }, stranger)).status).toBe(404);
    const gone = stateIn(await autosave({ ...(await fresh()), ...whole() }));
    await ada.agent.post(`${list()}/${gone['draft']}/remove`).expect(303);
    expect((await autosave({ ...gone, ...whole() })).status).toBe(404);
  });
});
