import { readableHeading } from '../platform/web/html/mail_inserts.js';
import type { i18n } from 'i18next';
import type { Actor } from '../platform/auth/actor.js';
import { exactTime, type Moment, moment } from '../platform/web/moments.js';
import { type Chart, chart, colourOf, longDay, shortDay } from './chart.views.js';
import { type ChannelFigures, type Counts, type DistributionFigures, type Figures, rate } from './figures.js';

/** For whom and when the figures are drawn. */
export interface Looking {
  words: i18n;
  actor: Actor;
  now: Date;
  /** The list of all mails. */
  emailsUrl: string;
  /** Where a distribution by e-mail has its own page. */
  emailUrl: (id: string) => string;
}

interface Row {
  name: string;
  sub?: string;
  colour?: string;
  isPart?: boolean;
  audience: string;
  opened: string;
  started: string;
  finished: string;
  partial: string;
  screenedOut: string;
  quotaFull: string;
  responseRate: string;
  completionRate: string;
  last?: Moment | undefined;
  href?: string;
}

const NONE = '–';

/** The parts of the summary that change: tiles, table, pictures and the days as a table. */
export function figuresModel(figures: Figures, looking: Looking): object {
  const t = looking.words.t.bind(looking.words);
  const { started, finished } = figures.total;
  return {
    tiles: {
      tiles: tiles(figures, looking),
      marked:
        figures.marked === 0
          ? undefined
          : t('summaries.marked', { count: figures.marked, n: upTo1000(figures.marked) }),
      news: t('summaries.news', { started: number(started), finished: number(finished) }),
    },
    table: {
      has: {
        opened: figures.total.opened > 0,
        screenedOut: figures.total.screenedOut > 0,
        quotaFull: figures.total.quotaFull > 0,
      },
      rows: figures.channels.flatMap((channel) => channelRows(channel, looking)),
      total: totalRow(figures, looking),
    },
    pictures: pictures(figures, looking),
    days: daysTable(figures, looking),
  };
}

function tiles({ total, audience, startedOfAudience }: Figures, { words }: Looking): object[] {
  const tile = (name: string, value: string, note?: string): object => ({
    label: words.t(`summaries.tiles.${name}`),
    value,
    ...(note === undefined ? {} : { note }),
  });
  return [
    tile(
      'audience',
      audience === undefined ? words.t('summaries.none') : number(audience),
      words.t('summaries.tiles.audienceNote'),
    ),
    tile('started', number(total.started)),
    tile('finished', number(total.finished), endsNote(total, words)),
    tile('responseRate', percent(rate(startedOfAudience, audience)), words.t('summaries.tiles.responseRateNote')),
    tile('completionRate', percent(rate(total.finished, total.started)), words.t('summaries.tiles.completionRateNote')),
  ];
}

/** `and 3 partial, 2 screened out`, as far as there are any. */
function endsNote(total: Counts, words: i18n): string | undefined {
  const ends = (['partial', 'screenedOut', 'quotaFull'] as const).filter((name) => total[name] > 0);
  const told = ends.map((name) => words.t(`summaries.tiles.${name}`, { n: number(total[name]) })).join(', ');
  return told === '' ? undefined : words.t('summaries.tiles.and', { ends: told });
}

function channelRows(channel: ChannelFigures, looking: Looking): Row[] {
  const { words, actor, now, emailsUrl, emailUrl } = looking;
  const name = channelName(words, channel.channel);
  const last = channel.lastResponseAt;
  const hidden = channel.distributionCount - channel.distributions.length;
  const more = words.t('summaries.table.more', { count: hidden, n: number(hidden) });
  return [
    {
      ...cells(channel, channel.audience, words),
      name,
      colour: colourOf(channel.channel),
      last: last === undefined ? undefined : moment(last, actor.timeZone, now),
    },
    ...channel.distributions.map((distribution) => ({
      ...distributionRow(distribution, looking),
      ...(channel.channel === 'email' ? { href: emailUrl(distribution.id) } : {}),
    })),
    ...(hidden > 0 ? [{ ...cells(undefined, undefined, words), name: more, isPart: true, href: emailsUrl }] : []),
  ];
}

