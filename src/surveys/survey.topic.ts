import type { Ids } from '../platform/ids.js';
import type { LiveTopic } from '../live/live_topics.service.js';
import type { SurveysService } from './surveys.service.js';

/** What the pages of a survey's Distributions tab follow: its responses, and whatever its distributions do. */
export function surveyTopic(surveys: SurveysService, ids: Ids): LiveTopic {
  return {
    kind: 'survey',
    permission: 'distributions:access',
    mustFind: async (actor, shown) => {
      const { survey } = await surveys.mustFind(actor, ids.read('SV', shown), 'distributions:access');
      return survey.id;
    },
  };
}
