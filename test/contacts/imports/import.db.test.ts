import { gzipSync } from 'node:zlib';
import { existsSync, readdirSync } from 'node:fs';
import { ContactListsService } from '../../../src/contacts/lists/contact_lists.service.js';
import { ContactsService } from '../../../src/contacts/contacts.service.js';
import { ContactImportsService } from '../../../src/contacts/imports/contact_imports.service.js';
import { ImportFiles } from '../../../src/contacts/imports/import_files.js';
import { Importing } from '../../../src/contacts/imports/importing.js';
import { until } from '../../waiting.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aContact, aList, anImport, anUpload, peopleOn } from '../builders.js';

describe('importing a file', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand());
  });
  afterEach(() => world.clock.set());
  afterAll(() => world.close());

  const staged = () =>
    world.database.outsideBrands((unit) => unit.sql<{ n: string }>('SELECT count(*) AS n FROM contact_import_staging'));
  const countOf = async (listId: string) =>
    (await world.app.get(ContactListsService).mustFind(ada.actor, listId)).contactCount;

  it('makes contacts, keeps unknown columns as embedded data and counts the list', async () => {
    const list = await aList(world, ada);
    const done = await anImport(
      world,
      ada,
      list.id,
      'E-Mail;Vorname;Nachname;Handy;Stadt\nada@example.com;Ada;Lovelace;+49 171 1234567;London\ngrace@example.com;Grace;Hopper;;\n',
    );
    expect(done).toMatchObject({ status: 'done', created: 2, added: 2, invalid: 0, duplicates: 0 });
    expect(await peopleOn(world, ada, list.id)).toEqual([
      {
        firstName: 'Ada',
        lastName: 'Lovelace',
        email: 'ada@example.com',
        phone: '+491711234567',
        extRef: '',
        embedded: { Stadt: 'London' },
      },
      { firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com', phone: '', extRef: '', embedded: {} },
    ]);
    expect(await countOf(list.id)).toBe(2);
    expect(existsSync(done.filePath)).toBe(false);
    expect(await staged()).toEqual([{ n: '0' }]);
  });

  it('completes whom programs and another import enter at the same moment', async () => {
    const imports = world.app.get(ContactImportsService);
    for (let round = 1; round <= 5; round += 1) {
      const [one, other] = [await aList(world, ada, `One ${round}`), await aList(world, ada, `Other ${round}`)];
      const people = Array.from({ length: 200 }, (_, place) => `${round}.${place}@example.com`);
      const file = (rows: string[], city: string): string =>
        `Email,FirstName,City\n${rows.map((email) => `${email},From a file,${city}\n`).join('')}`;
      const first = await anUpload(world, ada, one.id, file(people, 'London'));
      const second = await anUpload(world, ada, other.id, file(people.toReversed(), 'London'));
      await Promise.all([
        imports.start(ada.actor, first.id),
        imports.start(ada.actor, second.id),
        ...people
          .filter((_, place) => place % 3 === 0)
          .map((email) => aContact(world, ada, { email: email.toUpperCase(), lastName: 'By program' }, one.id)),
      ]);
      await world.jobs.settled();
      for (const [list, { id }] of [
        [one, first],
        [other, second],
      ] as const) {
        const { status, created, updated, unchanged, error } = await imports.mustFind(ada.actor, id);
        expect({ status, error, all: created + updated + unchanged }).toEqual({
          status: 'done',
          error: null,
          all: 200,
        });
        const known = await peopleOn(world, ada, list.id);
        expect(known).toHaveLength(200);
        expect(await countOf(list.id)).toBe(200);
        expect(new Set(known.map(({ embedded }) => JSON.stringify(embedded)))).toEqual(new Set(['{"City":"London"}']));
      }
    }
  });

  it('updates people it knows by address in any case, and leaves them alone where a cell is blank', async () => {
    const list = await aList(world, ada);
    await anImport(
      world,
      ada,
      list.id,
      'Email,FirstName,LastName,City,Plan\nada@example.com,Ada,Lovelace,London,gold\nbob@example.com,Bob,,,\n',
    );
    const again = await anImport(
      world,
      ada,
      list.id,
      'email,last name,city\nADA@Example.COM,King,\nbob@example.com,,\nnew@example.com,New,\n',
    );
    expect(again).toMatchObject({ created: 1, updated: 1, unchanged: 1, added: 1 });
    const [first] = await peopleOn(world, ada, list.id);
    expect(first).toMatchObject({ firstName: 'Ada', lastName: 'King', embedded: { City: 'London', Plan: 'gold' } });
    expect(await countOf(list.id)).toBe(3);
  });

  it('puts people of the directory on another list without making them twice', async () => {
    const [one, other] = [await aList(world, ada, 'One'), await aList(world, ada, 'Other')];
    await aContact(world, ada, { email: 'grace@example.com' }, one.id);
    expect(await anImport(world, ada, other.id, 'Email\ngrace@example.com\n')).toMatchObject({
      created: 0,
      updated: 1,
      added: 1,
    });
    expect(await world.app.get(ContactsService).list(ada.actor, { size: 10 })).toHaveLength(1);
    expect([await countOf(one.id), await countOf(other.id)]).toEqual([1, 1]);
  });

  it('finds people by their ContactID, even when their address has changed', async () => {
    const list = await aList(world, ada);
    const id = await aContact(world, ada, { email: 'old@example.com' }, list.id);
    const file = `ContactID,Email\n${world.ids.show('CID', id)},new@example.com\n`;
    expect(await anImport(world, ada, list.id, file)).toMatchObject({ created: 0, updated: 1 });
    expect((await world.app.get(ContactsService).mustFind(ada.actor, id)).email).toBe('new@example.com');
  });

  it('refuses a row that would take the address of another contact', async () => {
    const list = await aList(world, ada);
    const id = await aContact(world, ada, { email: 'one@example.com' }, list.id);
    await aContact(world, ada, { email: 'two@example.com' }, list.id);
    const file = `ContactID,Email\n${world.ids.show('CID', id)},TWO@example.com\n`;
    const done = await anImport(world, ada, list.id, file);
    expect(done).toMatchObject({ status: 'done', created: 0, updated: 0, duplicates: 0, invalid: 1 });
    expect((await world.app.get(ContactsService).mustFind(ada.actor, id)).email).toBe('one@example.com');
  });

  it('knows a reference where there is no address', async () => {
    const list = await aList(world, ada);
    await anImport(world, ada, list.id, 'Reference,Name\nE-1,Ada\nE-2,Bob\n');
    expect(await anImport(world, ada, list.id, 'Reference,Name\nE-1,Ada\nE-2,Robert\n')).toMatchObject({
      created: 0,
      updated: 1,
      unchanged: 1,
    });
  });

  it('takes the first of several rows for one person and counts the others', async () => {
    const list = await aList(world, ada);
    const done = await anImport(
      world,
      ada,
      list.id,
      'Email,FirstName\nada@example.com,Ada\nAda@example.com,Augusta\nada@example.com,A.\n',
    );
    expect(done).toMatchObject({ created: 1, duplicates: 2 });
    expect(await peopleOn(world, ada, list.id)).toMatchObject([{ firstName: 'Ada' }]);
    const rejects = await world.app.get(ContactImportsService).rejects(ada.actor, done.id);
    expect(rejects.map(({ line, kind }) => [line, kind])).toEqual([
      [3, 'duplicate'],
      [4, 'duplicate'],
    ]);
  });

  it('names every bad row with its line in a spreadsheet, column, reason and value, and imports the rest', async () => {
    const list = await aList(world, ada);
    const file = [
      'Email,FirstName,Phone',
      'ada@example.com,Ada,',
      'not an address,Bob,',
      '"multi',
      'line@example.com",Eve,',
      'long@example.com,Long,,surplus',
      'short@example.com',
      'padded@example.com,Pad,,,',
      'nul@example.com,N\0UL,',
      'bell@example.com,B\u0007ell,',
      'phone@example.com,Phil,12',
      ',Nobody,',
      ',,',
      'last@example.com,Last,',
    ].join('\n');
    const done = await anImport(world, ada, list.id, file);
    expect(done).toMatchObject({ status: 'done', created: 4, invalid: 7 });
    const rejects = await world.app.get(ContactImportsService).rejects(ada.actor, done.id);
    expect(rejects.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [3, 'Email', 'is not an e-mail address'],
      [4, 'Email', 'is not an e-mail address'],
      [5, '', 'has 4 columns instead of 3'],
      [8, 'FirstName', 'contains a control character'],
      [9, 'FirstName', 'contains a control character'],
      [10, 'Phone', 'is not a phone number; start with + and the country code, like +44 20 7946 0018'],
      [11, '', 'has no e-mail address, phone number or external reference'],
    ]);
    expect(rejects[0]?.cells).toEqual(['not an address', 'Bob', '']);
  });

  const goodRows = Array.from({ length: 50 }, (_, n) => `p${n}@example.com,P\n`).join('');

  it.each([
    ['an unclosed quote', 'b@example.com,"B\nc@example.com,C\n', /^Line 52: a quote opens here/],
    ['a line of more than 1 MB', `b@example.com,${'x'.repeat(1_100_000)}\n`, /^Line 52 is longer than 1 MB/],
  ])('imports nothing of a file with %s', async (_, end, reason) => {
    const list = await aList(world, ada);
    const failed = await anImport(world, ada, list.id, `Email,Name\n${goodRows}${end}`);
    expect(failed).toMatchObject({ status: 'failed', error: expect.stringMatching(reason) as string, created: 0 });
    expect(await peopleOn(world, ada, list.id)).toEqual([]);
    expect(await staged()).toEqual([{ n: '0' }]);
    expect(existsSync(failed.filePath)).toBe(false);
  });

  it.each([
    ['an empty file', '', 'This file is empty.'],
    ['blank lines only', '\n\n\n', 'This file is empty.'],
    ['a header only', 'Email,Name\n', /only its header/],
    ['blank lines without end', `Email,Name${'\r'.repeat(1_000_000)}`, /^Line 100,002: more than 100,000 blank lines/],
    [
      'an unclosed quote in its first rows',
      'Email,Name\na@example.com,A\nb@example.com,"B\n',
      /^Line 3: a quote opens/,
    ],
    ['a workbook', Buffer.from('PK\u0003\u0004 and so on'), /workbook/],
    ['a packed file', gzipSync('Email\nada@example.com\n'), /compressed file.*Unpack it/],
    ['NUL characters', Buffer.from('Em\0ail\nada@example.com\n'), /holds NUL characters/],
    ['zeros', Buffer.alloc(3000), /holds NUL characters/],
    [
      '300 columns',
      `${Array.from({ length: 300 }, (_, n) => `c${n}`).join(',')}\n1\n`,
      'Line 1 has 300 columns; 250 are possible at most.',
    ],
  ])('refuses %s at once and keeps no file', async (_, content, reason) => {
    const list = await aList(world, ada);
    const before = existsSync(world.app.get(ImportFiles).folder) ? readdirSync(world.app.get(ImportFiles).folder) : [];
    await expect(anUpload(world, ada, list.id, content)).rejects.toThrow(reason);
    expect(readdirSync(world.app.get(ImportFiles).folder)).toEqual(before);
  });

  it('leaves nothing behind when it is cancelled before it starts', async () => {
    const list = await aList(world, ada);
    const imports = world.app.get(ContactImportsService);
    const { id, filePath } = await anUpload(world, ada, list.id, 'Email\nada@example.com\n');
    await imports.cancel(ada.actor, id);
    expect((await imports.mustFind(ada.actor, id)).status).toBe('cancelled');
    expect(existsSync(filePath)).toBe(false);
    await expect(imports.start(ada.actor, id)).rejects.toThrow('started already');
    await expect(imports.cancel(ada.actor, id)).rejects.toThrow('over already');
  });

  it('leaves nothing behind when it is cancelled while it runs', async () => {
    const list = await aList(world, ada);
    const imports = world.app.get(ContactImportsService);
    const rows = Array.from({ length: 60_000 }, (_, n) => `person${n}@example.com,Person,${n}`).join('\n');
    const { id } = await anUpload(world, ada, list.id, `Email,FirstName,LastName\n${rows}\n`);
    await imports.start(ada.actor, id);
    await until(async () => (await imports.mustFind(ada.actor, id)).rowsRead > 0);
    await imports.cancel(ada.actor, id);
    await world.jobs.settled();
    expect((await imports.mustFind(ada.actor, id)).status).toBe('cancelled');
    expect(await peopleOn(world, ada, list.id)).toEqual([]);
    expect(await staged()).toEqual([{ n: '0' }]);
    expect(await countOf(list.id)).toBe(0);
  });

  const died = async (importId: string, attempt: number) => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql(
        `UPDATE contact_imports SET status = 'merging', attempt = $2, heartbeat_at = $3, rows_read = 7 WHERE id = $1`,
        [importId, attempt, world.clock.now()],
      ),
    );
    await world.database.outsideBrands((unit) =>
      unit.sql(
        `INSERT INTO contact_import_staging (import_id, line, email, ext_ref, first_name) VALUES ($1, 2, 'half@example.com', '', '')`,
        [importId],
      ),
    );
  };

  it('starts again from the file when its process died, but not while it may still live', async () => {
    const list = await aList(world, ada);
    const imports = world.app.get(ContactImportsService);
    const { id } = await anUpload(world, ada, list.id, 'Email\nada@example.com\nbob@example.com\n');
    await died(id, 1);
    await world.jobs.sweep();
    await world.jobs.settled();
    expect((await imports.mustFind(ada.actor, id)).status).toBe('merging');
    world.clock.forward(60_000);
    await world.jobs.sweep();
    await world.jobs.settled();
    expect(await imports.mustFind(ada.actor, id)).toMatchObject({
      status: 'done',
      created: 2,
      rowsRead: 2,
      attempt: 2,
    });
    expect((await peopleOn(world, ada, list.id)).map(({ email }) => email)).toEqual([
      'ada@example.com',
      'bob@example.com',
    ]);
  });

  it('gives up after three attempts and says so', async () => {
    const list = await aList(world, ada);
    const { id } = await anUpload(world, ada, list.id, 'Email\nada@example.com\n');
    await died(id, 3);
    world.clock.forward(60_000);
    await world.app.get(Importing).run(ada.actor.brandId, id);
    const failed = await world.app.get(ContactImportsService).mustFind(ada.actor, id);
    expect(failed).toMatchObject({
      status: 'failed',
      error: 'The import stopped unexpectedly 3 times. Nothing was imported.',
    });
    expect(await staged()).toEqual([{ n: '0' }]);
  });

  it('ends quietly when its list is deleted', async () => {
    const list = await aList(world, ada);
    const { id, filePath } = await anUpload(world, ada, list.id, 'Email\nada@example.com\n');
    const waiting = await anUpload(world, ada, list.id, 'Email\nbob@example.com\n');
    const imports = world.app.get(ContactImportsService);
    await imports.start(ada.actor, id);
    await world.app.get(ContactListsService).remove(ada.actor, list.id);
    await world.jobs.settled();
    await expect(imports.mustFind(ada.actor, id)).rejects.toThrow('no such import');
    expect(await staged()).toEqual([{ n: '0' }]);
    expect([filePath, waiting.filePath].filter((path) => existsSync(path))).toEqual([]);
  });

  it('keeps values of one list apart from those of the contact', async () => {
    const list = await aList(world, ada);
    await anImport(world, ada, list.id, 'Email,list:Seat,Town\nada@example.com,12,London\n');
    await anImport(world, ada, list.id, 'Email,list:Row\nada@example.com,B\n');
    const [person] = await world.app.get(ContactsService).list(ada.actor, { listId: list.id, size: 10 });
    expect(person).toMatchObject({ embedded: { Town: 'London' }, listEmbedded: { Seat: '12', Row: 'B' } });
  });

  it('shows another brand nothing of it', async () => {
    const list = await aList(world, ada);
    const { id } = await anUpload(world, ada, list.id, 'Email\nada@example.com\n');
    const stranger = await world.aPerson(await world.aBrand('Globex'));
    const imports = world.app.get(ContactImportsService);
    await expect(imports.mustFind(stranger.actor, id)).rejects.toThrow('no such import');
    await expect(imports.start(stranger.actor, id)).rejects.toThrow('no such import');
    const uploaded = anUpload(world, stranger, list.id, 'Email\nada@example.com\n');
    await expect(uploaded).rejects.toThrow('no such contact list');
  });

  it('is refused to people who may only look', async () => {
    const list = await aList(world, ada);
    const distributor = await world.aPerson({ id: ada.actor.brandId } as never, { type: 'distributor' });
    await expect(anUpload(world, distributor, list.id, 'Email\nada@example.com\n')).rejects.toThrow('Edit contacts');
  });
});
