import type { UserStatus } from '../accounts/user.entity.js';
import type { Say } from '../platform/web/words.js';

const TONES: Record<UserStatus, string> = { active: 'done', invited: 'run', disabled: 'idle' };
const ICONS: Partial<Record<UserStatus, string>> = { invited: 'mail', disabled: 'ban' };

/** A person's status as `shared/_pill` shows it. */
export function statusPill(status: UserStatus, say: Say): { tone: string; text: string; icon?: string } {
  const icon = ICONS[status];
  return { tone: TONES[status], text: say(`people.status.${status}`), ...(icon === undefined ? {} : { icon }) };
}
