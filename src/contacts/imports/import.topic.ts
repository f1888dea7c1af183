import type { Ids } from '../../platform/ids.js';
import type { LiveTopic } from '../../live/live_topics.service.js';
import type { ContactImportsService } from './contact_imports.service.js';

/** What the page of an import follows while it is under way. */
export function importTopic(imports: ContactImportsService, ids: Ids): LiveTopic {
  return {
    kind: 'import',
    permission: 'contacts:view',
    mustFind: async (actor, shown) => (await imports.mustFind(actor, ids.read('IM', shown))).id,
  };
}
