import { ContactsService } from '../../src/contacts/contacts.service.js';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Brand } from '../../src/brands/brand.entity.js';
import { ImportFiles } from '../../src/contacts/imports/import_files.js';
import { type Person, startWorld, type World } from '../world.js';
import { aContact, aList, anImport, peopleOn } from './builders.js';

describe('the pages of contacts', () => {
  let world: World;
  let ada: Person;
  let brand: Brand;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    brand = await world.aBrand();
    ada = await world.aPerson(brand);
  });
  afterAll(() => world.close());

  const path = (id: string, below = '') => `/contacts/lists/${world.ids.show('CG', id)}${below}`;
  const send = (to: string, fields: Record<string, string> = {}) => ada.agent.post(to).type('form').send(fields);

  it('teach what a list is for, then show lists with count and owner', async () => {
    expect((await ada.agent.get('/contacts')).text).toContain('No contact list yet');
    const list = await aList(world, ada, 'Ünïcödé <b>');
    await aContact(world, ada, {}, list.id);
    const { text } = await ada.agent.get('/contacts');
    expect(text).toContain('Ünïcödé &lt;b&gt;');
    expect(text).toMatch(/<td class="num" data-label="Contacts">1<\/td>/);
    expect((await ada.agent.get('/contacts?search=ünï')).text).toContain('Ünïcödé');
    expect((await ada.agent.get('/contacts?search=zzz')).text).toContain('Nothing begins with “zzz”');
  });

  it('make, rename and delete a list', async () => {
    const made = await send('/contacts/lists', { name: 'Customers' });
    expect(made.status).toBe(303);
    const home = made.headers['location'] as string;
    expect((await ada.agent.get(home)).text).toContain('Nobody on this list yet');
    const names = { name: 'Clients', publicName: 'Product <news>' };
    expect((await send(`${home}/edit`, names)).status).toBe(303);
    expect((await ada.agent.get(home)).text).toContain('Clients');
    expect((await ada.agent.get(`${home}/edit`)).text).toContain('value="Product &lt;news&gt;"');
    const long = await send(`${home}/edit`, { ...names, publicName: 'x'.repeat(101) });
    expect(long.text).toContain('Shorten the public name to 100 characters.');
    const refused = await send('/contacts/lists', { name: '  ' });
    expect([refused.status, refused.text.includes('Give the list a name.')]).toEqual([422, true]);
    expect((await send(`${home}/removal`)).headers['location']).toBe('/contacts');
    expect((await ada.agent.get('/contacts')).text).toContain('“Clients” is deleted');
    expect((await ada.agent.get(home)).status).toBe(404);
  });

  it('add, show, change and delete a contact', async () => {
    const list = await aList(world, ada);
    const typed = {
      firstName: 'Grace',
      lastName: 'Hopper',
      email: 'grace@navy.example',
      name_0: 'Rank',
      value_0: 'Admiral',
    };
    expect((await send(path(list.id, '/contacts'), typed)).status).toBe(303);
    const page = await ada.agent.get(path(list.id));
    const home = /href="(\/contacts\/CID_\w+)"/.exec(page.text)?.[1] ?? '';
    expect((await ada.agent.get(home)).text).toMatch(/grace@navy\.example[\s\S]*Admiral/);
    expect((await ada.agent.get(`${home}/edit`)).text).toContain('value="Rank"');
    await send(`${home}/edit`, {
      ...typed,
      lastName: 'Murray',
      name_0: '',
      value_0: '',
      name_1: 'Ship',
      value_1: 'Constitution',
    });
    expect(await peopleOn(world, ada, list.id)).toMatchObject([
      { lastName: 'Murray', embedded: { Ship: 'Constitution' } },
    ]);
    const refused = await send(`${home}/edit`, { ...typed, email: 'nonsense' });
    expect([refused.status, refused.text.includes('“nonsense” is not an e-mail address.')]).toEqual([422, true]);
    expect(refused.text).toContain('value="nonsense"');
    expect((await send(`${home}/removal`)).status).toBe(303);
    expect((await ada.agent.get(home)).status).toBe(404);
    expect(await peopleOn(world, ada, list.id)).toEqual([]);
  });

  it('opt somebody out and back in, with date and source', async () => {
    ada = await world.aPerson(brand, { type: 'administrator' });
    const list = await aList(world, ada);
    const id = world.ids.show('CID', await aContact(world, ada, {}, list.id));
    await send(`/contacts/${id}/opt-outs`, { list: world.ids.show('CG', list.id) });
    await send(`/contacts/${id}/opt-outs`, { list: '' });
    const out = (await ada.agent.get(`/contacts/${id}`)).text;
    expect(out).toMatch(/Opted out of the list[\s\S]*Since .*, by somebody working here\./);
    expect((await ada.agent.get(path(list.id))).text).toContain('Opted out');
    await send(`/contacts/${id}/opt-ins`, { list: '' });
    await send(`/contacts/${id}/opt-ins`, { list: world.ids.show('CG', list.id) });
    expect((await ada.agent.get(`/contacts/${id}`)).text).not.toContain('by somebody working here');
  });

  it('say what keeps somebody from being invited', async () => {
    const list = await aList(world, ada);
    const id = world.ids.show('CID', await aContact(world, ada, { email: 'gone@example.com' }, list.id));
    const page = async (): Promise<string> => (await ada.agent.get(`/contacts/${id}`)).text;
    expect(await page()).toContain('May be invited');
    const at = world.clock.now();
    const told = { address: 'gone@example.com', reason: 'bad_address', at };
    await world.app.get(ContactsService).suppress(ada.actor.brandId, told);
    expect(await page()).not.toContain('May be invited');
    expect(await page()).toMatch(/Address suppressed[\s\S]*still gets no mails/);
    expect((await ada.agent.get(path(list.id))).text).toMatch(
      /still gets no mails[\s\S]*Address suppressed[\s\S]*gone@example\.com/,
    );
  });

  it('find people by the beginning of name and e-mail, and page by keys', async () => {
    const list = await aList(world, ada);
    const rows = Array.from({ length: 120 }, (_, n) => `p${n}@example.com,Ärne${n},Zett`).join('\n');
    await anImport(world, ada, list.id, `Email,FirstName,LastName\n${rows}\n`);
    const first = await ada.agent.get(path(list.id));
    expect(first.text.match(/class="table__main" href="\/contacts\/CID/g)).toHaveLength(50);
    expect(first.text).toContain('120 contacts');
    const more = /href="([^"]+)" hx-get="[^"]+" hx-target/.exec(first.text)?.[1] ?? '';
    const second = await ada.agent.get(more.replaceAll('&#x3D;', '='));
    expect(second.text).toContain('p69@example.com');
    const found = async (search: string) => {
      const { text } = await ada.agent.get(path(list.id)).query({ search });
      return text.match(/class="table__main" href="\/contacts\/CID/g)?.length ?? 0;
    };
    expect(await found('P119@')).toBe(1);
    expect(await found('ärne11')).toBe(11);
    expect(await found('zett ärne5')).toBe(11);
    expect(await found('%')).toBe(0);
    expect(await found('zett')).toBe(120);
  });

  it('take a file through mapping and import to its report', async () => {
    const list = await aList(world, ada);
    const file = Buffer.from('E-Mail;Vorname;Stadt\nada@example.com;Ada;=1+1\nbad;Bob;\n');
    const sent = await ada.agent.post(path(list.id, '/imports')).attach('file', file, 'Kunden.csv');
    expect(sent.status).toBe(303);
    // People's addresses: no other user of the machine reads them.
    const { folder } = world.app.get(ImportFiles);
    const modes = [folder, ...readdirSync(folder).map((name) => join(folder, name))].map(
      (each) => statSync(each).mode & 0o077,
    );
    expect([modes.length > 1, ...new Set(modes)]).toEqual([true, 0]);
    const home = sent.headers['location'] as string;
    const mapping = (await ada.agent.get(home)).text;
    expect(mapping).toMatch(/Kunden\.csv[\s\S]*Of the first 2 rows, 1 can be imported/);
    expect(mapping).toContain('“bad” is not an e-mail address');
    const choices = {
      to_0: 'email',
      name_0: '',
      to_1: 'firstName',
      name_1: '',
      to_2: 'embedded',
      name_2: 'Town',
      country: '',
    };
    const preview = await send(`${home}/preview`, choices);
    expect([preview.status, preview.text.startsWith('<section'), preview.text.includes('>Town</th>')]).toEqual([
      200,
      true,
      true,
    ]);
    expect((await send(`${home}/start`, choices)).headers['location']).toBe(home);
    await world.jobs.settled();
    const report = (await ada.agent.get(home)).text;
    expect(report).toMatch(/Imported[\s\S]*bad[\s\S]*is not an e-mail address/);
    expect(report).not.toContain('hx-sse:connect');
    expect(await peopleOn(world, ada, list.id)).toMatchObject([{ firstName: 'Ada', embedded: { Town: '=1+1' } }]);
    const rejects = await ada.agent.get(`${home}/rejects.csv`);
    expect(rejects.text).toBe(
      '\uFEFFE-Mail,Vorname,Stadt,Rejected line,Rejected because\r\nbad,Bob,,3,E-Mail is not an e-mail address\r\n',
    );
    expect((await send(`${home}/start`, choices)).status).toBe(409);
  });

  it('follow an import while it waits, and no more once it is cancelled', async () => {
    const list = await aList(world, ada);
    const sent = await ada.agent.post(path(list.id, '/imports')).field('pasted', 'Email\nada@example.com\n');
    const home = sent.headers['location'] as string;
    const id = world.ids.read('IM', home.split('/').at(-1)!);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql(`UPDATE contact_imports SET status = 'queued' WHERE id = $1`, [id]),
    );
    const part = await ada.agent.get(`${home}/progress`);
    expect(part.text).toMatch(/^<section[^>]* hx-get="[^"]+\/progress" hx-trigger="tick from:#live/);
    expect((await ada.agent.get(home)).text).toContain(`hx-sse:connect="/live/import/${home.split('/').at(-1)!}"`);
    expect((await send(`${home}/cancellation`)).headers['location']).toBe(path(list.id));
    expect((await ada.agent.get(`${home}/progress`)).text).toContain('Nothing was imported.');
    expect((await ada.agent.get(home)).text).not.toContain('hx-sse:connect');
    expect((await send(`${home}/cancellation`)).status).toBe(409);
  });

  it.each([
    ['nothing', '', 'Choose a file, or paste rows below.'],
    ['a header only', 'Email,Name', 'only its header'],
  ])('say why %s cannot be imported', async (_, pasted, reason) => {
    const list = await aList(world, ada);
    const refused = await ada.agent.post(path(list.id, '/imports')).field('pasted', pasted);
    expect([refused.status, refused.text.includes(reason)]).toEqual([422, true]);
  });

  it('refuse a mapping without a column to know people by, and two columns for one field', async () => {
    const list = await aList(world, ada);
    const sent = await ada.agent.post(path(list.id, '/imports')).field('pasted', 'A,B\nx,y\n');
    const home = sent.headers['location'] as string;
    const nobody = await send(`${home}/start`, { to_0: 'firstName', to_1: 'ignore' });
    expect([nobody.status, nobody.text.includes('Choose the column that holds the e-mail addresses')]).toEqual([
      422,
      true,
    ]);
    const twice = await send(`${home}/start`, { to_0: 'email', to_1: 'email' });
    expect([twice.status, twice.text.includes('is the same as column 1')]).toEqual([422, true]);
  });

  it('read the file in another way when asked', async () => {
    const list = await aList(world, ada);
    const file = Buffer.from('E-Mail;Name\nada@example.com;Zo\u00eb\n', 'latin1');
    const home = (await ada.agent.post(path(list.id, '/imports')).attach('file', file, 'a.csv')).headers[
      'location'
    ] as string;
    expect((await ada.agent.get(home)).text).toContain('Zoë');
    const wrong = await send(`${home}/reading`, { encoding: 'utf-8', delimiter: ';', quote: '"', hasHeader: 'on' });
    expect(wrong.status).toBe(303);
    expect((await ada.agent.get(home)).text).toContain('holds the byte 0xEB, which is not UTF-8');
    expect((await send(`${home}/reading`, { encoding: 'windows-1252', delimiter: ',', quote: '"' })).status).toBe(303);
    expect((await ada.agent.get(home)).text).toContain('Column 1');
  });

  it('hand a list out as CSV that no spreadsheet runs, and take it in again without loss', async () => {
    const list = await aList(world, ada);
    const nasty = {
      firstName: '=HYPERLINK("x")',
      lastName: '-',
      email: 'a@example.com',
      phone: '+442079460018',
      embedded: { email: '@x', n: '-5', q: "'=1", lines: 'a\nb' },
    };
    const id = await aContact(world, ada, nasty, list.id);
    await aContact(world, ada, { email: 'b@example.com', firstName: 'B', lastName: '' }, list.id);
    const { text, headers } = await ada.agent.get(path(list.id, '/contacts.csv'));
    expect(headers['content-disposition']).toContain('Customers.csv');
    expect(text).toMatch(/^\uFEFFContactID,/);
    expect(text).toContain(`"'=HYPERLINK(""x"")",'-,a@example.com,+442079460018`);
    expect(text).toContain(`embedded:email`);
    const other = await aList(world, ada, 'Other');
    const done = await anImport(world, ada, other.id, text);
    expect(done).toMatchObject({ status: 'done', created: 0, updated: 2, invalid: 0, added: 2 });
    expect(await anImport(world, ada, other.id, text)).toMatchObject({ unchanged: 2, updated: 0 });
    await send(`/contacts/${world.ids.show('CID', id)}/removal`);
    expect(await anImport(world, ada, list.id, text)).toMatchObject({ created: 1, unchanged: 1 });
    expect((await peopleOn(world, ada, list.id)).find(({ email }) => email === 'a@example.com')).toMatchObject(nasty);
  });

  it('are closed to people without the permission, and hide what one may not do', async () => {
    const list = await aList(world, ada);
    const viewer = await world.aPerson(brand, { type: 'viewer' });
    expect((await viewer.agent.get('/contacts')).status).toBe(403);
    const distributor = await world.aPerson(brand, { type: 'distributor' });
    const page = await distributor.agent.get(path(list.id));
    expect([page.status, page.text.includes('Import contacts')]).toEqual([200, false]);
    expect((await distributor.agent.get(path(list.id, '/imports/new'))).status).toBe(403);
    expect((await distributor.agent.post(path(list.id, '/removal'))).status).toBe(403);
  });

  it('show another brand 404', async () => {
    const list = await aList(world, ada);
    const contact = `/contacts/${world.ids.show('CID', await aContact(world, ada, {}, list.id))}`;
    const sent = await ada.agent.post(path(list.id, '/imports')).field('pasted', 'Email\nada@example.com\n');
    const one = sent.headers['location'] as string;
    const stranger = await world.aPerson(await world.aBrand('Globex'));
    const gets = [
      path(list.id),
      path(list.id, '/edit'),
      path(list.id, '/contacts.csv'),
      path(list.id, '/imports/new'),
      path(list.id, '/contacts/new'),
      contact,
      `${contact}/edit`,
      one,
      `${one}/progress`,
      `${one}/rejects.csv`,
    ];
    for (const address of gets) {
      expect([address, (await stranger.agent.get(address)).status]).toEqual([address, 404]);
    }
    const posts = [
      path(list.id, '/edit'),
      path(list.id, '/removal'),
      path(list.id, '/contacts'),
      `${contact}/edit`,
      `${contact}/removal`,
      `${contact}/opt-outs`,
      `${contact}/opt-ins`,
      `${one}/start`,
      `${one}/cancellation`,
      `${one}/preview`,
    ];
    for (const address of posts) {
      const body = { name: 'x', email: 'x@example.com', pasted: 'Email\nx@example.com\n' };
      expect([address, (await stranger.agent.post(address).type('form').send(body)).status]).toEqual([address, 404]);
    }
    const upload = stranger.agent.post(path(list.id, '/imports')).field('pasted', 'Email\nx@example.com\n');
    expect((await upload).status).toBe(404);
  });
});
