import { wireAddress } from '../platform/email_address.js';

/** Whether distributions reach somebody by mail, and what keeps them from it: the strongest reason first. */
export type Standing = 'optedOutBrand' | 'optedOutList' | 'suppressed' | 'noAddress' | 'invalidAddress' | 'fine';

interface Known {
  email: string;
  optedOutAt: Date | null;
  /** Why nothing goes to the address, if so. */
  suppression: string | undefined;
}

/** @param listOptedOutAt since when the person wants nothing for one list; null where no list is asked about */
export function standingOf({ email, optedOutAt, suppression }: Known, listOptedOutAt: Date | null): Standing {
  if (optedOutAt !== null || listOptedOutAt !== null) {
    return listOptedOutAt === null ? 'optedOutBrand' : 'optedOutList';
  }
  if (email === '') {
    return 'noAddress';
  }
  if (wireAddress(email) === undefined) {
    return 'invalidAddress';
  }
  return suppression === undefined ? 'fine' : 'suppressed';
}

/** How a standing looks. */
export const STANDING_PILLS: Readonly<Record<Standing, { tone: string; icon?: string }>> = {
  fine: { tone: 'done' },
  optedOutBrand: { tone: 'idle', icon: 'ban' },
  optedOutList: { tone: 'idle', icon: 'ban' },
  suppressed: { tone: 'fail', icon: 'ban' },
  noAddress: { tone: 'hold' },
  invalidAddress: { tone: 'fail' },
};
