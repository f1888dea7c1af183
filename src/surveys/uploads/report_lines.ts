import type { Say } from '../../platform/web/words.js';
import type { SurveyDefinition } from '../../engine/definition.js';
import type { ReportEntry, ReportGroup } from '../../qsf/report.js';

/** One line of the page: what happened, and everywhere where it did. */
interface ReportLine {
  isWarning: boolean;
  /** The only place, or how many there are. */
  where: string;
  what: string;
  remedy: string | undefined;
  /** The places where there are several, or the first of them. */
  places?: string;
  /** All of them, where these are more than a glance takes in. */
  allPlaces?: string;
  /** Each place with its own words where they differ from place to place. */
  details?: { where: string; what: string }[];
}

/** An entry with the name of its place as the outline shows it. */
interface NamedEntry extends ReportEntry {
  isQuestion: boolean;
}

/** Lines of one group, with how many there are. */
interface ReportSection {
  title: string;
  help: string;
  warnings: string | undefined;
  notes: string | undefined;
  lines: ReportLine[];
}

const GROUPS: (ReportGroup | 'earlier')[] = ['respondents', 'data', 'look', 'earlier'];
/** More names than this are folded up. */
const GLANCE = 12;
/** So many lines that differ only in names become one; fewer are read faster as they are. */
const ALIKE = 3;
/** Longer texts, in characters, are folded up; what stands before their list stays. */
const LONG = 240;

/** A report as its page shows it: by what it changes, warnings first, what happened in many places told once. */
export function reportModel(
  entries: readonly ReportEntry[],
  definition: SurveyDefinition,
  say: Say,
): { groups: ReportSection[]; isEmpty: boolean } {
  const named = entries.map((entry) => ({
    ...entry,
    where: placeName(entry.where, definition),
    isQuestion: /^QID[^ ]+$/.test(entry.where),
  }));
  const groups = GROUPS.flatMap((group) => {
    const own = named.filter((entry) => (entry.group ?? 'earlier') === group);
    return own.length === 0 ? [] : [groupModel(group, own, say)];
  });
  return { groups, isEmpty: groups.length === 0 };
}

export function warningsIn(entries: readonly ReportEntry[]): number {
  return entries.filter(({ severity }) => severity === 'warning').length;
}

/** Questions are named by the export tag that the outline shows. */
function placeName(where: string, { questions }: SurveyDefinition): string {
  return where.replace(/^QID[A-Za-z0-9_.-]+/, (id) => questions[id]?.exportTag ?? id);
}

function groupModel(group: string, entries: readonly NamedEntry[], say: Say): ReportSection {
  const warnings = warningsIn(entries);
  const notes = entries.length - warnings;
  return {
    title: say(`import.group_${group}`),
    help: say(`import.help_${group}`),
    warnings: warnings === 0 ? undefined : say('import.warningCount', { count: warnings }),
    notes: notes === 0 ? undefined : say('import.noteCount', { count: notes }),
    lines: [...linesOf(entries, 'warning', say), ...linesOf(entries, 'info', say)],
  };
}

function linesOf(entries: readonly NamedEntry[], severity: ReportEntry['severity'], say: Say): ReportLine[] {
  const kinds = new Map<string, NamedEntry[]>();
  for (const entry of entries.filter((one) => one.severity === severity)) {
    const kind = `${outlineOf(entry.what)}\n${outlineOf(entry.remedy ?? '')}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), entry]);
  }
  return [...kinds.values()].flatMap((alike) => {
    const texts = new Set(alike.map(({ what }) => what));
    if (texts.size === 1 && alike[0]!.what.length <= LONG) return [sameLine(alike, say)];
    if (alike.some(({ what }) => what.length > LONG)) return [alikeLine(alike, say)];
    return alike.length < ALIKE ? alike.map((one) => sameLine([one], say)) : [alikeLine(alike, say)];
  });
}

/** A text without the names and numbers in it: what is left is the same for all lines of a kind. */
function outlineOf(text: string): string {
  return text
    .replaceAll(/"[^"]*"/g, '“…”')
    .replaceAll(/\d+/g, '…')
    .replace(/: .*$/s, ': …');
}

function sameLine(entries: readonly NamedEntry[], say: Say): ReportLine {
  const { severity, what, remedy } = entries[0]!;
  const line = { isWarning: severity === 'warning', what, remedy };
  if (entries.length === 1) return { ...line, where: entries[0]!.where };
  const places = entries.map((entry) => entry.where);
  const where = countOf(entries, say);
  if (places.length <= GLANCE) return { ...line, where, places: places.join(', ') };
  return { ...line, where, places: `${places.slice(0, GLANCE).join(', ')} …`, allPlaces: places.join(', ') };
}

function alikeLine(entries: readonly NamedEntry[], say: Say): ReportLine {
  const { severity, what, remedy } = entries[0]!;
  const remedies = new Set(entries.map((entry) => entry.remedy));
  return {
    isWarning: severity === 'warning',
    where: entries.length === 1 ? entries[0]!.where : countOf(entries, say),
    what: outlineOf(what),
    remedy: remedies.size === 1 ? remedy : undefined,
    details: entries.map((entry) => ({ where: entry.where, what: entry.what })),
  };
}

function countOf(entries: readonly NamedEntry[], say: Say): string {
  const isQuestions = entries.every(({ isQuestion }) => isQuestion);
  return say(isQuestions ? 'import.questionCount' : 'import.placeCount', { count: entries.length });
}
