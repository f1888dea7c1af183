import type { Brand } from '../../../src/brands/brand.entity.js';
import { PermissionsService } from '../../../src/brands/permissions.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { anAudience, BODY } from '../../distributions/builders.js';

describe('what an author gets for a mail while it is written', () => {
  let world: World;
  let brand: Brand;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    world = await startWorld({ SMTP_URL: 'smtp://127.0.0.1:9', MAIL_DOMAIN: 'mail.acme.example' });
  });
  beforeEach(async () => {
    await world.forget();
    brand = await world.aBrand();
    ada = await world.aPerson(brand, { type: 'administrator' });
    survey = await aSurvey(world, ada);
  });
  afterAll(() => world.close());

  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const mail = { fromLocal: 'people', fromDomain: 'mail.acme.example', subject: 'How was it?', body: BODY };
  const post = (path: string, form: object, { agent } = ada) => agent.post(path).type('form').send(form);
  const state = async (path: string): Promise<Record<string, string>> => {
    const { text } = await ada.agent.get(path).expect(200);
    return Object.fromEntries(
      ['formKey', 'draft', 'revision'].map((name) => [
        name,
        new RegExp(`name="${name}" value="(.*?)"`).exec(text)![1]!,
      ]),
    );
  };
  const count = async (table: 'contact_lists' | 'distributions' | 'contacts'): Promise<number> =>
    (await world.database.inBrand(ada.actor.brandId, (unit) => unit.sql(`SELECT id FROM ${table}`))).length;
  /** Which entry of the menu of lists the form of the draft has chosen. */
  const chosenIn = async (path: string): Promise<string | undefined> =>
    / selected>(.*?)<\/option>/.exec(
      /<select[^>]*name="list"[^]*?<\/select>/.exec((await ada.agent.get(path)).text)![0],
    )?.[1];
  /** A draft that its author left for a From domain. */
  const leftForDomain = async (): Promise<string> => {
    await post(list(), { ...(await state(`${list()}/new`)), ...mail, go: 'domain' })
      .expect(303)
      .expect('Location', '/brand/email/domains/new');
    const { text } = await ada.agent.get('/brand/email/domains/new').expect(200);
    expect(text).toContain('Your mail “How was it?” is kept as a draft.');
    return new RegExp(`href="(${list()}/EMD_\\w+/edit)">[^]*?Back to your mail`).exec(text)![1]!;
  };

  describe('people who are pasted', () => {
    const people = 'Grace Hopper <grace@navy.example>\nalan@bletchley.example, Alan, Turing';

    it('become a list that is chosen in the draft, which has what was typed', async () => {
      const form = { ...(await state(`${list()}/new`)), ...mail, listName: 'Pioneers', people, go: 'paste' };
      const { text, headers } = await post(`${list()}/lists`, form).expect(200);
      expect(text).toContain('“Pioneers” was made and is chosen');
      expect(text).toMatch(/<option value="CG_\w+" selected>Pioneers \(2 contacts\)/);
      expect(await chosenIn(headers['hx-replace-url']!)).toBe('Pioneers (2 contacts)');
      expect((await ada.agent.get(headers['hx-replace-url']!)).text).toContain('value="How was it?"');
    });

    it('are counted where they said no before: they get no mail', async () => {
      await anAudience(world, ada, [{ email: 'alan@bletchley.example', optedOutAt: world.clock.now() }]);
      const form = { ...(await state(`${list()}/new`)), ...mail, listName: 'Pioneers', people, go: 'paste' };
      const { text } = await post(`${list()}/lists`, form).expect(200);
      expect(text).toContain('1 person on it stays opted out and gets no mails.');
    });

    it('are named by line where they are nobody: nothing is made, and the text stays', async () => {
      const form = { ...(await state(`${list()}/new`)), ...mail, listName: 'Pioneers', people: `${people}\nnobody` };
      const { text } = await post(`${list()}/lists`, form).expect(422);
      expect(text).toContain('Line 3 holds no e-mail address: <code class="code">nobody</code>');
      expect(text).toContain('alan@bletchley.example, Alan, Turing\nnobody</textarea>');
      expect(text).toContain('value="Pioneers"');
      expect([await count('contact_lists'), await count('contacts'), await count('distributions')]).toEqual([0, 0, 0]);
      await post(`${list()}/lists`, { ...form, leaveOut: 'on' }).expect(200);
      expect(await count('contacts')).toBe(2);
    });

    it('make no list for a draft that another tab has changed', async () => {
      const first = await state(`${list()}/new`);
      const { headers } = await post(list(), { ...first, ...mail, go: 'people' }).expect(303);
      const edit = headers['location']!.replace('/lists/new', '/edit');
      const [mine, other] = [await state(edit), await state(edit)];
      await post(`${list()}/autosave`, { ...other, ...mail, subject: 'Of the other tab' }).expect(200);
      const { text } = await post(`${list()}/lists`, { ...mine, ...mail, listName: 'Pioneers', people }).expect(409);
      expect(text).toContain('changed meanwhile');
      expect(await count('contact_lists')).toBe(0);
    });

    it('have a page of their own where there is no script', async () => {
      const { headers } = await post(list(), { ...(await state(`${list()}/new`)), ...mail, go: 'people' }).expect(303);
      const page = headers['location']!;
      expect((await ada.agent.get(page).expect(200)).text).toContain('Paste the people below');
      const action = page.replace('/new', '');
      const refused = await post(action, { listName: '', people: 'nobody' }).expect(422);
      expect(refused.text).toContain('Line 1 holds no e-mail address');
      const made = await post(action, { listName: 'Pioneers', people, go: 'paste' }).expect(303);
      expect(await chosenIn(made.headers['location']!)).toBe('Pioneers (2 contacts)');
    });

    it('become one list when that page is sent twice, and another one when it is sent with others', async () => {
      const { headers } = await post(list(), { ...(await state(`${list()}/new`)), ...mail, go: 'people' }).expect(303);
      const path = headers['location']!;
      const [, page = ''] = /name="page" value="([^"]+)"/.exec((await ada.agent.get(path)).text) ?? [];
      const wish = { listName: 'Pioneers', people, go: 'paste', page };
      const twice = [1, 2].map(() => post(path.replace('/new', ''), wish).expect(303));
      const [first, second] = await Promise.all(twice);
      expect(second!.headers['location']).toBe(first!.headers['location']);
      expect(await count('contact_lists')).toBe(1);
      await post(path.replace('/new', ''), { ...wish, people: 'ada@acme.example' }).expect(303);
      expect(await count('contact_lists')).toBe(2);
      expect(await chosenIn(first!.headers['location']!)).toBe('Pioneers (1 contact)');
    });

    it('are left to whoever may edit contacts, with names', async () => {
      const grace = await world.aPerson(brand);
      await world.app.get(PermissionsService).set(ada.actor, grace.user.id, 'directory:edit', 'off');
      const own = `/surveys/${world.ids.show('SV', (await aSurvey(world, grace)).id)}/distributions/emails`;
      const { text } = await grace.agent.get(`${own}/new`).expect(200);
      expect(text).toContain(`For another list, ask ${ada.actor.name} (${ada.user.email})`);
      expect(text).toContain(`ask ${ada.actor.name} (${ada.user.email}).`);
      expect(text).not.toContain('value="people"');
      expect(text).not.toContain('value="domain"');
      await post(`${own}/lists`, { ...mail, listName: 'Pioneers', people }, grace).expect(403);
    });
  });

  it('is a list for a file, whose import leads back to the mail', async () => {
    const form = { ...(await state(`${list()}/new`)), ...mail, listName: 'Customers', go: 'import' };
    expect((await post(`${list()}/lists`, { ...form, listName: ' ' }).expect(422)).text).toContain('field_listName');
    const { headers } = await post(`${list()}/lists`, form).expect(200);
    const path = headers['hx-redirect']!;
    expect(path).toMatch(/^\/contacts\/lists\/CG_\w+\/imports\/new$/);
    const { text } = await ada.agent.get(path).expect(200);
    const back = /href="(\/surveys\/[^"]*\/edit)">[^]*?Back to your mail/.exec(text)![1]!;
    expect(await chosenIn(back)).toBe('Customers (0 contacts)');
    // Back there, nobody has to be led there any more.
    expect((await ada.agent.get('/contacts').expect(200)).text).not.toContain('Back to your mail');
  });

  it('is a From domain, which the mail comes from as soon as its author is back', async () => {
    const back = await leftForDomain();
    await post('/brand/email/domains', { domain: 'not a domain', selector: 'canvass1', bits: '2048' }).expect(422);
    await post('/brand/email/domains', { domain: 'acme.example', selector: 'canvass1', bits: '2048' }).expect(303);
    expect((await ada.agent.get('/brand/email/domains/acme.example')).text).toContain('Back to your mail');
    const { text } = await ada.agent.get(back).expect(200);
    expect(text).toContain('The mail comes from acme.example now.');
    expect(text).toContain('name="fromLocal" value="people"');
    expect(text).toMatch(/<option value="acme\.example" selected>/);
    expect(text).not.toContain('Back to your mail');
    expect((await ada.agent.get('/brand/email').expect(200)).text).not.toContain('Back to your mail');
  });

  it('is forgotten when its author does not want to go back, and leads nobody anywhere else', async () => {
    await leftForDomain();
    const other = await state(`${list()}/new`);
    await post(`${list()}/autosave`, { ...other, ...mail, subject: 'Another' }).expect(200);
    expect((await ada.agent.get('/contacts')).text).toContain('Back to your mail');
    const grace = await world.aPerson(await world.aBrand());
    expect((await grace.agent.get('/contacts')).text).not.toContain('Back to your mail');
    await post('/way-back/end', { here: '//elsewhere.example' }).expect(303).expect('Location', '/');
    expect((await ada.agent.get('/contacts')).text).not.toContain('Back to your mail');
    const gone = await leftForDomain();
    await post(gone.replace('/edit', '/remove'), {}).expect(303);
    await ada.agent.get(gone).expect(404);
    expect((await ada.agent.get('/contacts')).text).not.toContain('Back to your mail');
    await leftForDomain();
    await post('/way-back/end', { here: '/contacts' }).expect(303).expect('Location', '/contacts');
    await leftForDomain();
    const { text: searched } = await ada.agent.get('/contacts?q=%22grace%22').expect(200);
    expect(searched).toContain('name="here" value="/contacts?q&#x3D;%22grace%22"');
    const { text: refused } = await post('/brand/email/domains', { domain: 'not a domain' }).expect(422);
    const [, here = ''] = /name="here" value="([^"]+)"/.exec(refused) ?? [];
    await ada.agent.get(here).redirects(1).expect(200);
  });
});
