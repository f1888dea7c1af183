import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { FoundDistributions } from '../../src/ledger/found_distributions.service.js';
import { sampleOf, writtenSample } from '../../src/audiences/sample.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, BODY, ledgerOf, words, workOff } from '../distributions/builders.js';

describe('samples of a list', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, 40));
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const drawn = async (sample: { kind: 'number' | 'percent'; size: number; seed: number }, subject: string) => {
    const one = await aDistribution(world, ada, survey, { listId, sample, subject });
    await workOff(world);
    return (await ledgerOf(world, one)).map(({ address }) => address);
  };

  it('draws so many people, the same ones for the same seed and others for another', async () => {
    const first = await drawn({ kind: 'number', size: 7, seed: 1 }, 'One');
    expect(new Set(first).size).toBe(7);
    expect(await drawn({ kind: 'number', size: 7, seed: 1 }, 'Two')).toEqual(first);
    expect(await drawn({ kind: 'number', size: 7, seed: 2 }, 'Three')).not.toEqual(first);
    expect(await drawn({ kind: 'number', size: 100, seed: 2 }, 'All')).toHaveLength(40);
  });

  it('draws a part of a hundred, rounded up', async () => {
    expect(await drawn({ kind: 'percent', size: 10, seed: 3 }, 'Ten')).toHaveLength(4);
    expect(await drawn({ kind: 'percent', size: 1, seed: 3 }, 'A hundredth')).toHaveLength(1);
  });

  it('counts before sending exactly whom it will draw, and leaves nothing of the draw behind', async () => {
    const distributions = world.app.get(DistributionsService);
    const sample = { kind: 'number', size: 5, seed: 9 } as const;
    const draft = await distributions.compose(ada.actor, survey.id, words({ listId, sample, subject: 'Five' }));
    await distributions.send(ada.actor, draft.id);
    await workOff(world);
    expect(await ledgerOf(world, draft)).toHaveLength(5);
    const [{ n } = { n: -1 }] = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ n: number }>('SELECT count(*)::int AS n FROM distribution_audiences'),
    );
    expect(n).toBe(0);
  });

  it('is asked for in the form of a mail, with embedded data that travel with every link', async () => {
    const path = `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
    const wish = {
      list: world.ids.show('CG', listId),
      sampleKind: 'percent',
      sampleSize: '10',
      embedded: 'Wave = spring',
      fromEmail: 'people@acme.example',
      subject: 'A tenth',
      body: BODY,
      linkDays: '30',
    };
    const kept = await ada.agent.post(path).type('form').send(wish);
    expect(kept.status).toBe(303);
    const id = world.ids.read('EMD', kept.headers['location']!.split('/').at(-2)!);
    const { distribution } = await world.app.get(FoundDistributions).mustFind(ada.actor, id);
    expect(distribution).toMatchObject({
      audience: { sample: { kind: 'percent', size: 10 } },
      embedded: { Wave: 'spring' },
    });
    const form = await ada.agent.get(kept.headers['location']!);
    expect(form.text).toContain('Wave &#x3D; spring');
    const wrong = await ada.agent
      .post(path)
      .type('form')
      .send({ ...wish, sampleSize: '0', embedded: 'no pair' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Line 1 has no');
    expect(wrong.text).toContain('so many of a hundred');
  });

  it('takes whole numbers only, and not more than a hundred of a hundred', () => {
    const size = (sampleKind: 'number' | 'percent', sampleSize: string) => sampleOf({ sampleKind, sampleSize }, null);
    for (const wrong of ['', '0', '-1', '1.5', 'all']) {
      expect(size('number', wrong)).toBeUndefined();
    }
    expect(size('percent', '101')).toBeUndefined();
    expect(sampleOf({ sampleKind: 'all', sampleSize: 'x' }, null)).toBeNull();
    const kept = size('number', '12');
    expect(writtenSample(kept ?? null)).toEqual({ sampleKind: 'number', sampleSize: '12' });
  });
});
