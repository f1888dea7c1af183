import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { CHANNELS, isChannel } from '../links/channels.js';
import { Clock } from '../platform/clock.js';
import { Database, type Unit } from '../platform/db/database.js';
import { DisclosuresService } from '../responses/disclosures.service.js';
import { SurveysService } from '../surveys/surveys.service.js';
import { type Day, lastDays } from './days.js';
import {
  type ChannelFigures,
  type Counts,
  type DistributionFigures,
  type Figures,
  NOTHING,
  plus,
  totalled,
  withoutOtherEnds,
} from './figures.js';
import { ANSWERS, AUDIENCES, HAS_BEGUN, LAST_RESPONSES, MARKED, NEWEST_DISTRIBUTIONS } from './figures.sql.js';

const DAYS = 14;
const DISTRIBUTIONS_SHOWN = 10;

interface AnswersRow extends Counts {
  channel: string;
  slot: number;
}

interface DistributionRow extends DistributionFigures {
  channel: string;
  total: number;
}

interface Read {
  answers: AnswersRow[];
  audiences: Map<string, number>;
  distributions: DistributionRow[];
  lastResponses: Map<string, Date>;
}

/** What came back, by channel and day, exact at the moment of asking. */
@Injectable()
export class SummariesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly surveys: SurveysService,
    private readonly disclosures: DisclosuresService,
  ) {}

  /** Whether the survey was distributed or answered at all. */
  async hasBegun(actor: Actor, surveyId: string): Promise<boolean> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      await this.surveys.mustFindIn(unit, actor, surveyId, 'distributions:access');
      const row = await unit.one<{ begun: boolean }>(HAS_BEGUN, [actor.brandId, surveyId]);
      return row.begun;
    });
  }

  /** The figures of a survey, in the days of the person who asks. */
  async figures(actor: Actor, surveyId: string): Promise<Figures> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { disclosure } = await this.disclosures.mustFindIn(unit, actor, surveyId, 'distributions:access');
      const at = this.clock.now();
      const days = lastDays(at, actor.timeZone, DAYS);
      const read = await this.read(unit, [actor.brandId, surveyId], days);
      const { marked } = await unit.one<{ marked: number }>(MARKED, [actor.brandId, surveyId]);
      // A sending may be to one person: whoever may not see who answered what is told of one end alone.
      const distributions = disclosure.showsPeople ? read.distributions : read.distributions.map(withoutOtherEnds);
      return { ...totalled(days, channelsOf({ ...read, distributions }, days), marked), at };
    });
  }

  private async read(unit: Unit, survey: [string, string], days: Day[]): Promise<Read> {
    const answers = await unit.prepared<AnswersRow>('summary-answers', ANSWERS, [
      ...survey,
      days.map(({ begins }) => begins.toISOString()),
    ]);
    const audiences = await unit.prepared<{ channel: string; audience: number }>(
      'summary-audiences',
      AUDIENCES,
      survey,
    );
    const distributions = await unit.prepared<DistributionRow>('summary-distributions', NEWEST_DISTRIBUTIONS, [
      ...survey,
      DISTRIBUTIONS_SHOWN,
    ]);
    const channels = [...new Set(answers.map(({ channel }) => channel))];
    const last = await unit.prepared<{ channel: string; at: Date }>('summary-last', LAST_RESPONSES, [
      ...survey,
      channels,
    ]);
    return {
      answers,
      audiences: new Map(audiences.map(({ channel, audience }) => [channel, audience])),
      distributions,
      lastResponses: new Map(last.map(({ channel, at }) => [channel, at])),
    };
  }
}

function channelsOf(read: Read, days: Day[]): ChannelFigures[] {
  const names = new Set([...read.audiences.keys(), ...read.answers.map(({ channel }) => channel)]);
  return [...names].sort(byPlace).map((channel) => {
    const rows = read.answers.filter((row) => row.channel === channel);
    const distributions = read.distributions.filter((row) => row.channel === channel);
    return {
      channel,
      ...rows.filter(({ slot }) => slot === 0).reduce(plus, NOTHING),
      audience: read.audiences.get(channel),
      lastResponseAt: read.lastResponses.get(channel),
      days: days.map((_, index) => rows.filter(({ slot }) => slot === index + 1).reduce(plus, NOTHING)),
      distributions,
      distributionCount: distributions[0]?.total ?? 0,
    };
  });
}

/** In the order of the list; channels that an older version knew follow by name. */
function byPlace(left: string, right: string): number {
  const place = (channel: string): number => (isChannel(channel) ? CHANNELS.indexOf(channel) : CHANNELS.length);
  return place(left) - place(right) || left.localeCompare(right);
}
