import type { Response } from 'supertest';
import { ContactsService } from '../../../src/contacts/contacts.service.js';
import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { FoundDistributions } from '../../../src/ledger/found_distributions.service.js';
import { MailboxService } from '../../../src/mailer/mailbox/mailbox.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { anAudience, BODY, ledgerOf, nowOf, reservedOf, statesOf, workOff } from '../../distributions/builders.js';

describe('writing a mail', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(() => begin());
  afterAll(() => world.close());

  /** Sessions end by the clock, so people sign in after it was set. */
  async function begin(at?: string): Promise<void> {
    world.clock.set(at === undefined ? undefined : new Date(at));
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, 3));
  }
  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const form = (changes: Record<string, string> = {}): Record<string, string> => ({
    list: world.ids.show('CG', listId),
    fromName: 'Acme People',
    fromEmail: 'people@acme.example',
    replyTo: '',
    subject: 'How was it, ${m://FirstName}?',
    body: BODY,
    linkType: 'Individual',
    linkDays: '60',
    skipFinished: 'on',
    when: 'now',
    go: 'save',
    ...changes,
  });
  const post = (path: string, changes: Record<string, string> = {}): Promise<Response> =>
    ada.agent.post(path).type('form').send(form(changes));
  /** Saves a draft and returns its address. */
  const aDraft = async (changes: Record<string, string> = {}): Promise<string> => {
    const { headers, status } = await post(list(), changes);
    expect(status).toBe(303);
    return headers['location']!.replace(/\/(edit|review)$/, '');
  };
  const draftAt = async (path: string): Promise<Distribution> => {
    const id = world.ids.read('EMD', path.split('/').at(-1)!);
    return (await world.app.get(FoundDistributions).mustFind(ada.actor, id)).distribution;
  };
  /** Reviews and presses the button that the review offers. */
  const send = async (path: string): Promise<Response> => {
    const { text } = await ada.agent.get(`${path}/review`).expect(200);
    const reviewed = /name="reviewed" value="(\d+)"/.exec(text)?.[1] ?? '';
    return ada.agent.post(`${path}/send`).type('form').send({ reviewed });
  };
  const mails = async (): Promise<string[]> =>
    (await world.app.get(MailboxService).list(ada.actor, 100)).map(({ recipient }) => recipient);

  it('begins with a whole mail: links, sender, and a time in one hour', async () => {
    await begin('2026-11-23T09:01:00Z');
    const { text } = await ada.agent.get(`${list()}/new`).expect(200);
    expect(text).toContain('${l://SurveyURL}');
    expect(text).toContain('${l://OptOutLink?d&#x3D;I want no more mails like this}');
    expect(text).toContain('Employees (3 contacts)');
    expect(text).toContain('value="2026-11-23T10:05"');
    expect(text).toContain(`value="${ada.user.email}"`);
    expect(text).toContain('There is nobody to send to');
  });

  it('keeps a draft and shows it again as it was written', async () => {
    const path = await aDraft({ subject: 'Ümlaut "quoted" <b>', linkType: 'Multiple', linkDays: '7' });
    const { text } = await ada.agent.get(`${path}/edit`).expect(200);
    expect(text).toContain('The draft is saved.');
    expect(text).toContain('value="Ümlaut &quot;quoted&quot; &lt;b&gt;"');
    expect(text).toMatch(/value="Multiple" checked/);
    expect(await draftAt(path)).toMatchObject({
      status: 'draft',
      linkDays: 7,
      skipFinished: true,
      audience: { listName: 'Employees' },
    });
  });

  it.each([
    ['line ends in the subject', { subject: 'One\r\nBcc: two@example.com' }, 'Line breaks and control characters'],
    ['line ends in the From name', { fromName: 'A\r\nB' }, 'Line breaks and control characters'],
    ['line ends in the reply-to', { replyTo: 'a@acme.example\nBcc: b@acme.example' }, 'Line breaks and control'],
    ['line ends in another language’s subject', { subject_de: 'Eins\rZwei' }, 'Line breaks and control characters'],
    ['a subject of 10,000 characters', { subject: 'x'.repeat(10_000) }, 'This is longer than 300 characters.'],
    ['a message without end in another language', { body_de: 'x'.repeat(400_001) }, 'longer than 400,000'],
  ])('refuses %s in words, before and after it could become a header', async (_, changes, words) => {
    const { status, text } = await post(list(), changes);
    expect({ status, tells: text.includes(words) }).toEqual({ status: 422, tells: true });
    expect((await ada.agent.get(list())).text).toContain('Invite people by e-mail');
    await ada.agent.post(`${list()}/checks`).type('form').send(form(changes)).expect(200);
    await ada.agent.post(`${list()}/preview`).type('form').send(form(changes)).expect(200);
  });

  it('refuses what is larger than any mail with 413, in words', async () => {
    const { status, text } = await post(list(), { body: 'x'.repeat(2_100_000) });
    expect(status).toBe(413);
    expect(text).toContain('larger than 2 MB, the most that is taken here');
  });

  it.each([
    ['no list', { list: '' }, 'Choose the contact list or segment that gets the mail.'],
    ['a list of nobody', { list: 'CG_000000000000000' }, 'Choose the contact list or segment that gets the mail.'],
    ['a message without end', { body: 'x'.repeat(400_001) }, 'This is longer than 400,000 characters.'],
    ['links for no time', { linkDays: '0' }, 'Write a whole number of days, from 1 to 3,650.'],
    ['links until no date', { linkEnd: 'date', linkUntil: '2030-02-30T10:00' }, 'Write a date and a time that exist.'],
    ['links that are over', { linkEnd: 'date', linkUntil: '2020-01-01T10:00' }, 'over before the mail leaves'],
    [
      'links that end before the mail leaves',
      { linkEnd: 'date', linkUntil: '2040-01-01T10:00', when: 'later', sendOn: '2040-01-01T10:00' },
      'over before the mail leaves',
    ],
    ['a time that is over', { when: 'later', sendOn: '2020-01-01T10:00' }, 'This time is over.'],
    ['a day that does not exist', { when: 'later', sendOn: '2030-02-30T10:00' }, 'Write a date and a time that exist.'],
  ])('shows the form again with the reason for %s', async (_, changes, words) => {
    const { status, text } = await post(list(), { ...changes, subject: 'Kept as typed' });
    expect(status).toBe(422);
    expect(text).toContain(words);
    expect(text).toContain('value="Kept as typed"');
  });

  it('lets links end on a date of the author’s zone, says so before sending, and keeps it through changes', async () => {
    await begin('2027-03-01T09:00:00Z');
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE users SET time_zone = 'Europe/Vienna' WHERE id = $1`, [ada.actor.userId]),
    );
    const path = await aDraft({ linkEnd: 'date', linkUntil: '2027-03-31T18:00' });
    expect((await draftAt(path)).linkExpiresAt?.toISOString()).toBe('2027-03-31T16:00:00.000Z');
    const { text } = await ada.agent.get(`${path}/edit`).expect(200);
    expect(text).toContain('<option value="date" selected>');
    expect(text).toContain('value="2027-03-31T18:00"');
    const review = (await ada.agent.get(`${path}/review`).expect(200)).text;
    expect(review).toMatch(/<dt>Links end<\/dt><dd>[^<]*31[^<]*18:00/);
    expect(review).not.toMatch(/<dd>[^<]*days after sending/);
    expect((await send(path)).status).toBe(303);
    await workOff(world);
    const [{ ends }] = (await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ ends: Date }>('SELECT DISTINCT expires_at AS ends FROM links'),
    )) as [{ ends: Date }];
    expect(ends.toISOString()).toBe('2027-03-31T16:00:00.000Z');
    expect((await ada.agent.get(`${list()}/new?copy=${path.split('/').at(-1)!}`)).text).toContain(
      '<option value="days" selected>',
    );
  });

  it('counts days from sending again once the date is taken back', async () => {
    await begin('2027-03-01T09:00:00Z');
    const path = await aDraft({ linkEnd: 'date', linkUntil: '2027-03-31T18:00' });
    expect((await post(path, { linkEnd: 'days', linkUntil: '2027-03-31T18:00', linkDays: '5' })).status).toBe(303);
    expect(await draftAt(path)).toMatchObject({ linkExpiresAt: null, linkDays: 5 });
    expect((await ada.agent.get(`${path}/review`)).text).toContain('5 days after sending');
  });

  it('takes the time in the zone of its author, also across summer time', async () => {
    await begin('2027-03-01T09:00:00Z');
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE users SET time_zone = 'Europe/Vienna' WHERE id = $1`, [ada.actor.userId]),
    );
    const path = await aDraft({ when: 'later', sendOn: '2027-03-29T10:00' });
    expect((await draftAt(path)).sendAt?.toISOString()).toBe('2027-03-29T08:00:00.000Z');
    expect((await post(list(), { when: 'later', sendOn: '2027-03-28T02:30' })).status).toBe(422);
    const { text } = await ada.agent.get(`${path}/edit`).expect(200);
    expect(text).toContain('value="2027-03-29T10:00"');
    expect(text).toContain('Europe/Vienna');
  });

  it('tells while writing what is missing, with the remedy and the code', async () => {
    const check = async (changes: Record<string, string>): Promise<string> =>
      (await ada.agent.post(`${list()}/checks`).type('form').send(form(changes)).expect(200)).text;
    expect(await check({ body: '<p>Hello</p>' })).toMatch(/CVS01[\s\S]+CVS02/);
    expect(await check({ subject: ' ' })).toContain('CVS08');
    expect(await check({ fromEmail: 'nobody' })).toContain('CVS03');
    expect(await check({ body: `${BODY}\${m://Firstname_} \${e://Field/Team}` })).toMatch(
      /\$\{m:\/\/Firstname_\}[\s\S]+Team/,
    );
    expect(await check({ body: BODY + 'x'.repeat(110_000) })).toMatch(/The message has 11\d kB as it is sent\./);
    const fine = await check({});
    expect(fine).toContain('Your brand has no postal address');
    expect(fine).not.toContain('finding-line--fail');
    expect(fine).toContain('How was it, Person 1?');
  });

  it('leads its author to the first step that a refusal is about: links are part of the message', async () => {
    const all = await post(list(), { list: '', subject: '', linkDays: 'many' });
    expect(all.text).toContain('data-start="to"');
    const link = await post(list(), { linkDays: 'many' });
    expect(link.text).toContain('data-start="message"');
    expect(link.text).toMatch(/class="is-error" data-of="message"/);
    expect(link.text).toMatch(/class="is-done" data-of="when"/);
  });

  it('shows what it looks like, without scripts and without keeping anything', async () => {
    const asked = { ...form({ body: `<script>alert(1)</script>${BODY}` }), as: 'desktop' };
    const shown = await ada.agent.post(`${list()}/preview`).type('form').send(asked).expect(200);
    expect(shown.headers['content-security-policy']).toMatch(/default-src 'none';.+sandbox/);
    expect(shown.text).toContain('Dear Person 1,');
    expect(shown.text).toContain('/preview/');
    const text = await ada.agent
      .post(`${list()}/preview`)
      .type('form')
      .send({ ...asked, as: 'text' })
      .expect(200);
    expect(text.text).toContain('<pre>');
    expect((await ada.agent.get(list())).text).toContain('Invite people by e-mail');
  });

  it('sends a test with the words of the server, and keeps the draft', async () => {
    const path = await aDraft({ go: 'test', testTo: 'ada@acme.example, grace@acme.example' });
    const { text } = await ada.agent.get(`${path}/edit`).expect(200);
    expect(text).toContain('The test for ada@acme.example was accepted: 250');
    expect((await mails()).sort()).toEqual(['ada@acme.example', 'grace@acme.example']);
    expect((await draftAt(path)).status).toBe('draft');
    expect(await reservedOf(world, ada)).toBe(0);
  });

  it.each([
    ['', 'Write at least one address for the test.'],
    ['not an address', 'These are not e-mail addresses: not, an, address'],
    ['a@b.example b@b.example c@b.example d@b.example e@b.example f@b.example', 'A test goes to 5 addresses at most.'],
  ])('refuses a test to “%s”', async (testTo, words) => {
    const { status, text } = await post(list(), { go: 'test', testTo });
    expect(status).toBe(422);
    expect(text).toContain(words);
    expect(await mails()).toEqual([]);
  });

  it('reviews with exact numbers for each outcome and rendered samples', async () => {
    ({ listId } = await anAudience(world, ada, [
      { firstName: 'Ada', email: 'ada@example.com' },
      { firstName: 'Grace', email: 'grace@example.com' },
      { email: '' },
      { email: 'out@example.com', listOptedOutAt: world.clock.now() },
    ]));
    const path = await aDraft({ go: 'review' });
    const { text } = await ada.agent.get(`${path}/review`).expect(200);
    expect(text).toContain('2 people get the mail');
    expect(text).toContain('<span class="figure">1</span> Has no e-mail address');
    expect(text).toContain('<span class="figure">1</span> Opted out of the list');
    expect(text).toContain('How was it, Grace?');
    expect(text).toContain('2 of 10,000 after this one');
    expect(text).toContain('Send to 2 people');
    const frame = await ada.agent.get(`${path}/mail/html?sample=1`).expect(200);
    expect(frame.text).toContain('Dear Grace,');
  });

  it('renders the samples for those who really get it: whoever was drawn, and nobody who is skipped', async () => {
    const people = Array.from({ length: 60 }, (_, n) => ({ firstName: `P${n}`, email: `p${n}@example.com` }));
    ({ listId } = await anAudience(world, ada, people));
    const path = await aDraft({ go: 'review', sampleKind: 'number', sampleSize: '3' });
    const { text } = await ada.agent.get(`${path}/review`).expect(200);
    const shown = [...text.matchAll(/How was it, (P\d+)\?/g)].map(([, name]) => name);
    expect(new Set(shown).size).toBe(3);
    expect((await ada.agent.get(`${path}/mail/html?sample=1`).expect(200)).text).toContain(`Dear ${shown[1]},`);
    const address = `${shown[0]!.toLowerCase()}@example.com`;
    const [contacts, at] = [world.app.get(ContactsService), world.clock.now()];
    await contacts.suppress(ada.actor.brandId, { address, reason: 'bounced', at });
    const again = (await ada.agent.get(`${path}/review`).expect(200)).text;
    expect(again).not.toContain(`How was it, ${shown[0]}?`);
    expect(again).toContain(`How was it, ${shown[1]}?`);
    await send(path);
    await workOff(world);
    const rows = await ledgerOf(world, await draftAt(path));
    expect(rows.filter(({ state }) => state === 'accepted').map((row) => row.address.toUpperCase())).toEqual([
      `${shown[1]}@EXAMPLE.COM`,
      `${shown[2]}@EXAMPLE.COM`,
    ]);
  });

  it('sends at once to everybody who was promised', async () => {
    const path = await aDraft();
    expect((await send(path)).headers['location']).toBe(path);
    expect((await ada.agent.get(path)).text).toContain('Sending to 3 people has begun.');
    await workOff(world);
    const sent = await draftAt(path);
    expect(statesOf(await ledgerOf(world, sent))).toEqual({ accepted: 3 });
    expect(await mails()).toHaveLength(3);
    await ada.agent.get(`${path}/edit`).expect(409);
    await ada.agent.get(`${path}/review`).expect(409);
    await ada.agent.post(`${path}/send`).expect(409);
  });

  it('makes one draft of a form that is sent four times at once, and sends it once', async () => {
    await begin('2026-11-23T09:00:00Z');
    const { text } = await ada.agent.get(`${list()}/new`).expect(200);
    const formKey = /name="formKey" value="([^"]+)"/.exec(text)![1]!;
    const saved = await Promise.all([1, 2, 3, 4].map(() => post(list(), { formKey, go: 'review' })));
    const places = new Set(saved.map(({ headers }) => headers['location']));
    expect(places.size).toBe(1);
    const path = [...places][0]!.replace(/\/review$/, '');
    const reviewed = String((await draftAt(path)).modifiedAt.getTime());
    const press = () => ada.agent.post(`${path}/send`).type('form').send({ reviewed });
    const pressed = await Promise.all([1, 2, 3, 4].map(press));
    expect(pressed.map(({ status, headers }) => [status, headers['location']])).toEqual(pressed.map(() => [303, path]));
    await workOff(world);
    expect(await mails()).toHaveLength(3);
    const other = await post(list(), { formKey, subject: 'Another one' });
    expect(other.headers['location']).not.toContain(path);
  });

  it('does not send what was changed after the review', async () => {
    const path = await aDraft();
    const { text } = await ada.agent.get(`${path}/review`);
    const reviewed = /name="reviewed" value="(\d+)"/.exec(text)![1];
    await post(path, { subject: 'Another subject' });
    await ada.agent
      .post(`${path}/send`)
      .type('form')
      .send({ reviewed })
      .expect(303)
      .expect('Location', `${path}/review`);
    expect((await draftAt(path)).status).toBe('draft');
    expect((await ada.agent.get(`${path}/review`)).text).toContain('The draft was changed since you reviewed it.');
  });

  it.each([
    ['no survey link', { body: '<p>${l://OptOutLink}</p>' }, 'CVS01'],
    ['no opt-out link', { body: '<p>${l://SurveyLink}</p>' }, 'CVS02'],
    ['no subject', { subject: '' }, 'CVS08'],
  ])('offers no button for a mail with %s, and refuses the post', async (_, changes, code) => {
    const path = await aDraft(changes);
    const { text } = await ada.agent.get(`${path}/review`).expect(200);
    expect(text).toContain(code);
    expect(text).not.toContain('name="reviewed"');
    const reviewed = String((await draftAt(path)).modifiedAt.getTime());
    const { status, text: again } = await ada.agent.post(`${path}/send`).type('form').send({ reviewed });
    expect({ status, hasCode: again.includes(code) }).toEqual({ status: 409, hasCode: true });
    expect((await draftAt(path)).status).toBe('draft');
  });

  it('refuses a mail that does not fit into the weekly limit, plans nothing and keeps the draft', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE users SET weekly_email_limit = 2 WHERE id = $1', [ada.actor.userId]),
    );
    const path = await aDraft();
    const review = await ada.agent.get(`${path}/review`).expect(200);
    expect(review.text).toContain('may send 2 e-mails per week');
    expect(review.text).toContain('Send 2 now, the rest when free');
    const reviewed = String((await draftAt(path)).modifiedAt.getTime());
    const { status, text } = await ada.agent.post(`${path}/send`).type('form').send({ reviewed });
    expect(status).toBe(409);
    expect(text).toContain('EQD03');
    expect(text).toContain('contact the brand administrator');
    const draft = await draftAt(path);
    expect({ status: draft.status, rows: await ledgerOf(world, draft) }).toEqual({ status: 'draft', rows: [] });
    expect(await reservedOf(world, ada)).toBe(0);
    expect((await ada.agent.get(`${path}/edit`)).text).toContain('How was it');
  });

  it('copies words, list and links of another mail', async () => {
    const path = await aDraft({ subject: 'Once more', linkType: 'Anonymous' });
    const { text } = await ada.agent.get(`${list()}/new?copy=${path.split('/').at(-1)!}`).expect(200);
    expect(text).toContain('value="Once more"');
    expect(text).toMatch(/value="Anonymous" checked/);
    expect(text).toContain(`action="${list()}"`);
  });

  it('is closed to people who may not send', async () => {
    const brand = await world.aBrand('Globex');
    const stranger = await world.aPerson(brand, { firstName: 'Sam' });
    const viewer = await world.aPerson(brand, { type: 'viewer', firstName: 'Vera' });
    const path = await aDraft();
    await stranger.agent.get(`${list()}/new`).expect(404);
    await stranger.agent.post(list()).type('form').send(form()).expect(404);
    await stranger.agent.post(`${path}/send`).expect(404);
    await stranger.agent.post(`${list()}/preview`).type('form').send(form()).expect(404);
    await viewer.agent.get(`${list()}/new`).expect(403);
    expect((await nowOf(world, ada, await draftAt(path))).status).toBe('draft');
  });

  it('makes no draft for a survey out of a mail of another one', async () => {
    const path = await aDraft();
    const other = await aSurvey(world, ada, { name: 'Other' });
    const elsewhere = path.replace(world.ids.show('SV', survey.id), world.ids.show('SV', other.id));
    for (const page of ['/edit', '/review', '/mail']) {
      await ada.agent.get(elsewhere + page).expect(404);
    }
    expect((await post(elsewhere)).status).toBe(404);
  });
});
