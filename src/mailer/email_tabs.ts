import { addresses } from '../platform/web/addresses.js';
import type { Say } from '../platform/web/words.js';

/** The pages of the e-mail settings in their order; a new one is a line here and its words under `email`. */
const TABS = {
  domains: addresses.mailer.domains(),
  relays: addresses.mailer.relays(),
  deliverability: addresses.deliverability.page(),
  suppressions: addresses.deliverability.suppressions(),
  returned: addresses.deliverability.returned(),
  warmUps: addresses.deliverability.warmUps(),
} as const;

/** The navigation that all pages of the e-mail settings share, for `shared/_tabs`. */
export function emailTabs(say: Say, current: keyof typeof TABS): object {
  const items = Object.entries(TABS).map(([name, href]) => ({
    href,
    text: say(`email.${name}`),
    isCurrent: name === current,
  }));
  return { label: say('email.parts'), items };
}
