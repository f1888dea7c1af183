import type { Unit } from '../../platform/db/database.js';
import type { Ids } from '../../platform/ids.js';
import type { LiveTopic } from '../../live/live_topics.service.js';
import type { SurveysService } from '../../surveys/surveys.service.js';
import type { FoundDistributions } from '../found_distributions.service.js';

/** What the page of one distribution follows. */
export function distributionTopic(found: FoundDistributions, ids: Ids): LiveTopic {
  return {
    kind: 'distribution',
    permission: 'distributions:access',
    mustFind: async (actor, shown) => {
      const { distribution } = await found.mustFind(actor, ids.read('EMD', shown));
      return distribution.id;
    },
  };
}

/** What lists of a survey's distributions follow: without the responses, of which there may be many a second. */
export function distributionsTopic(surveys: SurveysService, ids: Ids): LiveTopic {
  return {
    kind: 'distributions',
    permission: 'distributions:access',
    mustFind: async (actor, shown) => {
      const { survey } = await surveys.mustFind(actor, ids.read('SV', shown), 'distributions:access');
      return survey.id;
    },
  };
}

/** Open pages of the distribution, of its survey's distributions and of the summary hear of it. */
export function tellOf(unit: Unit, { id, surveyId }: { id: string; surveyId: string }): void {
  unit.changed(`distribution:${id}`);
  tellOfSurvey(unit, surveyId);
}

/** As `tellOf`, where the distributions are told of by themselves. */
export function tellOfSurvey(unit: Unit, surveyId: string): void {
  unit.changed(`distributions:${surveyId}`);
  unit.changed(`survey:${surveyId}`);
}
