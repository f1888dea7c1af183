import { Folding } from '../../src/summaries/folding.js';
import type { ChannelFigures, Figures } from '../../src/summaries/figures.js';
import { SummariesService } from '../../src/summaries/summaries.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDelta, aDistribution, aResponse } from './builders.js';

describe('the figures of a survey', () => {
  let world: World;
  let person: Person;
  let survey: Survey;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set(new Date('2026-10-27T11:30:00Z'));
    person = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, person);
  });
  afterAll(() => world.close());

  const figures = (timeZone = 'UTC'): Promise<Figures> =>
    world.app.get(SummariesService).figures({ ...person.actor, timeZone }, survey.id);
  const channel = async (name: string, timeZone?: string): Promise<ChannelFigures> =>
    (await figures(timeZone)).channels.find((one) => one.channel === name)!;

  it('are the same before and after folding', async () => {
    await aResponse(world, survey, { finished: true });
    await aResponse(world, survey, { finished: false, channel: 'email' });
    await aDistribution(world, survey, { states: { accepted: 4 } });
    const before = await figures();
    await world.app.get(Folding).fold(survey.brandId);
    expect(await figures()).toEqual(before);
    expect(before.total).toEqual({ opened: 0, started: 2, finished: 1, partial: 1, screenedOut: 0, quotaFull: 0 });
  });

  it('count everybody with a mail or a personal link as audience, and nobody else', async () => {
    await aDistribution(world, survey, { states: { accepted: 5, uncertain: 2, failed: 1, skipped: 3, cancelled: 1 } });
    await aDistribution(world, survey, { channel: 'gl', name: 'Panel A', states: { planned: 7, skipped: 2 } });
    await aDelta(world, survey, { channel: 'anonymous', started: 9 });
    const all = await figures();
    expect(all.channels.map(({ channel: name, audience }) => [name, audience])).toEqual([
      ['email', 7],
      ['gl', 7],
      ['anonymous', undefined],
    ]);
    expect(all.audience).toBe(14);
    expect(all.channels[1]!.distributions).toMatchObject([{ name: 'Panel A', audience: 7, started: 0 }]);
  });

  it('take the response rate of the channels that have an audience', async () => {
    await aDistribution(world, survey, { states: { accepted: 10 } });
    await aDelta(world, survey, { channel: 'email', started: 4, finished: 2 });
    await aDelta(world, survey, { channel: 'anonymous', started: 100 });
    expect(await figures()).toMatchObject({ audience: 10, startedOfAudience: 4, total: { started: 104 } });
  });

  it('leave out previews and drafts', async () => {
    await aDelta(world, survey, { channel: 'preview', started: 5 });
    const id = await aDistribution(world, survey, {});
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.run(`UPDATE distributions SET status = 'draft' WHERE id = $1`, [id]),
    );
    expect((await figures()).channels).toEqual([]);
  });

  it('put an hour on the day it has where the person is, across the change of clocks', async () => {
    await aDelta(world, survey, { hour: new Date('2026-10-24T21:00:00Z'), started: 1 });
    await aDelta(world, survey, { hour: new Date('2026-10-24T22:00:00Z'), started: 2 });
    await aDelta(world, survey, { hour: new Date('2026-10-25T22:00:00Z'), started: 4 });
    await aDelta(world, survey, { hour: new Date('2026-10-25T23:00:00Z'), started: 8 });
    const berlin = (await channel('anonymous', 'Europe/Berlin')).days.map(({ started }) => started);
    expect(berlin.slice(-4)).toEqual([1, 6, 8, 0]); // Saturday, the Sunday of 25 hours, Monday, today
    const utc = (await channel('anonymous', 'UTC')).days.map(({ started }) => started);
    expect(utc.slice(-4)).toEqual([3, 12, 0, 0]);
  });

  it('count what is older than the picture in the totals only', async () => {
    await aDelta(world, survey, { hour: new Date('2026-10-01T10:00:00Z'), started: 3, finished: 2 });
    const all = await channel('anonymous');
    expect(all).toMatchObject({ started: 3, finished: 2 });
    expect(all.days.every(({ started }) => started === 0)).toBe(true);
  });

  it('know the last response of each channel', async () => {
    await aResponse(world, survey, { at: new Date('2026-10-27T09:00:00Z') });
    await aResponse(world, survey, { at: new Date('2026-10-27T10:15:30Z') });
    await aResponse(world, survey, { at: new Date('2026-10-27T10:20:00Z'), status: 1 });
    await aDelta(world, survey, { channel: 'email', started: 1 });
    expect((await channel('anonymous')).lastResponseAt).toEqual(new Date('2026-10-27T10:15:30Z'));
    expect((await channel('email')).lastResponseAt).toBeUndefined();
    expect((await figures()).lastResponseAt).toEqual(new Date('2026-10-27T10:15:30Z'));
  });

  it('show the ten newest distributions of a channel and say how many there are', async () => {
    for (let turn = 1; turn <= 12; turn += 1) {
      await aDistribution(world, survey, { name: `Wave ${turn}`, states: { accepted: turn } });
    }
    const email = await channel('email');
    expect(email.distributions.map(({ name }) => name).slice(0, 2)).toEqual(['Wave 12', 'Wave 11']);
    expect(email).toMatchObject({ audience: 78, distributionCount: 12 });
    expect(email.distributions).toHaveLength(10);
  });

  it('keep a deleted distribution in the audience', async () => {
    const id = await aDistribution(world, survey, { states: { accepted: 3 } });
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.run(`UPDATE distributions SET deleted_at = '2026-11-24T09:00Z' WHERE id = $1`, [id]),
    );
    expect(await channel('email')).toMatchObject({ audience: 3, distributions: [] });
  });
});
