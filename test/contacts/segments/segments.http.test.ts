import { type Person, startWorld, type World } from '../../world.js';
import { aContact, aList } from '../builders.js';

const GERMANS = { name: 'Germans', match: 'all', field_0: 'language', operator_0: 'is', value_0: 'de' };

describe('the pages of segments', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
  });
  afterAll(() => world.close());

  const post = (path: string, words: object, person = ada) => person.agent.post(path).type('form').send(words);
  const created = async (words: object = GERMANS): Promise<string> => {
    const answer = await post('/contacts/segments', words);
    expect(answer.status).toBe(303);
    return answer.headers['location']!;
  };

  it('teach what a segment is, keep one, and show whom it means', async () => {
    expect((await ada.agent.get('/contacts/segments')).text).toContain('No segment yet');
    expect((await ada.agent.get('/contacts')).text).toContain('href="/contacts/segments"');
    await aContact(world, ada, { firstName: '<b>Jürgen', lastName: '', language: 'DE' });
    await aContact(world, ada, { firstName: 'Ann', language: 'EN' });
    const path = await created();
    const page = await ada.agent.get(path);
    expect(page.text).toContain('1 contact now');
    expect(page.text).toContain('&lt;b&gt;Jürgen');
    expect(page.text).not.toContain('>Ann');
    expect((await ada.agent.get('/contacts/segments')).text).toContain('language is “de”');
  });

  it('keep a value that is cut in the middle of a letter', async () => {
    await created({ ...GERMANS, value_0: `${'x'.repeat(199)}\u{1F600}` });
  });

  it('count while the conditions are being written, and leave incomplete ones out', async () => {
    await aContact(world, ada, { language: 'DE' });
    const counted = await post('/contacts/segments/preview', { ...GERMANS, field_1: 'written', operator_1: 'within' });
    expect(counted.text).toContain('1 contact now');
    expect((await post('/contacts/segments/preview', {})).text).toContain('Choose a condition');
  });

  it('give room for more conditions, without keeping anything', async () => {
    const page = await post('/contacts/segments', { ...GERMANS, field_1: '', field_2: '', go: 'more' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('name="field_3"');
    expect(page.text).toContain('value="Germans"');
    expect((await ada.agent.get('/contacts/segments')).text).toContain('No segment yet');
  });

  it('say what is wrong beside each field', async () => {
    const list = await aList(world, ada);
    const refused = await post('/contacts/segments', {
      match: 'any',
      field_0: `list:${world.ids.show('CG', list.id)}`,
      operator_0: 'contains',
      field_1: 'written',
      operator_1: 'within',
      value_1: '0',
      field_2: 'embedded',
      operator_2: 'is',
      value_2: 'x',
      field_3: 'password',
      field_4: 'email',
      operator_4: 'begins',
    });
    expect(refused.status).toBe(422);
    for (const words of [
      'Give the segment a name.',
      'choose a comparison under “Lists and opt-out”',
      'from 1 to 3,650',
      'Name the embedded data.',
      'Choose what to compare',
      'Write what to compare with',
    ]) {
      expect(refused.text).toContain(words);
    }
    expect((await post('/contacts/segments', { name: 'Nobody' })).text).toContain('A segment needs a condition.');
  });

  it('change one and delete it with its consequences', async () => {
    const path = await created();
    const form = await ada.agent.get(`${path}/edit`);
    expect(form.text).toContain('value="de"');
    const list = world.ids.show('CG', (await aList(world, ada, 'VIPs')).id);
    const changed = { ...GERMANS, name: 'No VIPs', field_1: `list:${list}`, operator_1: 'no' };
    expect((await post(`${path}/edit`, changed)).status).toBe(303);
    const page = await ada.agent.get(path);
    expect(page.text).toContain('not on the list “VIPs”');
    expect(page.text).toContain('reaches nobody');
    expect((await post(`${path}/removal`, {})).status).toBe(303);
    expect((await ada.agent.get(path)).status).toBe(404);
    const log = await ada.agent.get('/brand/audit');
    for (const words of ['Made a segment', 'Changed a segment', 'Deleted a segment']) {
      expect(log.text).toContain(words);
    }
  });

  it('take no list of another brand, and show nothing to people without the permission', async () => {
    const stranger = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator' });
    const theirs = world.ids.show('CG', (await aList(world, stranger)).id);
    const refused = await post('/contacts/segments', { ...GERMANS, field_0: `list:${theirs}`, operator_0: 'yes' });
    expect(refused.status).toBe(422);
    const path = await created();
    expect((await stranger.agent.get(path)).status).toBe(404);
    expect((await post(`${path}/removal`, {}, stranger)).status).toBe(404);
    expect((await ada.agent.get(path)).status).toBe(200);
  });
});