function distributionRow(distribution: DistributionFigures, { words, actor }: Looking): Row {
  return {
    ...cells(distribution, distribution.audience, words),
    name:
      distribution.name === ''
        ? words.t('summaries.table.unnamed')
        : readableHeading(distribution.name, (key) => words.t(`distributions.${key}`)),
    sub: exactTime(distribution.at, actor.timeZone),
    isPart: true,
  };
}

function totalRow(figures: Figures, { words, actor, now }: Looking): Row {
  const last = figures.lastResponseAt;
  return {
    ...cells(figures.total, figures.audience, words),
    name: words.t('summaries.table.total'),
    responseRate: percent(rate(figures.startedOfAudience, figures.audience)),
    last: last === undefined ? undefined : moment(last, actor.timeZone, now),
  };
}

function cells(counts: Counts | undefined, audience: number | undefined, words: i18n): Omit<Row, 'name'> {
  if (counts === undefined) {
    const nothing = { finished: '', partial: '', screenedOut: '', quotaFull: '', completionRate: '' };
    return { audience: '', opened: '', started: '', responseRate: '', ...nothing };
  }
  return {
    audience: audience === undefined ? words.t('summaries.none') : number(audience),
    opened: counts.opened > 0 ? number(counts.opened) : NONE,
    started: number(counts.started),
    finished: number(counts.finished),
    partial: number(counts.partial),
    screenedOut: number(counts.screenedOut),
    quotaFull: number(counts.quotaFull),
    responseRate: audience === undefined ? words.t('summaries.none') : percent(rate(counts.started, audience)),
    completionRate: percent(rate(counts.finished, counts.started)),
  };
}

function pictures({ days, channels }: Figures, { words }: Looking): object {
  const drawn = channels.map((channel): { name: string; note: string; label: string; chart: Chart } => {
    const name = channelName(words, channel.channel);
    const [started, finished] = [sum(channel.days, 'started'), sum(channel.days, 'finished')];
    const note = words.t('summaries.days.note', { started: number(started), finished: number(finished) });
    return {
      name,
      note,
      label: words.t('summaries.days.label', { name, note }),
      chart: chart(words, channel.channel, days, channel.days),
    };
  });
  return { title: finding(days, channels, words), charts: drawn };
}

/** What the picture shows, in one sentence. */
function finding(days: Figures['days'], channels: ChannelFigures[], words: i18n): string {
  const perDay = days.map((_, index) =>
    channels.reduce((total, { days: counts }) => total + counts[index]!.finished, 0),
  );
  const all = perDay.reduce((left, right) => left + right, 0);
  if (all === 0) {
    return words.t('summaries.days.quiet', { count: days.length });
  }
  const best = perDay.indexOf(Math.max(...perDay));
  const day =
    best === days.length - 1
      ? words.t('summaries.days.mostToday')
      : words.t('summaries.days.mostOn', { day: longDay(days[best]!) });
  return words.t('summaries.days.finding', { count: all, n: number(all), days: days.length, day });
}

function daysTable({ days, channels }: Figures, { words }: Looking): object {
  return {
    heads: channels.map(({ channel }) => ({ name: channelName(words, channel) })),
    days: days
      .map((day, index) => ({
        name: day.date.setLocale('en').toFormat('ccc d LLL'),
        cells: channels.flatMap(({ days: counts }) => [
          number(counts[index]!.started),
          number(counts[index]!.finished),
        ]),
      }))
      .reverse(),
    zone: words.t('summaries.days.zone', { zone: days[0]!.date.zoneName, from: shortDay(days[0]!) }),
  };
}

export function channelName(words: i18n, channel: string): string {
  const key = `summaries.channels.${channel}`;
  return words.exists(key) ? words.t(key) : channel;
}

function sum(counts: Counts[], what: 'started' | 'finished'): number {
  return counts.reduce((total, count) => total + count[what], 0);
}

function upTo1000(value: number): string {
  return value > 1000 ? '1,000+' : number(value);
}

function number(value: number): string {
  return new Intl.NumberFormat('en').format(value);
}

function percent(value: number | undefined): string {
  return value === undefined
    ? NONE
    : new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 }).format(value);
}
