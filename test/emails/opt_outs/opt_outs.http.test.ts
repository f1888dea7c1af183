import type { Response } from 'supertest';
import { ContactListsService } from '../../../src/contacts/lists/contact_lists.service.js';
import { ContactsService } from '../../../src/contacts/contacts.service.js';
import { DirectoryService } from '../../../src/contacts/directory.service.js';
import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { SurveysService } from '../../../src/surveys/surveys.service.js';
import { aContact } from '../../contacts/builders.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, ledgerOf, workOff } from '../../distributions/builders.js';

describe('the opt-out link of a mail', () => {
  let world: World;
  let ada: Person;
  let distribution: Distribution;
  let listId: string;
  let contactId: string;
  let messageId: string;
  let path: string;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand('Acme & Sons'));
    const audience = await anAudience(world, ada, [{ email: 'grace@navy.example' }]);
    ({ listId } = audience);
    contactId = audience.contactIds[0]!;
    distribution = await aDistribution(world, ada, await aSurvey(world, ada), { listId });
    await workOff(world);
    messageId = (await ledgerOf(world, distribution))[0]!.id;
    path = `/u/${world.ids.token('opt-out', messageId)}`;
  });
  afterAll(() => world.close());

  const open = (): Promise<Response> => world.visitor().get(path).expect(200);
  const press = (level: string, turn: string): Promise<Response> =>
    world.visitor().post(path).type('form').send({ level, turn }).expect(200);
  const status = async (): Promise<{ list: boolean; brand: boolean; by: string | null }> => {
    const found = await world.app.get(ContactsService).statusOf(ada.actor.brandId, contactId, listId);
    return {
      list: found!.listOptedOutAt !== null,
      brand: found!.brandOptedOutAt !== null,
      by: found!.listOptedOutBy ?? found!.brandOptedOutBy,
    };
  };
  const inLedger = (): Promise<{ out: boolean; events: string[] }> =>
    world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one(
        `SELECT opted_out_at IS NOT NULL AS out, coalesce((SELECT array_agg(e.kind || ' ' || e.source ORDER BY e.id)
           FROM message_events e WHERE e.message_id = m.id), '{}') AS events FROM messages m WHERE id = $1`,
        [messageId],
      ),
    );

  it('shows what can be stopped and changes nothing by being opened', async () => {
    const { text, headers } = await open();
    expect(text).toContain('Do you want no more of these e-mails?');
    expect(text).toContain('No more from the list “Acme &amp; Sons”');
    expect(text).not.toContain('Employees');
    expect(text).toContain('No more e-mails from Acme &amp; Sons at all');
    await world.app.get(ContactListsService).rename(ada.actor, listId, 'Employees', 'News for <staff>');
    expect((await open()).text).toContain('No more from the list “News for &lt;staff&gt;”');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['set-cookie']).toBeUndefined();
    expect(await status()).toEqual({ list: false, brand: false, by: null });
  });

  it('takes people off the list, and says so again when they press again', async () => {
    for (let time = 0; time < 2; time += 1) {
      const { text } = await press('list', 'out');
      expect(text).toContain('You are off the list “Acme &amp; Sons”');
    }
    expect(await status()).toEqual({ list: true, brand: false, by: 'link' });
    expect(await inLedger()).toEqual({ out: true, events: ['opted_out link'] });
  });

  it('takes people off all mails of the brand, and back in', async () => {
    expect((await press('brand', 'out')).text).toContain('You get no more e-mails from Acme &amp; Sons');
    expect(await status()).toMatchObject({ brand: true });
    expect((await press('brand', 'in')).text).toContain('Do you want no more of these e-mails?');
    expect(await status()).toEqual({ list: false, brand: false, by: null });
    expect(await inLedger()).toEqual({ out: false, events: ['opted_out link', 'opted_in link'] });
  });

  const boundary = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n';
  it.each([
    ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    ['application/x-www-form-urlencoded', ''],
    ['application/x-www-form-urlencoded; charset=iso-8859-1', 'List-Unsubscribe=One-Click'],
    ['multipart/form-data; boundary=x', boundary],
    ['multipart/form-data', boundary],
    ['text/plain', 'List-Unsubscribe=One-Click'],
    ['application/json', '{"List-Unsubscribe":"One-Click"}'],
    ['application/x-mail-program', '\u0000\u0001'],
    ['none', ''],
  ])('is pressed by mail programs with one click (%s: %j)', async (type, body) => {
    const request = world.visitor().post(path).set('Origin', 'https://mail.example').set('Cookie', 'a=b');
    const { text, headers } = await (type === 'none' ? request : request.type(type).send(body)).expect(200);
    expect(text).toContain('You are off the list');
    expect(headers['set-cookie']).toBeUndefined();
    expect(await status()).toEqual({ list: true, brand: false, by: 'one-click' });
    expect((await inLedger()).events).toEqual(['opted_out one-click']);
  });

  it('stops the mails of the brand where the list is gone', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('DELETE FROM contact_lists WHERE id = $1', [listId]),
    );
    expect((await open()).text).not.toContain('list “');
    await world.visitor().post(path).type('form').send('List-Unsubscribe=One-Click').expect(200);
    expect(await status()).toMatchObject({ brand: true, by: 'one-click' });
  });

  it('works for a survey that is closed and a distribution that was deleted', async () => {
    await world.app.get(SurveysService).pause(ada.actor, distribution.surveyId, { people: 'finish', message: '' });
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE distributions SET deleted_at = $2 WHERE id = $1', [distribution.id, world.clock.now()]),
    );
    await press('list', 'out');
    expect(await status()).toMatchObject({ list: true });
  });

  it.each(['deleted', 'erased'])('holds where the contact was %s, also when somebody comes back', async (how) => {
    const comeBack = (email: string) => aContact(world, ada, { email }, listId);
    await world.app.get(DirectoryService).remove(ada.actor, contactId);
    if (how === 'erased') {
      await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.run(`UPDATE messages SET address = '', recipient = '{}' WHERE id = $1`, [messageId]),
      );
    }
    expect((await open()).text).toContain('Do you want no more of these e-mails?');
    contactId = await comeBack('GRACE@navy.example');
    expect((await press('list', 'out')).text).toContain('You are off the list');
    expect((await press('brand', 'out')).text).toContain('You get no more e-mails from Acme &amp; Sons');
    expect((await open()).text).toContain('You get no more e-mails from Acme &amp; Sons');
    expect(await status()).toMatchObject({ brand: true });
    await world.app.get(DirectoryService).remove(ada.actor, contactId);
    contactId = await comeBack('grace@NAVY.example');
    expect(await status()).toEqual({ list: true, brand: true, by: 'link' });
    expect((await press('brand', 'in')).text).toContain('You are off the list');
    expect((await press('list', 'in')).text).toContain('Do you want no more of these e-mails?');
    await world.app.get(DirectoryService).remove(ada.actor, contactId);
    contactId = await comeBack('grace@navy.example');
    expect(await status()).toEqual({ list: false, brand: false, by: null });
    expect((await inLedger()).events).toHaveLength(4);
  });

  it('takes back what a complaint made of it: the page tells the truth', async () => {
    const contacts = world.app.get(ContactsService);
    const { brandId } = ada.actor;
    const at = world.clock.now();
    await contacts.optOut(brandId, { contactId, listId: null, level: 'brand', by: 'complaint', at });
    await contacts.suppress(brandId, { address: 'Grace@navy.example', reason: 'complaint', at });
    await press('brand', 'in');
    expect(await contacts.suppressionOf(brandId, 'grace@navy.example', at)).toBeUndefined();
    await contacts.suppress(brandId, { address: 'grace@navy.example', reason: 'bad_address', at });
    await press('brand', 'out');
    await press('brand', 'in');
    expect(await contacts.suppressionOf(brandId, 'grace@navy.example', at)).toBe('bad_address');
  });

  it('speaks the language of the recipient, else the one of the browser', async () => {
    const german = await world.visitor().get(path).set('Accept-Language', 'xx, de-AT;q=0.8, en;q=0.5').expect(200);
    expect(german.text).toContain('<html lang="de">');
    expect(german.text).toContain('Möchten Sie diese E-Mails nicht mehr bekommen?');
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE messages SET recipient = recipient || '{"language":"ar"}' WHERE id = $1`, [messageId]),
    );
    const arabic = await world.visitor().get(path).set('Accept-Language', 'de').expect(200);
    expect(arabic.text).toContain('<html lang="ar" dir="rtl">');
  });

  it('says that a test mail was one', async () => {
    const test = `/u/${world.ids.token('opt-out', '0')}`;
    expect((await world.visitor().get(test).expect(200)).text).toContain('This was a test');
    await world.visitor().post(test).type('form').send('List-Unsubscribe=One-Click').expect(200);
  });

  it('leads nowhere when it was changed, guessed or made for something else', async () => {
    const wrong = ['x', `${path.slice(3, -1)}0`, world.ids.token('opt-out', '999999'), world.ids.token('link', '1')];
    for (const token of wrong) {
      const { text } = await world.visitor().get(`/u/${token}`).expect(404);
      expect(text).toContain('This link leads nowhere');
      await world.visitor().post(`/u/${token}`).type('form').send({ level: 'brand', turn: 'out' }).expect(404);
    }
  });

  it('refuses what is no wish, and changes nothing', async () => {
    for (const body of [{ level: 'everything', turn: 'out' }, { level: 'list' }, { turn: 'in' }]) {
      await world.visitor().post(path).type('form').send(body).expect(422);
    }
    expect(await status()).toEqual({ list: false, brand: false, by: null });
  });
});
