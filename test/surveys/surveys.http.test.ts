import { readFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import { exampleDefinition } from '../../src/engine/definition.js';
import { SurveysService } from '../../src/surveys/surveys.service.js';
import { type Person, startWorld, type World } from '../world.js';
import { aSurvey, shareWith } from './builders.js';
import { smallFile } from '../qsf/files.js';

const HOSTILE = `<b>“Pulse”</b> & 'co'\r\n‮evil 😀`;

describe('the pages of surveys', () => {
  let world: World;
  let surveys: SurveysService;
  let ada: Person;
  let grace: Person;
  let eve: Person;
  const path = (id: string, below = '') => `/surveys/${world.ids.show('SV', id)}${below}`;
  const find = async (id: string) => (await surveys.mustFindWithDraft(ada.actor, id)).survey;

  beforeAll(async () => {
    world = await startWorld();
    surveys = world.app.get(SurveysService);
    const acme = await world.aBrand('Acme');
    ada = await world.aPerson(acme);
    grace = await world.aPerson(acme, { firstName: 'Grace', lastName: 'Hopper' });
    eve = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator', firstName: 'Eve' });
  });
  afterAll(() => world.close());

  it('teach somebody who has no survey yet what to do', async () => {
    const page = await grace.agent.get('/surveys').expect(200);
    expect(page.text).toContain('Your surveys will be here');
    expect(page.text.match(/href="\/surveys\/new"/g)).toHaveLength(1);
    const viewer = await world.aPerson(await world.aBrand('Initech'), { type: 'viewer' });
    expect((await viewer.agent.get('/surveys')).text).not.toContain('/surveys/new');
    await viewer.agent.get('/surveys/new').expect(403);
  });

  it('list surveys by pages that go on where the last one ended', async () => {
    const lister = await world.aPerson(await world.aBrand('Hooli'));
    for (let number = 1; number <= 53; number += 1) {
      await aSurvey(world, lister, { name: `Wave ${number}`, stage: 'new' });
    }
    const first = (await lister.agent.get('/surveys')).text;
    const more = /href="(\/surveys\?after[^"]+)"/.exec(first)?.[1]?.replace('&#x3D;', '=');
    expect(first).toContain('Wave 53<');
    expect(first).not.toContain('Wave 3<');
    const second = (await lister.agent.get(more!)).text;
    expect(second.match(/Wave \d+</g)).toEqual(['Wave 3<', 'Wave 2<', 'Wave 1<']);
    expect((await lister.agent.get('/surveys?search=wave%2053')).text).toContain('1 survey<');
    expect((await lister.agent.get('/surveys?search=nothing')).text).toContain('No survey is called “nothing”');
  });

  it('show a hostile name as text, everywhere', async () => {
    const { id } = await aSurvey(world, ada, { name: HOSTILE });
    for (const address of ['/surveys', path(id), path(id, '/pause'), path(id, '/sharing'), path(id, '/about')]) {
      const { text } = await ada.agent.get(address).expect(200);
      expect(text).toContain('&lt;b&gt;“Pulse”&lt;/b&gt; &amp; &#x27;co&#x27; ‮evil 😀');
      expect(text).not.toContain('<b>“Pulse”');
    }
  });

  describe('importing', () => {
    const file = readFileSync('test/data/qsf/logic.qsf');
    const upload = (content: Buffer, name = 'logic.qsf') =>
      ada.agent.post('/surveys/new').attach('file', content, name).redirects(0);

    it('shows the report first and saves nothing before it is told to', async () => {
      const before = (await surveys.list(ada.actor, { size: 100 })).length;
      const { headers } = await upload(file, 'Grüße.qsf').expect(303);
      const page = await ada.agent.get(headers['location']!).expect(200);
      expect(page.text).toContain('Read from Grüße.qsf. Nothing is saved yet.');
      expect(await surveys.list(ada.actor, { size: 100 })).toHaveLength(before);
      const saved = await ada.agent.post(headers['location']!).type('form').send({ name: 'Imported' }).redirects(0);
      expect(saved.status).toBe(303);
      const outline = await ada.agent.get(saved.headers['location']!).expect(200);
      expect(outline.text).toContain('The survey was imported.');
      expect((await ada.agent.get(`${saved.headers['location']}/report`)).text).toContain('Import report');
      await ada.agent.get(headers['location']!).expect(404);
    });

    it('asks again for a name, and keeps the file until then', async () => {
      const { headers } = await upload(file);
      const again = await ada.agent.post(headers['location']!).type('form').send({ name: ' ' });
      expect(again.status).toBe(422);
      expect(again.text).toContain('Give the survey a name.');
      await grace.agent.post(`${headers['location']}/discard`).expect(404);
      await ada.agent.post(`${headers['location']}/discard`).redirects(0).expect(303);
      await ada.agent.get(headers['location']!).expect(404);
    });

    it('keeps an upload to the person who made it, for a day', async () => {
      const { headers } = await upload(file);
      await grace.agent.get(headers['location']!).expect(404);
      await ada.agent.get(headers['location']!).expect(200);
      await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.sql(`UPDATE survey_uploads SET expires_at = expires_at - interval '25 hours'`),
      );
      await ada.agent.get(headers['location']!).expect(404);
    });

    it('reads a file that an editor saved in another encoding, and says what may be wrong then', async () => {
      const plain = smallFile({
        questions: { QID1: { QuestionType: 'DB', Selector: 'TB', QuestionText: 'Grüße, Zoë?' } },
      });
      const read = async (content: Buffer): Promise<string> =>
        (await ada.agent.get((await upload(content)).headers['location']!)).text;
      expect(await read(Buffer.from(plain))).not.toContain('The file is not in UTF-8');
      expect(await read(iconv.encode(plain, 'utf-16le', { addBOM: true }))).not.toContain('The file is not in UTF-8');
      expect(await read(Buffer.from(plain, 'latin1'))).toContain('It was read as Windows-1252 (Latin-1)');
      const at = Buffer.from(plain).indexOf('Zo');
      const torn = Buffer.concat([
        Buffer.from(plain).subarray(0, at),
        Buffer.of(0xe9),
        Buffer.from(plain).subarray(at),
      ]);
      expect(await read(torn)).toContain('A byte of the file cannot be read as UTF-8 and became �.');
    });

    it('says in words what is wrong with a file', async () => {
      for (const [content, words] of [
        ['', 'This file is empty'],
        ['{"SurveyEntry": ', 'it holds no JSON'],
        ['[1, 2]', 'It is not a survey file'],
        ['{"SurveyEntry": {}, "SurveyElements": 7}', 'It is not a survey file'],
      ] as const) {
        const refused = await upload(Buffer.from(content), 'broken.qsf');
        expect({ status: refused.status, said: refused.text.includes(words) }).toEqual({ status: 422, said: true });
      }
      const without = await ada.agent.post('/surveys/new').field('name', 'x');
      expect(without.status).toBe(422);
      expect(without.text).toContain('Choose a survey file');
    });

    it('refuses 21 MB without keeping them', async () => {
      const refused = await upload(Buffer.alloc(21 * 1024 * 1024, 32), 'large.qsf');
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('A survey file may have 20 MB');
    });
  });

  describe('the outline', () => {
    it('shows questions, and edits their words in place', async () => {
      const { id } = await aSurvey(world, ada);
      const page = await ada.agent.get(path(id)).expect(200);
      expect(page.text).toContain('How was your first week?');
      expect(page.text).toContain('Version 1, the same as this outline.');
      expect(page.text).toContain(`/preview/${world.ids.token('preview', id)}`);
      const part = await ada.agent.get(path(id, '/questions/QID1/edit')).set('HX-Request-Type', 'partial');
      expect(part.text).toMatch(/^<li class="outline__q outline__q--edit" id="question_QID1">/);
      const saved = await ada.agent
        .post(path(id, '/questions/QID1'))
        .set('HX-Request-Type', 'partial')
        .type('form')
        .send({ text: 'How was <b>it</b>?<script>x</script>', 'choice.1': 'Great', _csrf: 'x', evil: 'y' });
      expect(saved.text).toContain('How was <b>it</b>?');
      expect(saved.text).toContain('This outline has changes that they don’t see yet.');
      const survey = await find(id);
      expect(survey.draft.questions['QID1']).toMatchObject({
        text: 'How was <b>it</b>?',
        choices: [{ text: 'Great' }, {}, {}],
      });
      expect(survey).toMatchObject({ draftNumber: 2, publishedDraftNumber: 1 });
      expect(await surveys.definitionOf(ada.actor.brandId, survey.publishedVersionId!)).toEqual(exampleDefinition());
    });

    it('edits without scripts on a page of its own', async () => {
      const { id } = await aSurvey(world, ada);
      expect((await ada.agent.get(path(id, '/questions/QID1/edit'))).text).toContain('<html');
      const empty = await ada.agent.post(path(id, '/questions/QID1')).type('form').send({ text: ' ' });
      expect(empty.status).toBe(422);
      expect(empty.text).toContain('Respondents need words here.');
      const saved = await ada.agent.post(path(id, '/questions/QID1')).type('form').send({ text: 'New' }).redirects(0);
      expect(saved.headers['location']).toBe(`${path(id)}#question_QID1`);
      await ada.agent.get(path(id, '/questions/QID99/edit')).expect(404);
      await ada.agent.get(path(id, '/questions/__proto__/edit')).expect(404);
    });

    it('changes the name, the title and the description', async () => {
      const { id } = await aSurvey(world, ada);
      const words = { name: 'Renamed', title: 'Your <week>', description: 'Two minutes.' };
      await ada.agent.post(path(id, '/about')).type('form').send(words).redirects(0).expect(303);
      const survey = await find(id);
      expect(survey.name).toBe('Renamed');
      expect(survey.draft).toMatchObject({ title: 'Your <week>', description: 'Two minutes.' });
      const refused = await ada.agent
        .post(path(id, '/about'))
        .type('form')
        .send({ ...words, name: '', title: '' });
      expect(refused.status).toBe(422);
      expect((await find(id)).name).toBe('Renamed');
    });
  });

  describe('the stages', () => {
    it('publish with a list of what changes', async () => {
      const { id } = await aSurvey(world, ada);
      await ada.agent.get(path(id, '/publish')).expect(409);
      await ada.agent.post(path(id, '/questions/QID1')).type('form').send({ text: 'How was it?' });
      const page = await ada.agent.get(path(id, '/publish')).expect(200);
      expect(page.text).toContain('Q1: “How was it?” instead of “How was your first week?”.');
      await ada.agent.post(path(id, '/publish')).redirects(0).expect(303);
      expect((await ada.agent.get(path(id))).text).toContain('Version 2 is published.');
      expect((await find(id)).hasUnpublishedChanges).toBe(false);
    });

    it('activate, pause with a message, and resume; each is written down', async () => {
      const { id } = await aSurvey(world, ada, { stage: 'new' });
      await ada.agent.post(path(id, '/activate')).redirects(0).expect(303);
      await ada.agent.post(path(id, '/activate')).expect(409);
      expect((await ada.agent.get(path(id, '/pause'))).text).toContain('Nobody is in the middle of it.');
      const pause = (body: object) => ada.agent.post(path(id, '/pause')).type('form').send(body).redirects(0);
      expect((await pause({ people: 'finish', late: 'own', message: ' ' })).status).toBe(422);
      expect((await pause({ people: 'everybody' })).status).toBe(422);
      expect((await find(id)).stage).toBe('active');
      await pause({ people: 'record', late: 'own', message: 'Back on <Monday>.' }).expect(303);
      expect(await find(id)).toMatchObject({
        stage: 'paused',
        pauseChoice: 'record',
        inactiveMessage: 'Back on <Monday>.',
      });
      await ada.agent.get(path(id, '/pause')).expect(409);
      await ada.agent.post(path(id, '/resume')).redirects(0).expect(303);
      const actions = await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.sql<{ action: string }>('SELECT action FROM audit_entries WHERE subject = $1 ORDER BY id', [
          `survey ${id}`,
        ]),
      );
      expect(actions.map(({ action }) => action)).toEqual([
        'survey.publish',
        'survey.activate',
        'survey.pause',
        'survey.resume',
      ]);
    });

    it('limit when people may start, in the zone of the survey', async () => {
      world.clock.set(new Date('2027-05-01T08:00:00Z'));
      const may = await world.aPerson(await world.aBrand('May'));
      const { id, brandId } = await aSurvey(world, may);
      await world.database.inBrand(brandId, (unit) =>
        unit.sql(`UPDATE surveys SET time_zone = 'Europe/Berlin' WHERE id = $1`, [id]),
      );
      const limit = (from: string, until: string) =>
        may.agent.post(path(id, '/availability')).type('form').send({ from, until }).redirects(0);
      expect((await limit('2027-05-03T09:00', '2027-05-03T08:00')).text).toContain('Pick an end after the start.');
      expect((await limit('soon', '')).status).toBe(422);
      await limit('2027-05-03T09:00', '').expect(303);
      expect((await surveys.mustFindWithDraft(may.actor, id)).survey.availableFrom).toEqual(
        new Date('2027-05-03T07:00:00Z'),
      );
      const page = await may.agent.get(path(id, '/availability')).expect(200);
      expect(page.text).toContain('value="2027-05-03T09:00"');
      expect((await may.agent.get(path(id))).text).toContain('Opens later');
      world.clock.set();
      await grace.agent.get(path(id, '/availability')).expect(404);
    });

    it('copy into a survey of its own', async () => {
      const { id } = await aSurvey(world, ada, { name: 'First wave' });
      const { headers } = await ada.agent.post(path(id, '/copy')).redirects(0).expect(303);
      const page = await ada.agent.get(headers['location']!);
      expect(page.text).toContain('Copy of First wave');
      expect(page.text).toContain('Nothing is published yet.');
    });

    it('delete after a confirmation that names the survey', async () => {
      const { id } = await aSurvey(world, ada, { name: 'Old wave' });
      expect((await ada.agent.get(path(id))).text).toContain('Delete “Old wave”?');
      await ada.agent.post(path(id, '/remove')).redirects(0).expect(303);
      expect((await ada.agent.get('/surveys')).text).toContain('“Old wave” was deleted.');
      await ada.agent.get(path(id)).expect(404);
    });
  });

  describe('sharing', () => {
    it('hides a survey from everybody without a share and from other brands', async () => {
      const { id } = await aSurvey(world, ada);
      for (const { agent } of [grace, eve]) {
        await agent.get(path(id)).expect(404);
        await agent.get(path(id, '/sharing')).expect(404);
        await agent.post(path(id, '/pause')).type('form').send({ people: 'finish' }).expect(404);
        await agent.post(path(id, '/remove')).expect(404);
        await agent.post(path(id, '/questions/QID1')).type('form').send({ text: 'x' }).expect(404);
      }
      await ada.agent.get('/surveys/SV_000000000000000').expect(404);
      await ada.agent.get(`/surveys/${id}`).expect(404);
    });

    it('gives what is ticked, and names the owner for the rest', async () => {
      const { id } = await aSurvey(world, ada);
      await shareWith(world, ada, id, grace, 'canEdit');
      const page = await grace.agent.get(path(id)).expect(200);
      expect(page.text).not.toContain(path(id, '/distributions'));
      expect(page.text).not.toContain(path(id, '/pause'));
      await grace.agent.post(path(id, '/questions/QID1')).type('form').send({ text: 'x' }).redirects(0).expect(303);
      const refused = await grace.agent.post(path(id, '/pause')).type('form').send({ people: 'finish' });
      expect(refused.status).toBe(403);
      expect(refused.text).toContain('Ask Ada Lovelace, who owns the survey');
      expect((await grace.agent.get(path(id, '/sharing'))).status).toBe(403);
      await grace.agent.post(path(id, '/remove')).expect(403);
      await shareWith(world, ada, id, grace, 'canDistribute', 'canActivate');
      const now = await grace.agent.get(path(id));
      expect(now.text).toContain(path(id, '/distributions'));
      await grace.agent.post(path(id, '/pause')).type('form').send({ people: 'finish' }).redirects(0).expect(303);
      await grace.agent.post(path(id, '/questions/QID1')).type('form').send({ text: 'y' }).expect(403);
    });

    it('is done by the owner, person by person, and written down', async () => {
      const { id } = await aSurvey(world, ada);
      const person = world.ids.show('UR', grace.actor.userId);
      const share = (body: object) => ada.agent.post(path(id, '/sharing')).type('form').send(body).redirects(0);
      expect((await share({ person: '' })).text).toContain('Choose a person of this brand.');
      expect((await share({ person: world.ids.show('UR', eve.actor.userId) })).status).toBe(422);
      expect((await share({ person: world.ids.show('UR', ada.actor.userId) })).status).toBe(422);
      await share({ person, canDistribute: 'on' }).expect(303);
      expect((await ada.agent.get(path(id, '/sharing'))).text).toContain('Shared with Grace Hopper.');
      await ada.agent
        .post(path(id, `/sharing/${person}`))
        .type('form')
        .send({ canEdit: 'on' })
        .redirects(0)
        .expect(303);
      await ada.agent
        .post(path(id, `/sharing/${person}/remove`))
        .redirects(0)
        .expect(303);
      await grace.agent.get(path(id)).expect(404);
      const entries = await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.sql<{ action: string; after: { canEdit: boolean } | null }>(
          'SELECT action, after FROM audit_entries WHERE subject = $1 ORDER BY id',
          [`survey ${id} user ${grace.actor.userId}`],
        ),
      );
      expect(entries.map(({ action, after }) => [action, after?.canEdit])).toEqual([
        ['survey.share', false],
        ['survey.share', true],
        ['survey.unshare', undefined],
      ]);
    });

    it('lets administrators of the brand in', async () => {
      const { id } = await aSurvey(world, ada);
      const brand = { id: ada.actor.brandId } as Parameters<World['aPerson']>[0];
      const admin = await world.aPerson(brand, { type: 'administrator', firstName: 'Barbara' });
      expect((await admin.agent.get('/surveys')).text).not.toContain(path(id));
      expect((await admin.agent.get('/surveys?scope=brand')).text).toContain(path(id));
      await admin.agent.post(path(id, '/pause')).type('form').send({ people: 'finish' }).redirects(0).expect(303);
    });
  });
});
