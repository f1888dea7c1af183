import type { Response } from 'supertest';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';

describe('the library', () => {
  let world: World;
  let ada: Person;
  let grace: Person;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    const brand = await world.aBrand();
    ada = await world.aPerson(brand);
    grace = await world.aPerson(brand, { firstName: 'Grace' });
  });
  afterAll(() => world.close());

  const post = (person: Person, path: string, fields: Record<string, string> = {}): Promise<Response> =>
    person.agent.post(path).type('form').send(fields);
  const fields = (changes: Record<string, string> = {}): Record<string, string> => ({
    category: 'invite',
    name: 'First week',
    language: 'en',
    subject_en: 'How was it?',
    body_en: '<p>Hello</p>',
    ...changes,
  });
  /** Keeps a message and returns its address. */
  const aMessage = async (changes: Record<string, string> = {}): Promise<string> => {
    expect((await post(ada, '/library/messages', fields(changes))).status).toBe(303);
    const { text } = await ada.agent.get(`/library?search=${encodeURIComponent(changes['name'] ?? 'First week')}`);
    return /href="(\/library\/messages\/MS_\w+)\/edit"/.exec(text)![1]!;
  };
  const api = (method: 'get' | 'post' | 'delete', path: string, person = ada) =>
    world.visitor()[method](`/API/v3/libraries/${path}`).set('X-API-TOKEN', person.token);

  it('offers for writing only what something in the product uses, and keeps what others wrote', async () => {
    const form = (await ada.agent.get('/library/new')).text;
    const offered = [...form.matchAll(/<option value="(\w+)"/g)].map(([, value]) => value);
    expect(offered).toEqual(['invite', 'reminder', 'thankYou', 'emailSubject', 'general']);
    const path = await aMessage({ name: 'The end', category: 'endOfSurvey' });
    expect((await ada.agent.get(`${path}/edit`)).text).toContain('value="endOfSurvey" selected');
  });

  it('is searched from the form of a mail, its own kind first, with how each message begins', async () => {
    await aMessage({
      name: 'Once more',
      category: 'reminder',
      body_en: '<style>p{}</style><p>Please <b>answer</b></p>',
    });
    await aMessage({ name: 'First week' });
    await aMessage({ name: 'The end', category: 'endOfSurvey' });
    const survey = await aSurvey(world, ada);
    const choices = `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/library`;
    const names = async (query: string): Promise<string[]> =>
      [...(await ada.agent.get(`${choices}${query}`).expect(200)).text.matchAll(/check__label">([^<]+)/g)].map(
        ([, name]) => name!,
      );
    expect(await names('')).toEqual(['First week', 'Once more']);
    expect(await names('?kind=reminder')).toEqual(['Once more', 'First week']);
    expect(await names('?librarySearch=ONCE')).toEqual(['Once more']);
    expect(await names('?libraryCategory=invite')).toEqual(['First week']);
    const { text } = await ada.agent.get(choices);
    expect(text).toContain('Please answer');
    expect(text).not.toContain('p{}');
    expect((await ada.agent.get(`${choices}?librarySearch=nothing`)).text).toContain(
      'Nothing in the library is like that',
    );
    await grace.agent.get(choices).expect(404);
  });

  it('says at first what it is for', async () => {
    const { text } = await ada.agent.get('/library').expect(200);
    expect(text).toContain('No messages yet');
    await ada.agent.get('/library/new?category=emailSubject').expect(200);
  });

  it('keeps a message in several languages, and shows it again as it was written', async () => {
    const path = await aMessage({ subject_de: 'Wie war es?', body_de: '<p>Hallo</p>', 'body_pt-BR': 'Olá' });
    const { text } = await ada.agent.get(`${path}/edit`).expect(200);
    expect(text).toContain('value="Wie war es?"');
    expect(text).toContain('&lt;p&gt;Hallo&lt;/p&gt;');
    expect(text).toContain('Brazilian Portuguese');
    expect((await ada.agent.get('/library')).text).toContain('de, en, pt-BR');
  });

  it('adds and leaves out languages without keeping anything yet', async () => {
    const added = await post(ada, '/library/messages', fields({ go: 'language', newLanguage: 'fr' }));
    expect(added.status).toBe(200);
    expect(added.text).toContain('name="body_fr"');
    const dropped = await post(ada, '/library/messages', fields({ body_fr: 'Salut', go: 'drop:fr' }));
    expect(dropped.text).not.toContain('name="body_fr"');
    expect((await ada.agent.get('/library')).text).toContain('No messages yet');
  });

  it.each([
    ['without a name', { name: ' ' }, 'Give the message a name'],
    ['without words', { body_en: '', subject_en: '' }, 'Write the message in its default language'],
    ['in what is no language', { language: 'constructor' }, 'Write the message in its default language'],
    ['without an end', { body_en: 'x'.repeat(400_001) }, 'longer than 400,000 characters'],
  ])('shows the form again for a message %s', async (_, changes, words) => {
    const { status, text } = await post(ada, '/library/messages', fields(changes));
    expect({ status, tells: text.includes(words) }).toEqual({ status: 422, tells: true });
  });

  it('finds by category and by a part of the name', async () => {
    await aMessage();
    await aMessage({ name: 'The end', category: 'endOfSurvey' });
    expect((await ada.agent.get('/library?category=endOfSurvey')).text).not.toContain('First week');
    expect((await ada.agent.get('/library?search=WEEK')).text).toContain('First week');
    expect((await ada.agent.get('/library?search=nothing')).text).toContain('Nothing found');
  });

  it('hides private messages from others, administrators included', async () => {
    const path = await aMessage();
    const admin = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator', firstName: 'Sam' });
    for (const person of [grace, admin]) {
      expect((await person.agent.get('/library')).text).not.toContain('First week');
      await person.agent.get(`${path}/edit`).expect(404);
      expect((await post(person, path, fields())).status).toBe(404);
      expect((await post(person, `${path}/removal`)).status).toBe(404);
    }
  });

  it('shares a message with the brand, for everybody to copy and only its author to change', async () => {
    const path = await aMessage({ isShared: 'on' });
    expect((await grace.agent.get('/library')).text).toContain('First week');
    expect((await post(grace, path, fields({ name: 'Mine' }))).status).toBe(403);
    expect((await post(grace, `${path}/removal`)).status).toBe(403);
    expect((await post(grace, `${path}/copies`)).status).toBe(303);
    expect((await grace.agent.get('/library')).text).toContain('Copy of First week');
    expect((await ada.agent.get('/library')).text).not.toContain('Copy of First week');
  });

  it('is closed to people who have nothing to do with distributions', async () => {
    const viewer = await world.aPerson(await world.aBrand('Globex'), { type: 'viewer', firstName: 'Vera' });
    await viewer.agent.get('/library').expect(403);
    expect((await post(viewer, '/library/messages', fields())).status).toBe(403);
  });

  it('deletes for good', async () => {
    const path = await aMessage();
    expect((await post(ada, `${path}/removal`)).status).toBe(303);
    await ada.agent.get(`${path}/edit`).expect(404);
  });

  it('serves programs: create, list by category, read all languages, delete', async () => {
    const own = world.ids.show('UR', ada.actor.userId);
    const shared = world.ids.show('GR', ada.actor.brandId);
    const body = { category: 'reminder', description: 'Once more', messages: { en: 'Please', de: 'Bitte' } };
    const made = await api('post', `${own}/messages`).send(body).expect(200);
    const { id } = (made.body as { result: { id: string } }).result;
    expect(id).toMatch(/^MS_/);
    const list = await api('get', `${own}/messages?category=reminder`).expect(200);
    expect(list.body).toMatchObject({ result: { elements: [{ id, category: 'reminder', description: 'Once more' }] } });
    const none = await api('get', `${own}/messages?category=invite`).expect(200);
    expect(none.body).toMatchObject({ result: { elements: [], nextPage: null } });
    const one = await api('get', `${own}/messages/${id}`).expect(200);
    expect(one.body).toMatchObject({ result: { id, messages: { en: 'Please', de: 'Bitte' } } });
    await api('get', `${shared}/messages/${id}`).expect(404);
    await api('get', `${own}/messages/${id}`, grace).expect(404);
    await api('delete', `${own}/messages/${id}`).expect(200);
    await api('get', `${own}/messages/${id}`).expect(404);
  });

  it('refuses what programs send wrong', async () => {
    const own = world.ids.show('UR', ada.actor.userId);
    await api('post', `${own}/messages`)
      .send({ category: 'letters', description: 'x', messages: { en: 'x' } })
      .expect(400);
    await api('post', `${own}/messages`).send({ category: 'invite', description: 'x', messages: {} }).expect(400);
    await api('get', `${own}/messages?category=letters`).expect(400);
    await api('get', 'UR_000000000000000/messages').expect(404);
  });
});
