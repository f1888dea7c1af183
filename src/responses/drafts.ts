import { Injectable } from '@nestjs/common';
import type { Unit } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { SurveysService } from '../surveys/surveys.service.js';
import { parseDefinition, type SurveyDefinition } from '../engine/definition.js';

/** Previews are tried by few at once; a draft may be megabytes. */
const KEPT_DRAFTS = 20;

/** Drafts as previews walk them: read again as soon as the draft was changed. */
@Injectable()
export class Drafts {
  private readonly drafts = new Map<string, { number: number; definition: SurveyDefinition }>();

  constructor(private readonly surveys: SurveysService) {}

  async of(unit: Unit, surveyId: string): Promise<SurveyDefinition> {
    const [row] = await unit.prepared<{ draft_number: number }>(
      'draft-number',
      'SELECT draft_number FROM surveys WHERE id = $1 AND deleted_at IS NULL',
      [surveyId],
    );
    if (row === undefined) {
      throw new NotFound('This survey does not exist any more.');
    }
    const known = this.drafts.get(surveyId);
    return known?.number === row.draft_number ? known.definition : this.read(unit, surveyId);
  }

  private async read(unit: Unit, surveyId: string): Promise<SurveyDefinition> {
    const row = await unit.one<{ draft: unknown; draft_number: number; brand_id: string }>(
      'SELECT draft, draft_number, brand_id FROM surveys WHERE id = $1',
      [surveyId],
    );
    const definition = this.surveys.shownDefinition(row.brand_id, parseDefinition(row.draft));
    if (this.drafts.size >= KEPT_DRAFTS) {
      this.drafts.clear();
    }
    this.drafts.set(surveyId, { number: row.draft_number, definition });
    return definition;
  }
}
