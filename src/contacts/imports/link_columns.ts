import type { ColumnTarget, Proposal } from './column_mapping.js';

/** What marks a file of personal links or a history: its own columns say which link somebody has and what came of it. */
const MARKS = ['Link', 'LinkExpiration', 'Status'] as const;

/** Columns about one survey. Two surveys tell different things of the same person, so they are the list's and not the person's. */
const OF_ONE_SURVEY = [
  ...MARKS,
  'StatusReason',
  'PlannedDate',
  'SentDate',
  'OpenedDate',
  'StartedDate',
  'FinishedDate',
  'BounceType',
  'ServerReply',
  'Attempts',
  'ResponseID',
];

/** Whether this is a file of links that came from here. */
export function holdsLinks(columns: readonly string[]): boolean {
  return MARKS.every((mark) => columns.includes(mark));
}

/**
 * Puts links and their states into the list's own embedded data.
 * @param suffix for the names, where people of the list have links of another file already: ` 2`
 */
export function withLinksOfList({ targets, warnings }: Proposal, columns: readonly string[], suffix: string): Proposal {
  const moved = targets.map((target, column): ColumnTarget => {
    const title = columns[column] ?? '';
    return target.to === 'embedded' && OF_ONE_SURVEY.includes(title)
      ? { to: 'listEmbedded', name: `${title}${suffix}` }
      : target;
  });
  const words =
    suffix === ''
      ? 'This file holds links of one survey. They and their states are kept as data of this list, so that those of another survey on another list stay as they are.'
      : `People of this list have links of another file already. Those of this one are kept beside them, as “Link${suffix}” and so on.`;
  return { targets: moved, warnings: [...warnings, words] };
}
