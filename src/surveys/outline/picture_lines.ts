import type { Say } from '../../platform/web/words.js';
import { isInside } from '../pictures/picture_places.js';
import { isWaiting, type PictureState } from '../pictures/survey_pictures.js';
import type { ReportEntry } from '../../qsf/report.js';

/** What became of the pictures at other hosts, as lines of the import report. */
export function pictureLines(states: readonly PictureState[], say: Say): ReportEntry[] {
  const kept = states.filter(({ state, address }) => state === 'kept' && !isInside(address));
  const waiting = states.filter(isWaiting);
  const lost = states.filter((picture) => picture.state !== 'kept' && !isWaiting(picture));
  return [
    ...counted(kept, 'import.picture.kept', say),
    ...counted(waiting, 'import.picture.waiting', say),
    ...lost.map((picture) => lostLine(picture, say)),
  ];
}

function counted(states: readonly PictureState[], key: string, say: Say): ReportEntry[] {
  if (states.length === 0) return [];
  const hosts = [...new Set(states.map(({ address }) => hostOf(address)))].sort().join(', ');
  return [
    {
      severity: 'info',
      group: 'look',
      where: say('import.picture.where'),
      what: say(key, { count: states.length, hosts }),
    },
  ];
}

function lostLine({ where, address, state, why }: PictureState, say: Say): ReportEntry {
  const status = /^status (\d+)$/.exec(why)?.[1];
  const reason =
    state === 'beyond'
      ? say('import.picture.why_beyond')
      : say(`import.picture.why_${status === undefined ? why : 'status'}`, { status });
  const shown = isInside(address) ? say('import.picture.inside') : address.slice(0, 300);
  const key = state === 'wanted' ? 'later' : 'lost';
  return {
    severity: 'warning',
    group: 'respondents',
    where,
    what: say(`import.picture.${key}`, { address: shown, reason }),
    remedy: say(`import.picture.${key}Remedy`),
  };
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '';
}
