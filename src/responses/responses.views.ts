import { addresses } from '../platform/web/addresses.js';
import { isChannel } from '../links/channels.js';
import { exactTime, moment } from '../platform/web/moments.js';
import type { Say } from '../platform/web/words.js';
import type { Column } from './exports/export_table.js';
import type { StoredExport } from './exports/exports.service.js';
import type { ResponseRow } from './exports/response_rows.js';

/** For whom and when a page is drawn. */
export interface Seen {
  say: Say;
  timeZone: string;
  now: Date;
  withPeople: boolean;
}

const MARKS: Record<number, string> = { 2: 'test', 4: 'imported', 8: 'spam', 16: 'offline' };

/** One line of the list. */
export function responseLine(row: ResponseRow, shown: { id: string; url: string }, seen: Seen): object {
  return {
    ...shown,
    when: moment(row.recordedAt, seen.timeZone, seen.now),
    who: seen.withPeople ? nameOf(row) : '',
    pill: pillOf(row, seen.say),
    mark: MARKS[row.status] === undefined ? undefined : seen.say(`marks.${MARKS[row.status]!}`),
    progress: row.progress,
    channel: channelName(row.channel, seen.say),
    duration: durationWords(row.durationSeconds),
  };
}

/** Everything about one response: the facts, and each answer as the respondent read it. */
export function responseDetails(row: ResponseRow, columns: readonly Column[], seen: Seen): object {
  const answers = columns
    .filter(({ questionId }) => questionId !== undefined)
    .map((column) => ({ tag: column.tag, text: column.text, answer: column.label(row) }))
    .filter(({ answer }) => answer !== '');
  const embedded = Object.entries(row.embedded).map(([name, value]) => ({ name, value }));
  const { say, timeZone } = seen;
  return {
    pill: pillOf(row, say),
    facts: [
      { name: say('facts.recorded'), value: exactTime(row.recordedAt, timeZone) },
      { name: say('facts.started'), value: exactTime(row.startedAt, timeZone) },
      { name: say('facts.duration'), value: durationWords(row.durationSeconds) },
      { name: say('facts.progress'), value: `${row.progress} %` },
      { name: say('facts.channel'), value: channelName(row.channel, say) },
      { name: say('facts.language'), value: languageName(row.language) },
      { name: say('facts.device'), value: row.device === '' ? '' : say(`devices.${row.device}`) },
      ...(seen.withPeople ? peopleFacts(row, say) : []),
    ].filter(({ value }) => value !== ''),
    answers,
    embedded,
  };
}

/** The part that shows an export being written, and then its file. @param place ids of survey and export, as shown */
export function exportPart(stored: StoredExport, place: [survey: string, one: string], say: Say): object {
  const { status, rowsDone, rowsTotal } = stored;
  const [, id] = place;
  const progressUrl = addresses.responses.export(...place);
  if (status === 'complete') {
    return { id, progressUrl, isDone: true, file: addresses.responses.exportFile(...place), rows: rowsDone };
  }
  if (status === 'failed') {
    return { id, progressUrl, error: stored.error };
  }
  const format = new Intl.NumberFormat('en');
  const count = say('export.count', { done: format.format(rowsDone), total: format.format(rowsTotal) });
  return {
    id,
    progressUrl,
    liveUrl: addresses.live.export(id),
    progress: { label: say('export.writing'), count, value: rowsDone, max: Math.max(rowsTotal, 1) },
  };
}

export function durationWords(seconds: number | null): string {
  if (seconds === null) {
    return '';
  }
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours >= 48) {
    return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  }
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

function pillOf({ finished, ending }: ResponseRow, say: Say): object {
  if (ending === 'screenedOut' || ending === 'quotaMet') {
    return { tone: 'idle', text: say(ending) };
  }
  return finished ? { tone: 'done', text: say('finished') } : { tone: 'run', text: say('partial') };
}

function channelName(channel: string, say: Say): string {
  return isChannel(channel) ? say(`channels.${channel}`) : channel;
}

/** In the console's own language. */
function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code;
  } catch {
    return code; // a code that only the survey's author knows
  }
}

function nameOf({ person }: ResponseRow): string {
  return `${person.firstName ?? ''} ${person.lastName ?? ''}`.trim() || (person.email ?? '');
}

function peopleFacts({ person }: ResponseRow, say: Say): { name: string; value: string }[] {
  return [
    { name: say('facts.name'), value: `${person.firstName ?? ''} ${person.lastName ?? ''}`.trim() },
    { name: say('facts.email'), value: person.email ?? '' },
    { name: say('facts.reference'), value: person.extRef ?? '' },
    { name: say('facts.address'), value: person.ip ?? '' },
  ];
}
