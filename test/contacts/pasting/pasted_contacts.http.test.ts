import { type Person, startWorld, type World } from '../../world.js';
import { aContact, peopleOn } from '../builders.js';

describe('pasting contacts', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand());
  });
  afterAll(() => world.close());

  const paste = (fields: Record<string, string>, by = ada) =>
    by.agent.post('/contacts/paste').type('form').send(fields);

  it('makes a list with the date, completes who is known, and makes nobody twice', async () => {
    await aContact(world, ada, { email: 'grace@example.com', firstName: 'Amazing', lastName: '' });
    const made = await paste({ people: 'Grace Hopper <GRACE@example.com>\nnew@example.com\nNEW@example.com' });
    expect(made.status).toBe(303);
    const listId = world.ids.read('CG', made.headers['location']!.split('/').at(-1)!);
    const people = await peopleOn(world, ada, listId);
    expect(people.map(({ firstName, lastName, email }) => [firstName, lastName, email])).toEqual([
      ['Amazing', 'Hopper', 'grace@example.com'],
      ['', '', 'new@example.com'],
    ]);
    const page = await ada.agent.get(made.headers['location']!);
    expect(page.text).toMatch(/Pasted \d{1,2} \w+ \d{4}/);
    expect(page.text).toContain('2 contacts');
  });

  it('names bad lines and makes nothing, unless they are to be left out', async () => {
    const people = 'fine@example.com\nnobody at all';
    const again = await paste({ people, name: 'Mixed' });
    expect(again.status).toBe(422);
    expect(again.text).toContain('Line 2 holds no e-mail address');
    expect((await ada.agent.get('/contacts')).text).not.toContain('Mixed');
    expect((await paste({ people, name: 'Mixed', leaveOut: 'on' })).status).toBe(303);
    expect((await ada.agent.get('/contacts')).text).toContain('Mixed');
  });

  it('says how many of them stay opted out', async () => {
    const id = world.ids.show('CID', await aContact(world, ada, { email: 'no@example.com' }));
    await ada.agent.post(`/contacts/${id}/opt-outs`).type('form').send({ list: '' }).expect(303);
    const made = await paste({ people: 'no@example.com\nyes@example.com', name: 'Some' });
    const page = await ada.agent.get(made.headers['location']!);
    expect(page.text).toContain('“Some” was made. 1 person on it stays opted out and gets no mails.');
  });

  it('refuses nobody and too many', async () => {
    expect((await paste({ people: ' ' })).status).toBe(422);
    const many = Array.from({ length: 10_001 }, (_, place) => `p${place}@example.com`).join('\n');
    expect((await paste({ people: many })).text).toContain('more than 10,000 people');
  });

  it('keeps brands apart', async () => {
    const stranger = await world.aPerson(await world.aBrand('Globex'), { firstName: 'Grace' });
    await paste({ people: 'theirs@example.com', name: 'Theirs' }, stranger);
    expect((await ada.agent.get('/contacts')).text).not.toContain('Theirs');
  });
});
