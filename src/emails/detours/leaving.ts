import type { Request } from 'express';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, goneTo } from '../../platform/web/answers.js';
import { leaveWayBack, type WayBack } from '../../platform/web/session/way_back.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { type DistributionWords, titleOf } from '../../ledger/distribution_words.js';

const TITLE_SHOWN = 80;

/** Where somebody goes who gets something, and how they come back where that page does not know itself. */
export interface Detour {
  path: string;
  wayBack?: WayBack | undefined;
}

/** Leads to the form of that draft. */
export function wayBackTo(draft: Distribution, words: DistributionWords): WayBack {
  return {
    home: addresses.mails.page(...words.at(draft)),
    path: addresses.mails.edit(...words.at(draft)),
    text: words.say('detour.kept', { title: titleOf(draft, words.say).slice(0, TITLE_SHOWN) }),
    label: words.say('detour.back'),
  };
}

/** Leads there; on a page that knows nothing of mails the way back is in sight. */
export async function leaveFor(request: Request, { path, wayBack }: Detour): Promise<Answer> {
  if (wayBack !== undefined) {
    await leaveWayBack(request, wayBack);
  }
  return goneTo(path);
}
