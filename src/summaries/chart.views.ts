import type { i18n } from 'i18next';
import type { Day } from './days.js';
import type { Counts } from './figures.js';

const WIDTH = 340;
const HEIGHT = 132;
const LEFT = 34;
const RIGHT = 4;
const TOP = 8;
const BOTTOM = 20;
const FLOOR = HEIGHT - BOTTOM;
const BARS = FLOOR - TOP;

interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A channel's last days as a picture: geometry in attributes, colours by class, no script. */
export interface Chart {
  width: number;
  height: number;
  colour: string;
  ticks: { y: number; textY: number; label: string }[];
  left: number;
  right: number;
  labelX: number;
  slots: { tip: string; slot: Bar; started: Bar; finished: Bar }[];
  labels: { x: number; y: number; anchor: string; text: string }[];
}

/** One fixed colour per channel (public/tokens.css); methods of the web share the web's. */
const COLOURS: Record<string, string> = { email: 'is-email', social: 'is-social', sms: 'is-mobile', panel: 'is-panel' };

export function colourOf(channel: string): string {
  return COLOURS[channel] ?? 'is-web';
}

/** Draws started as the pale wide bar and finished as the full narrow one before it. */
export function chart(words: i18n, channel: string, days: Day[], counts: Counts[]): Chart {
  const top = ceiling(Math.max(0, ...counts.flatMap(({ started, finished }) => [started, finished])));
  const step = (WIDTH - LEFT - RIGHT) / days.length;
  const height = (count: number): number => round((count / top) * BARS);
  const bar = (index: number, count: number, share: number): Bar => ({
    x: round(LEFT + step * index + (step * (1 - share)) / 2),
    y: round(FLOOR - height(count)),
    width: round(step * share),
    height: height(count),
  });
  return {
    width: WIDTH,
    height: HEIGHT,
    left: LEFT,
    right: WIDTH - RIGHT,
    labelX: LEFT - 6,
    colour: colourOf(channel),
    ticks: (top > 1 ? [0, top / 2, top] : [0, top]).map((count) => ({
      y: round(FLOOR - height(count)),
      textY: round(FLOOR - height(count) + 4),
      label: new Intl.NumberFormat('en', { notation: 'compact' }).format(count),
    })),
    slots: days.map((day, index) => ({
      tip: words.t('summaries.days.tip', { day: longDay(day), ...shown(counts[index]!) }),
      slot: { x: round(LEFT + step * index), y: TOP, width: round(step), height: BARS },
      started: bar(index, counts[index]!.started, 0.72),
      finished: bar(index, counts[index]!.finished, 0.36),
    })),
    labels: labels(words, days, step),
  };
}

function labels(words: i18n, days: Day[], step: number): Chart['labels'] {
  const middle = Math.floor((days.length - 1) / 2);
  const at = (index: number, anchor: string, text: string): Chart['labels'][number] => ({
    x: round(LEFT + step * (index + (anchor === 'start' ? 0.1 : anchor === 'end' ? 0.9 : 0.5))),
    y: HEIGHT - 4,
    anchor,
    text,
  });
  return [
    at(0, 'start', shortDay(days[0]!)),
    at(middle, 'middle', shortDay(days[middle]!)),
    at(days.length - 1, 'end', words.t('summaries.days.today')),
  ];
}

/** The next even round number: the axis has a whole number in its middle. */
function ceiling(highest: number): number {
  if (highest <= 2) {
    return 2;
  }
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 4, 6, 8, 10].find((candidate) => candidate * power >= highest)! * power;
  return step % 2 === 0 ? step : step * 2;
}

export function shortDay({ date }: Day): string {
  return date.setLocale('en').toFormat('d LLL');
}

export function longDay({ date }: Day): string {
  return date.setLocale('en').toFormat('cccc, d LLLL');
}

export function shown({ started, finished }: Counts): { started: string; finished: string } {
  const format = new Intl.NumberFormat('en');
  return { started: format.format(started), finished: format.format(finished) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
