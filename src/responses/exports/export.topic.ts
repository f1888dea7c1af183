import type { Ids } from '../../platform/ids.js';
import type { LiveTopic } from '../../live/live_topics.service.js';
import type { ExportsService } from './exports.service.js';

/** What the page of responses follows while an export of its reader's is written. */
export function exportTopic(exports: ExportsService, ids: Ids): LiveTopic {
  return {
    kind: 'export',
    permission: 'responses:export',
    mustFind: async (actor, shown) => (await exports.mustFindOwn(actor, ids.read('ES', shown))).id,
  };
}
