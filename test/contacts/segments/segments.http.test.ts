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

  it('know a list that more than 500 newer ones keep out of the menu', async () => {
    const old = await aList(world, ada, 'First customers');
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(
        `INSERT INTO contact_lists (brand_id, owner_id, name, created_at, modified_at)
         SELECT brand_id, owner_id, 'List ' || n, created_at, modified_at FROM contact_lists, generate_series(1, 501) n`,
      ),
    );
    const value = world.ids.show('CG', old.id);
    const path = await created({ name: 'Loyal', field_0: 'list', operator_0: 'yes', value_0: value });
    const told = 'on the list “First customers”';
    expect((await ada.agent.get(path)).text).toContain(told);
    expect((await ada.agent.get('/contacts/segments')).text).toContain(told);
    expect((await ada.agent.get(`${path}/edit`)).text).toContain(`<option value="${value}" selected>First customers`);
    const stranger = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator', firstName: 'Sam' });
    const foreign = { name: 'Theirs', field_0: 'list', operator_0: 'yes', value_0: value };
    expect((await post('/contacts/segments', foreign, stranger)).text).toContain('Under “List” choose a list.');
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
      field_0: 'list',
      operator_0: 'contains',
      value_0: world.ids.show('CG', list.id),
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
      'Condition 1: “contains” does not go with “contact list”. Under “Comparison” choose “is on it” or “is not on it”.',
      'Condition 2: Under “How long” write a whole number of days, from 1 to 3,650.',
      'Condition 3: Under “Its name” write the name of the embedded data.',
      'Condition 4: Choose what to compare from the menu.',
      'Condition 5: Under “Value” write what to compare with',
      'contains (does not fit)',
    ]) {
      expect(refused.text).toContain(words);
    }
    expect((await post('/contacts/segments', { name: 'Nobody' })).text).toContain('A segment needs a condition.');
  });

  const comparisonsOf = (html: string, place = 0): string[] => {
    const [, menu = ''] = new RegExp(`id="field_operator_${place}"[^]*?>([^]*?)</select>`).exec(html) ?? [];
    return [...menu.matchAll(/value="(\w+)"/g)].map(([, value]) => value!);
  };

  it('offer what fits the field, when it was chosen without a script and with one', async () => {
    const typed = { ...GERMANS, field_0: 'created', operator_0: 'contains', value_0: 'de', field_1: 'embedded' };
    const page = await post('/contacts/segments', { ...typed, field_2: '', go: 'choose' });
    expect(page.status).toBe(200);
    expect(comparisonsOf(page.text)).toEqual(['within', 'not_within']);
    expect(page.text).toContain('value="Germans"');
    expect(page.text).not.toContain('value="de"');
    expect(comparisonsOf(page.text, 1)).toEqual(expect.arrayContaining(['is', 'greater', 'after']));
    expect(page.text).not.toContain('id="field_operator_2"');
    const part = await post('/contacts/segments/conditions/1', { ...typed, operator_1: 'after' });
    expect(part.text).toMatch(/^<fieldset class="condition" id="condition_1">/);
    expect(part.text).toMatch(/id="field_value_1"[^>]*type="date"/);
    const list = await aList(world, ada, 'VIPs & <b>');
    const ofList = await post('/contacts/segments/conditions/0', { ...typed, field_0: 'list' });
    expect(ofList.text).toContain(`<option value="${world.ids.show('CG', list.id)}">VIPs &amp; &lt;b&gt;</option>`);
    expect((await post('/contacts/segments/conditions/9', {})).text).not.toContain('field_operator_9');
    expect((await post('/contacts/segments/conditions/10', {})).status).toBe(404);
  });

  it('keep all that was typed when something is refused', async () => {
    const typed = { name: 'Grown up', match: 'any', field_0: 'embedded', name_0: 'Age', operator_0: 'greater' };
    const wrong = { ...typed, value_0: 'ten', field_1: 'embedded', name_1: 'Since', operator_1: 'before' };
    const refused = await post('/contacts/segments', { ...wrong, value_1: '31.5.2027', field_2: 'email' });
    expect(refused.status).toBe(422);
    for (const words of [
      'value="Grown up"',
      'value="Age"',
      'value="ten"',
      'value="Since"',
      'value="31.5.2027"',
      'Condition 1: Under “Number” write a number',
      'Condition 2: Under “Date” choose a day',
      'Condition 3: Under “Comparison” choose how “e-mail” is compared.',
    ]) {
      expect(refused.text).toContain(words);
    }
    await created({ ...wrong, value_0: '10', value_1: '2027-05-31' });
  });

  it('open one that was kept with a comparison that does not fit, and say what to change', async () => {
    const path = await created();
    const conditions = [
      { field: 'lastName', name: '', operator: 'greater', value: 'M' },
      { field: 'embedded', name: 'Since', operator: 'less', value: '2027-01-01' },
      { field: 'created', name: '', operator: 'contains', value: 'x' },
    ];
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE segments SET tree = $1', [JSON.stringify({ match: 'all', conditions })]),
    );
    expect((await ada.agent.get(path)).text).toContain('does not fit what it compares');
    const form = await ada.agent.get(`${path}/edit`);
    expect(form.text).toContain('Condition 1: “is a number above” does not go with “last name”');
    expect(form.text).toContain('value="M"');
    expect(form.text).toContain('value="before" selected');
    expect(form.text).not.toContain('Condition 2: ');
    expect(form.text).toContain('Condition 3: “contains” does not go with “came into the directory”');
    const same = { field_0: 'lastName', operator_0: 'greater', value_0: 'M' };
    expect((await post(`${path}/edit`, { ...GERMANS, ...same })).status).toBe(422);
    expect((await post(`${path}/edit`, GERMANS)).status).toBe(303);
    expect((await ada.agent.get(path)).text).not.toContain('does not fit');
  });

  it('change one and delete it with its consequences', async () => {
    const path = await created();
    const form = await ada.agent.get(`${path}/edit`);
    expect(form.text).toContain('value="de"');
    const list = world.ids.show('CG', (await aList(world, ada, 'VIPs')).id);
    const changed = { ...GERMANS, name: 'No VIPs', field_1: 'list', operator_1: 'no', value_1: list };
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
    const refused = await post('/contacts/segments', {
      ...GERMANS,
      field_0: 'list',
      operator_0: 'yes',
      value_0: theirs,
    });
    expect(refused.status).toBe(422);
    const path = await created();
    expect((await stranger.agent.get(path)).status).toBe(404);
    expect((await post(`${path}/removal`, {}, stranger)).status).toBe(404);
    expect((await ada.agent.get(path)).status).toBe(200);
  });
});
