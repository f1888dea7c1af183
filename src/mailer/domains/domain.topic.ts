import type { LiveTopic } from '../../live/live_topics.service.js';
import type { DomainSetUpService } from './domain_set_up.service.js';

/** What the page of a domain follows: looks at its records begin by themselves as well. */
export function domainTopic(domains: DomainSetUpService): LiveTopic {
  return {
    kind: 'domain',
    permission: 'brand:admin',
    mustFind: async (actor, name) => (await domains.show(actor, name)).domain.id,
  };
}
