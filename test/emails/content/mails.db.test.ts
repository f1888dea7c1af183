import { MailboxService } from '../../../src/mailer/mailbox/mailbox.service.js';
import { LibraryService } from '../../../src/library/library.service.js';
import { SteeringService } from '../../../src/distributions/steering.service.js';
import { LinksService } from '../../../src/links/links.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import type { Distribution } from '../../../src/ledger/distribution.entity.js';
import { simpleParser, type ParsedMail } from 'mailparser';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, BODY, ledgerOf, nowOf, workOff, type Words } from '../../distributions/builders.js';

describe('mails as they are sent', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set(undefined);
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, 3));
  });
  afterAll(() => world.close());

  const languages = (...wanted: string[]): Promise<unknown> =>
    world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(
        `UPDATE contacts c SET language = w.language FROM unnest($1::text[]) WITH ORDINALITY AS w (language, place)
         WHERE c.email = 'person.' || w.place || '@example.com'`,
        [wanted],
      ),
    );
  /** The mails that left, by recipient. */
  const sent = async (changes: Words): Promise<{ distribution: Distribution; mails: ParsedMail[] }> => {
    const distribution = await aDistribution(world, ada, survey, { listId, ...changes });
    await workOff(world);
    const box = world.app.get(MailboxService);
    const rows = await box.list(ada.actor, 100);
    const raws = await Promise.all(rows.map(({ id }) => rawOf(id)));
    const mails = await Promise.all(raws.map((raw) => simpleParser(raw)));
    return { distribution, mails: mails.sort((one, other) => addressOf(one).localeCompare(addressOf(other))) };
  };
  const rawOf = async (id: string): Promise<Buffer> => {
    const { raw } = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one<{ raw: Buffer }>('SELECT raw FROM mailbox_mails WHERE id = $1', [id]),
    );
    return raw;
  };
  const addressOf = ({ to }: ParsedMail): string => (to === undefined || Array.isArray(to) ? '' : to.text);

  it('reach everybody in their own language, with the default where there is none', async () => {
    await languages('de', 'de-AT', 'fr');
    const german = { subject: 'Wie war es?', preheader: 'Kurz', bodyHtml: `${BODY}<p>Hallo</p>`, bodyText: '' };
    const { mails } = await sent({ language: 'en', versions: { de: german } });
    expect(mails.map(({ subject }) => subject)).toEqual([
      'Wie war es?',
      'Wie war es?',
      'How was your first week, Person 3?',
    ]);
    expect(mails[0]?.html).toContain('lang="de"');
    expect(mails[0]?.html).toContain('Hallo');
  });

  it('can be read in each language on their page', async () => {
    const german = { subject: 'Wie war es?', preheader: '', bodyHtml: `${BODY}<p>Hallo</p>`, bodyText: '' };
    const { distribution } = await sent({ language: 'en', versions: { de: german } });
    const [surveyId, id] = [world.ids.show('SV', survey.id), world.ids.show('EMD', distribution.id)];
    const url = `/surveys/${surveyId}/distributions/emails/${id}/mail`;
    const { text } = await ada.agent.get(`${url}?version=de`).expect(200);
    expect(text).toContain('Wie war es?');
    expect(text).toContain('German');
    expect((await ada.agent.get(`${url}/html?version=de`).expect(200)).text).toContain('Hallo');
    expect((await ada.agent.get(`${url}?version=`).expect(200)).text).toContain('How was your first week');
    await ada.agent.get(`${url}?version=xx`).expect(200);
  });

  it('show the preheader beside the subject and nowhere else', async () => {
    const { mails } = await sent({ preheader: 'Two minutes for ${m://FirstName} & you' });
    expect(mails[0]?.html).toContain('Two minutes for Person 1 &amp; you</div>');
    expect(mails[0]?.text).not.toContain('Two minutes');
  });

  it('wear the brand’s frame where that is wished', async () => {
    const { mails } = await sent({ design: 'brand' });
    expect(mails[0]?.html).toMatch(/class="mail-button"[^>]*style="[^"]*background: #/);
    expect(mails[0]?.html).toContain('prefers-color-scheme: dark');
    expect(mails[0]?.text).toContain('Take the survey');
  });

  it.each([
    ['plain', {}, /5 Main St\$\{x\}<br>\s*Springfield &lt;X&gt;<\/p>\s*<\/body>/],
    ['in the brand’s frame', { design: 'brand' as const }, /Springfield &lt;X&gt;<\/p>\s*<\/div><\/div>/],
    [
      'as a whole document, with a text of its own',
      { bodyHtml: `<html><body>${BODY}</body></html>`, bodyText: 'Hi ${l://SurveyURL} ${l://OptOutURL}' },
      /Springfield &lt;X&gt;<\/p><\/body>/,
    ],
  ])('print the postal address under each mail (%s)', async (_how, changes, place) => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE brands SET postal_address = $1', ['Acme\r\n5 Main St${x}\nSpringfield <X>']),
    );
    const { mails } = await sent(changes);
    const [mail] = mails;
    expect(String(mail?.html).replaceAll('&#36;', '$')).toMatch(place);
    expect(mail?.text).toMatch(/Acme\n5 Main St\$\{x\}\nSpringfield <X>\s*$/);
  });

  it('do not print the postal address twice', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE brands SET postal_address = E'Acme\n5 Main St'`),
    );
    const { mails } = await sent({ bodyHtml: `${BODY}<p>ACME,<br>5 Main St</p>` });
    expect(String(mails[0]?.html).match(/5 Main St/g)).toHaveLength(1);
    expect(mails[0]?.text?.match(/5 Main St/g)).toHaveLength(1);
  });

  it('lose scripts before they leave', async () => {
    const { mails } = await sent({ bodyHtml: `${BODY}<script>alert(1)</script><p onclick="x()">Hi</p>` });
    expect(mails[0]?.html).not.toMatch(/script|onclick/);
  });

  it('carry the first question as buttons whose click records nothing, and whose post does', async () => {
    const { mails } = await sent({ bodyHtml: `${BODY}\${iq://first}` });
    const [, address] = /href="([^"]+Q_Answer=QID1%3A2)"/.exec(String(mails[0]?.html)) ?? [];
    const path = new URL(address!.replaceAll('&amp;', '&'));
    const { text } = await world.visitor().get(`${path.pathname}${path.search}`).expect(200);
    expect(text).toMatch(/name="QID1" value="2"[^>]* checked/);
    const count = (): Promise<{ n: number }> =>
      world.database.inBrand(ada.actor.brandId, (unit) => unit.one('SELECT count(*)::int AS n FROM sessions'));
    expect(await count()).toEqual({ n: 0 });
    const hidden = [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    await world
      .visitor()
      .post(`${path.pathname}${path.search}`)
      .type('form')
      .send({ ...Object.fromEntries(hidden), QID1: '2', go: 'next' })
      .expect(303);
    expect(await count()).toEqual({ n: 1 });
  });

  it('are refused with words where the first question does not fit', async () => {
    await expect(sent({ bodyHtml: `${BODY}\${iq://second}` })).rejects.toThrow('not known');
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE surveys SET published_version_id = NULL WHERE id = $1`, [survey.id]),
    );
    await expect(sent({ bodyHtml: `${BODY}\${iq://first}` })).rejects.toThrow('not published yet');
  });

  it.each([
    [
      'a survey link behind another address',
      { bodyHtml: BODY.replace('<p>${l://SurveyURL}', '<p><a href="http://${l://SurveyURL}">Go</a>') },
      'CVS01',
    ],
    ['an opt-out link in a text of its own', { bodyText: 'Go: ${l://SurveyURL}' }, 'CVS02'],
    [
      'a dead link in another language',
      {
        versions: {
          de: {
            subject: 'Hallo',
            preheader: '',
            bodyHtml: BODY.replace('${l://OptOutLink', '${ l://OptOutLink'),
            bodyText: '',
          },
        },
      },
      'CVS02',
    ],
    ['an unknown placeholder', { bodyHtml: `${BODY}\${m://Fristname}` }, 'CVS07'],
    ['a line end in the subject', { subject: 'One\r\nBcc: b@example.com' }, 'CVS21'],
    ['a line end in the From name', { fromName: 'A\nB' }, 'CVS21'],
    ['a subject of 10,000 characters', { subject: 'x'.repeat(10_000) }, 'CVS22'],
    ['a message of 2 MB', { bodyHtml: BODY + 'x'.repeat(2_000_000) }, 'CVS23'],
  ])('are refused whole for %s', async (_, changes, code) => {
    await expect(sent(changes)).rejects.toMatchObject({ code });
    const { n } = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one<{ n: number }>('SELECT count(*)::int AS n FROM messages'),
    );
    expect(n).toBe(0);
  });

  it('name the link that leads nowhere as it would have left', async () => {
    const bodyHtml = `${BODY}<a href="https://\${l://SurveyURL}">Go</a>`;
    const address = world.app.get(LinksService).previewAddress(survey.id);
    await expect(sent({ bodyHtml })).rejects.toThrow(`It would leave as “https://${address}”. Take it out`);
  });

  it('may hold the personal links that a list brings as data', async () => {
    const own = world.app.get(LinksService).addressOf('7');
    const members = [{ email: 'own@example.com', listEmbedded: { Link: own } }];
    const { listId: imported } = await anAudience(world, ada, members);
    const bodyHtml = '<a href="${e://Field/Link}">Go</a> ${l://OptOutLink?d=Stop}';
    const { mails } = await sent({ listId: imported, bodyHtml });
    expect(mails[0]?.html).toContain(`href="${own}"`);
    await expect(sent({ bodyHtml })).rejects.toMatchObject({ code: 'CVS01' });
  });

  it('count the first opening by their picture, once, and tell strangers nothing', async () => {
    const { distribution, mails } = await sent({ countsOpens: true });
    const [, url] = /<img src="([^"]+\/o\/\w+\.gif)" width="1"/.exec(String(mails[0]?.html)) ?? [];
    const path = new URL(url!).pathname;
    for (let turn = 0; turn < 3; turn += 1) {
      const { headers } = await world.visitor().get(path).expect(200);
      expect(headers['content-type']).toBe('image/gif');
    }
    await world.visitor().get('/o/1aaaaaaaaaaaaaaaaaaaaaa.gif').expect(200);
    await workOff(world);
    const opened = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql('SELECT 1 FROM messages WHERE distribution_id = $1 AND opened_at IS NOT NULL', [distribution.id]),
    );
    expect(opened).toHaveLength(1);
  });

  it.each([
    ['it was not wished', {}, false],
    ['the link is everybody’s', { countsOpens: true, linkType: 'Anonymous' as const }, false],
    ['answers are nobody’s', { countsOpens: true }, true],
  ])('have no picture where %s', async (_, changes, isAnonymous) => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(`UPDATE surveys SET options = options || $2 WHERE id = $1`, [survey.id, { anonymize: isAnonymous }]),
    );
    const { distribution, mails } = await sent(changes);
    expect(mails[0]?.html).not.toContain('/o/');
    const { linkId } = (await ledgerOf(world, distribution))[0]!;
    if (linkId !== null) {
      await world
        .visitor()
        .get(new URL(world.app.get(LinksService).openAddress(linkId)).pathname)
        .expect(200);
      const outbox = await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.sql('SELECT 1 FROM response_outbox'),
      );
      expect(outbox).toEqual([]);
    }
  });

  it('that name a message of the library are refused when it was deleted before they were sent', async () => {
    const library = world.app.get(LibraryService);
    const words = { en: { subject: '', preheader: '', body: BODY, text: '' } };
    const draft = { category: 'invite' as const, name: 'First week', isShared: false, language: 'en', words };
    const message = await library.create(ada.actor, draft);
    const later = new Date(world.clock.now().getTime() + 3_600_000);
    const distribution = await aDistribution(world, ada, survey, {
      listId,
      sendAt: later,
      libraryMessageId: message.id,
    });
    await library.remove(ada.actor, message.id);
    world.clock.set(new Date(later.getTime() + 1000));
    await workOff(world);
    expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'failed', errorCode: 'EQD13' });
    await world.app.get(SteeringService).remove(ada.actor, distribution.id);
  });
});
