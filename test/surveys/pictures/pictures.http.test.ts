import { exampleDefinition, type SurveyDefinition } from '../../../src/engine/definition.js';
import { SurveysService } from '../../../src/surveys/surveys.service.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aSurvey } from '../builders.js';
import { dot, PictureServer } from './picture_server.js';

const INSIDE = `data:image/gif;base64,${dot(7).toString('base64')}`;

describe('pictures of surveys at other hosts', () => {
  let world: World;
  let host: PictureServer;
  let ada: Person;

  beforeAll(async () => {
    host = await PictureServer.start();
    world = await startWorld({ ALLOW_PRIVATE_HOSTS: '127.0.0.1' });
    ada = await world.aPerson(await world.aBrand('Acme'));
    host.put('/cat.gif', dot(1), { 'content-type': 'text/html' });
    host.put('/same-cat.gif', dot(1));
    host.put('/dog.gif?size=1&x=2', dot(2));
    host.put('/page.html', Buffer.from('<html>'));
    host.put('/drawing.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), {
      'content-type': 'image/svg+xml',
    });
    host.put('/huge.gif', Buffer.concat([dot(3), Buffer.alloc(6_000_000)]));
    host.lead('/moved.gif', '/cat.gif');
    host.lead('/away.gif', 'http://10.0.0.1/secret.gif');
    host.lead('/round.gif', '/round.gif');
  });
  afterAll(async () => {
    await world.close();
    await host.stop();
  });

  /** The first question shows one picture after another. */
  function showing(...pictures: string[]): SurveyDefinition {
    const definition = exampleDefinition();
    const shown = pictures.map((src, at) => `<img src="${src.replaceAll('&', '&amp;')}" alt="picture ${at}" />`);
    definition.questions['QID1']!.text = `Look: ${shown.join('')}`;
    return definition;
  }

  const drawn = async (id: string): Promise<string> =>
    (
      await world
        .visitor()
        .get(`/a/${world.ids.show('SV', id)}`)
        .expect(200)
    ).text;
  const pathsIn = (html: string): string[] => [...html.matchAll(/<img[^>]*src="([^"]*)"/g)].map((match) => match[1]!);
  const report = async (id: string): Promise<string> =>
    (await ada.agent.get(`/surveys/${world.ids.show('SV', id)}/report`).expect(200)).text.replaceAll('&quot;', '"');

  it('are fetched once and served from here, with the type that their bytes have', async () => {
    const definition = showing(
      `${host.address}/cat.gif`,
      `${host.address}/dog.gif?size=1&x=2`,
      `${host.address}/moved.gif`,
      INSIDE,
    );
    const survey = await aSurvey(world, ada, { definition });
    await world.jobs.settled();
    const page = await drawn(survey.id);
    expect(page).not.toContain('127.0.0.1');
    const paths = pathsIn(page);
    expect(paths).toHaveLength(4);
    for (const [at, tone] of [1, 2, 1, 7].entries()) {
      const served = await world.visitor().get(paths[at]!).expect(200);
      expect(served.headers).toMatchObject({
        'content-type': 'image/gif',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
      });
      expect(served.headers['cache-control']).toContain('max-age');
      expect(served.body).toEqual(dot(tone));
    }
    expect(await report(survey.id)).toContain(
      '3 pictures were fetched from other hosts and are served from here: 127.0.0.1',
    );
    const before = host.asked.length;
    await aSurvey(world, ada, { definition: showing(`${host.address}/cat.gif`) });
    await world.jobs.settled();
    expect(host.asked).toHaveLength(before);
  });

  it('are kept once for each content, and for each brand apart', async () => {
    const definition = showing(`${host.address}/cat.gif`, `${host.address}/same-cat.gif`);
    const eve = await world.aPerson(await world.aBrand('Globex'));
    const [own, other] = [await aSurvey(world, ada, { definition }), await aSurvey(world, eve, { definition })];
    await world.jobs.settled();
    const count = (brandId: string) =>
      world.database.inBrand(brandId, (unit) => unit.sql('SELECT sha FROM survey_picture_files'));
    expect(await count(eve.actor.brandId)).toHaveLength(1);
    const paths = [...pathsIn(await drawn(own.id)), ...pathsIn(await drawn(other.id))];
    expect(new Set(paths).size).toBe(4);
    await world.visitor().get(paths[2]!).expect(200);
    await world
      .visitor()
      .get(`${paths[2]!.slice(0, -1)}${paths[2]!.endsWith('A') ? 'B' : 'A'}`)
      .expect(404);
  });

  it('that can not be had are named with the reason, and no browser is sent there', async () => {
    const bad = ['/gone.gif', '/page.html', '/drawing.svg', '/huge.gif', '/away.gif', '/round.gif'];
    const definition = showing(...bad.map((path) => host.address + path), 'http://[::1]/a.gif');
    const survey = await aSurvey(world, ada, { definition });
    await world.jobs.settled();
    const page = await report(survey.id);
    for (const reason of [
      '/gone.gif" could not be fetched (its host answered 404)',
      '/page.html" could not be fetched (what is there is no PNG, JPEG, GIF or WebP picture)',
      '/drawing.svg" could not be fetched (what is there is no PNG',
      '/huge.gif" could not be fetched (it is larger than 5 MB',
      '/away.gif" could not be fetched (its host is inside this network',
      '/round.gif" could not be fetched (its host leads from one address to the next)',
      'http://[::1]/a.gif" could not be fetched (its host is inside this network',
    ]) {
      expect(page).toContain(reason);
    }
    const walked = await drawn(survey.id);
    expect(walked).toContain('alt="picture 0"');
    expect(pathsIn(walked).every((path) => path.startsWith('/survey-pictures/'))).toBe(true);
    await world.visitor().get(pathsIn(walked)[0]!).expect(404);
  });

  it('in published versions of earlier releases are fetched when somebody comes, and never asked for from there', async () => {
    const definition = showing(`${host.address}/dog.gif?size=1&x=2`, 'https://img.example/${e://Field/cat}.png');
    const survey = await aSurvey(world, ada, { definition });
    await world.jobs.settled();
    await world.database.inBrand(ada.actor.brandId, (unit) => unit.sql('DELETE FROM survey_pictures'));
    const { headers, text } = await world.visitor().get(`/a/${world.ids.show('SV', survey.id)}`);
    await world.jobs.settled();
    expect(text).not.toMatch(/src="(?:https?:)?\/\//);
    expect(text).toContain('<span>picture 1</span>');
    expect(headers['content-security-policy']).toContain("img-src 'self' data:;");
    await world.visitor().get(pathsIn(text)[0]!).expect(200);
  });

  it('that somebody writes into the words of a question are fetched, too', async () => {
    const survey = await aSurvey(world, ada, {});
    host.put('/written.gif', dot(9));
    await ada.agent
      .post(`/surveys/${world.ids.show('SV', survey.id)}/questions/QID1`)
      .type('form')
      .send({ text: `How? <img src="${host.address}/written.gif" alt="scale">` })
      .redirects(0)
      .expect(303);
    await world.app.get(SurveysService).publish(ada.actor, survey.id);
    await world.jobs.settled();
    const page = await drawn(survey.id);
    expect(page).not.toContain('127.0.0.1');
    expect((await world.visitor().get(pathsIn(page)[0]!).expect(200)).body).toEqual(dot(9));
  });
});
