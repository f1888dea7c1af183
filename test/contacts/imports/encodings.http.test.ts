import iconv from 'iconv-lite';
import { type Person, startWorld, type World } from '../../world.js';
import { aList, anImport, peopleOn } from '../builders.js';

describe('a file in an old encoding', () => {
  let world: World;
  let ada: Person;
  let list: { id: string };
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand());
    list = await aList(world, ada);
  });
  afterAll(() => world.close());

  const upload = async (content: Buffer): Promise<string> => {
    const path = `/contacts/lists/${world.ids.show('CG', list.id)}/imports`;
    return (await ada.agent.post(path).attach('file', content, 'people.csv')).headers['location'] as string;
  };
  const page = async (home: string): Promise<string> => (await ada.agent.get(home)).text;
  const chosen = (text: string): string | undefined => /<option value="([^"]+)" selected>/.exec(text)?.[1];

  it('is read rightly, and otherwise by choice, with a few of its cells in each encoding to choose by', async () => {
    const file = 'Email,姓,名\r\ntaro@example.com,山田,太郎\r\nhanako@example.com,鈴木,花子\r\n';
    const home = await upload(iconv.encode(file, 'shift_jis'));
    const found = await page(home);
    expect(found).toMatch(
      /<details class="card" open>[\s\S]*Shift_JIS \(CP932\) · Comma[\s\S]*It is read as Shift_JIS \(CP932\) now/,
    );
    expect(chosen(found)).toBe('shift_jis');
    expect(found).toContain('Japanese · Shift_JIS (CP932): 姓, 名, 山田</option>');
    expect(found).toContain('<td dir="auto">太郎</td>');
    const reading = { encoding: 'big5', delimiter: ',', quote: '"', hasHeader: 'on' };
    expect((await ada.agent.post(`${home}/reading`).type('form').send(reading)).status).toBe(303);
    const garbled = await page(home);
    expect([chosen(garbled), garbled.includes('<td dir="auto">太郎</td>')]).toEqual(['big5', false]);
    expect(garbled).toContain('Japanese · Shift_JIS (CP932): 姓, 名, 山田</option>');
    await ada.agent
      .post(`${home}/reading`)
      .type('form')
      .send({ ...reading, encoding: 'shift_jis' });
    const targets = { to_0: 'email', to_1: 'lastName', to_2: 'firstName' };
    expect((await ada.agent.post(`${home}/start`).type('form').send(targets)).status).toBe(303);
    await world.jobs.settled();
    expect(await peopleOn(world, ada, list.id)).toMatchObject([
      { lastName: '山田', firstName: '太郎' },
      { lastName: '鈴木', firstName: '花子' },
    ]);
    const unknown = await ada.agent
      .post(`${home}/reading`)
      .type('form')
      .send({ ...reading, encoding: 'utf-7' });
    expect([unknown.status, unknown.text.includes('Choose an encoding.')]).toEqual([422, true]);
  });

  it('that is UTF-8 but for a byte loses the row of that byte, which is named, and no other', async () => {
    const rows = [
      Buffer.from('Email,FirstName,City,Note\nzoe@example.com,Zoë,Köln,\njose@example.com,Jos'),
      Buffer.of(0xe9),
      Buffer.from(',León,\nelse@example.com,Else,,x'),
      Buffer.of(0x92),
      Buffer.from('\n'),
    ];
    const home = await upload(Buffer.concat(rows));
    const found = await page(home);
    expect(found).toMatch(/2 bytes of this file are not UTF-8\.[\s\S]*It is read as UTF-8 now/);
    const words = 'holds the byte 0xE9, which is not UTF-8; save the file again as UTF-8';
    expect(found).toContain(`FirstName “Jos\u{fffd}” ${words}`);
    const targets = { to_0: 'email', to_1: 'firstName', to_2: 'embedded', name_2: 'City', to_3: 'ignore' };
    expect((await ada.agent.post(`${home}/start`).type('form').send(targets)).status).toBe(303);
    await world.jobs.settled();
    expect(await peopleOn(world, ada, list.id)).toMatchObject([
      { firstName: 'Zoë', embedded: { City: 'Köln' } },
      { firstName: 'Else' },
    ]);
    expect(await page(home)).toMatch(/Line 3[\s\S]*FirstName[\s\S]*holds the byte 0xE9/);
    const { text } = await ada.agent.get(`${home}/rejects.csv`);
    expect(text).toContain(`jose@example.com,Jos\u{fffd},León,,3,"FirstName ${words}"`);
  });

  it('leaves a column out whose title cannot be read, and takes no such name for embedded data', async () => {
    const title = [Buffer.from('Email,Städte,Stra'), Buffer.of(0xdf), Buffer.from('e\nada@example.com,Köln,Weg\n')];
    const done = await anImport(world, ada, list.id, Buffer.concat(title));
    expect(done.mapping.warnings).toEqual(['Line 1: column 3 has a name that cannot be read (�). It is left out.']);
    expect(await peopleOn(world, ada, list.id)).toMatchObject([{ embedded: { Städte: 'Köln' } }]);
    const home = await upload(Buffer.concat(title));
    const targets = { to_0: 'email', to_1: 'ignore', to_2: 'embedded', name_2: 'Stra\u{fffd}e' };
    const refused = await ada.agent.post(`${home}/start`).type('form').send(targets);
    expect([refused.status, refused.text.includes('has a name that cannot be read')]).toEqual([422, true]);
  });
});
