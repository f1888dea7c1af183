import type { Day } from './days.js';

/** What respondents did. */
export interface Counts {
  opened: number;
  started: number;
  finished: number;
  partial: number;
  screenedOut: number;
  quotaFull: number;
}

/** One sending or one making of links, with the counts of its ledger. */
export interface DistributionFigures extends Counts {
  id: string;
  name: string;
  status: string;
  at: Date;
  audience: number;
}

export interface ChannelFigures extends Counts {
  channel: string;
  /** People who got a link of their own; undefined for open links, which nobody counted out. */
  audience: number | undefined;
  lastResponseAt: Date | undefined;
  /** One for each of the days. */
  days: Counts[];
  distributions: DistributionFigures[];
  /** How many distributions the channel has, shown or not. */
  distributionCount: number;
}

/** Everything the summary of a survey shows, of one instant. */
export interface Figures {
  /** When they were read. */
  at: Date;
  days: Day[];
  channels: ChannelFigures[];
  total: Counts;
  /** Of the channels that have one. */
  audience: number | undefined;
  /** Sessions that began in these channels, whose share of the audience is the response rate. */
  startedOfAudience: number;
  lastResponseAt: Date | undefined;
  /** Responses that the bot guard has marked, which no other figure counts. */
  marked: number;
}

export const NOTHING: Counts = { opened: 0, started: 0, finished: 0, partial: 0, screenedOut: 0, quotaFull: 0 };

export function plus(left: Counts, right: Counts): Counts {
  return {
    opened: left.opened + right.opened,
    started: left.started + right.started,
    finished: left.finished + right.finished,
    partial: left.partial + right.partial,
    screenedOut: left.screenedOut + right.screenedOut,
    quotaFull: left.quotaFull + right.quotaFull,
  };
}

/** A share, or undefined where there is nothing to take it of. */
export function rate(part: number, whole: number | undefined): number | undefined {
  return whole === undefined || whole === 0 ? undefined : part / whole;
}

/** Adds the channels up. */
export function totalled(days: Day[], channels: ChannelFigures[], marked = 0): Omit<Figures, 'at'> {
  const invited = channels.filter((channel) => channel.audience !== undefined);
  const sum = (of: (channel: ChannelFigures) => number, among = channels): number =>
    among.reduce((total, channel) => total + of(channel), 0);
  const lasts = channels.flatMap(({ lastResponseAt }) => lastResponseAt?.getTime() ?? []);
  return {
    days,
    channels,
    total: channels.reduce(plus, NOTHING),
    audience: invited.length === 0 ? undefined : sum((channel) => channel.audience ?? 0, invited),
    startedOfAudience: sum((channel) => channel.started, invited),
    lastResponseAt: lasts.length === 0 ? undefined : new Date(Math.max(...lasts)),
    marked,
  };
}

/** Whoever came to an end has finished. */
export function withoutOtherEnds<C extends Counts>(counts: C): C {
  const { finished, screenedOut, quotaFull } = counts;
  return { ...counts, finished: finished + screenedOut + quotaFull, screenedOut: 0, quotaFull: 0 };
}
