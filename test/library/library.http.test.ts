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
  /** A message of a category that is no longer offered. */
  const anOldFooter = async (): Promise<string> => {
    const path = await aMessage({ name: 'The footer' });
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE library_messages SET category = 'lookAndFeel' WHERE name = 'The footer'`),
    );
    return path;
  };
  const api = (method: 'get' | 'post' | 'delete', path: string, person = ada) =>
    world.visitor()[method](`/API/v3/libraries/${path}`).set('X-API-TOKEN', person.token);

  it('offers for writing only what something in the product uses, and keeps what others wrote', async () => {
    const form = (await ada.agent.get('/library/new')).text;
    const offered = [...form.matchAll(/<option value="(\w+)"/g)].map(([, value]) => value);
    expect(offered).toEqual([
      'invite',
      'reminder',
      'thankYou',
      'emailSubject',
      'endOfSurvey',
      'inactiveSurvey',
      'general',
    ]);
    const refused = await post(ada, '/library/messages', fields({ category: 'validation' }));
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Nothing shows messages of the category validation yet');
    expect((await ada.agent.get('/library')).text).not.toContain('Look and feel');
    const path = await anOldFooter();
    expect((await ada.agent.get('/library')).text).toContain('href="/library?category&#x3D;lookAndFeel"');
    expect((await ada.agent.get(`${path}/edit`)).text).toContain('value="lookAndFeel" selected');
    const changed = await post(ada, path, fields({ name: 'Our footer', category: 'lookAndFeel' }));
    expect(changed.status).toBe(303);
    expect((await post(ada, `${path}/copies`)).status).toBe(303);
    expect((await ada.agent.get('/library?category=lookAndFeel')).text).toContain('Copy of Our footer');
    expect((await post(ada, `${path}/removal`)).status).toBe(303);
  });

  it('is searched from the form of a mail, its own kind first, with how each message begins', async () => {
    await aMessage({
      name: 'Once more',
      category: 'reminder',
      body_en: '<style>p{}</style><p>Please <b>answer</b></p>',
    });
    await aMessage({ name: 'First week' });
    await anOldFooter();
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
    await anOldFooter();
    expect((await ada.agent.get('/library?category=lookAndFeel')).text).not.toContain('First week');
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

  it('shares a message with a person or a division, who find and copy it, until that ends', async () => {
    const boss = await world.aPerson({ id: ada.actor.brandId } as never, { type: 'administrator', firstName: 'Sue' });
    await post(boss, '/brand/divisions', { name: 'Research', weeklyEmailLimit: '' });
    const path = await aMessage({ folder: '  Spring   2027 ' });
    const dialog = async (person: Person): Promise<string> => {
      const survey = await aSurvey(world, person);
      return (await person.agent.get(`/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/library`)).text;
    };
    const page = (await ada.agent.get(`${path}/sharing`).expect(200)).text;
    const division = /value="(DV_\w+)">Research/.exec(page)![1]!;
    const colleague = world.ids.show('UR', grace.user.id);
    expect(page).toContain(`value="${colleague}"`);
    expect(page).not.toContain(`value="${world.ids.show('UR', ada.user.id)}"`);
    for (const nobody of ['', 'UR_forged', division.replace('DV', 'UR')]) {
      expect((await post(ada, `${path}/sharing`, { with: nobody })).text).toContain('Choose a person or a division');
    }
    expect(await dialog(grace)).not.toContain('First week');
    expect((await post(grace, `${path}/sharing`, { with: colleague })).status).toBe(404);
    expect((await post(ada, `${path}/sharing`, { with: colleague })).status).toBe(303);
    expect((await post(ada, `${path}/sharing`, { with: colleague })).status).toBe(303);
    expect(await dialog(grace)).toContain('Invitation · Spring 2027 · English');
    const seen = (await grace.agent.get('/library?folder=Spring+2027')).text;
    expect(seen).toContain('Shared with you');
    expect((await ada.agent.get('/library')).text).toContain('You and 1 other');
    expect((await grace.agent.get('/library?folder=Summer')).text).toContain('Nothing found');
    expect((await post(grace, path, fields())).status).toBe(403);
    expect((await post(grace, `${path}/sharing`, { with: division })).status).toBe(403);
    expect((await post(grace, `${path}/copies`)).status).toBe(303);
    expect((await post(ada, `${path}/sharing/${colleague}/remove`)).status).toBe(303);
    expect((await post(ada, `${path}/sharing/${colleague}/remove`)).status).toBe(404);
    expect((await post(grace, `${path}/copies`)).status).toBe(404);
    expect((await post(ada, `${path}/sharing`, { with: division })).status).toBe(303);
    await grace.agent.get(`${path}/sharing`).expect(404);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE users SET division_id = $1 WHERE id = $2', [world.ids.read('DV', division), grace.user.id]),
    );
    expect((await post(grace, `${path}/copies`)).status).toBe(303);
    const own = await api('get', `${colleague}/messages`, grace).expect(200);
    expect(JSON.stringify(own.body)).toContain('"description":"First week","folder":"Spring 2027"');
    const other = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator', firstName: 'Sam' });
    await other.agent.get(`${path}/sharing`).expect(404);
    expect((await post(other, `${path}/sharing/${division}/remove`)).status).toBe(404);
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
    const unused = { category: 'smsInvite', description: 'x', messages: { en: 'x' } };
    const refused = await api('post', `${own}/messages`).send(unused).expect(400);
    expect(JSON.stringify(refused.body)).toContain(
      'One of invite, reminder, thankYou, general, emailSubject, endOfSurvey, inactiveSurvey.',
    );
    await api('get', `${own}/messages?category=letters`).expect(400);
    await api('get', 'UR_000000000000000/messages').expect(404);
  });
});
