import { Injectable } from '@nestjs/common';
import { BrandsService } from '../../brands/brands.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { Ids } from '../../platform/ids.js';
import { apiSurveyDefinition } from './api_definition.js';
import { apiDefinition } from './api_survey.js';
import { doorAt } from '../door.js';
import type { Survey } from '../survey.entity.js';
import { type ListedSurvey, SurveysService } from '../surveys.service.js';

/** Surveys in the shapes that clients of the v3 API know. */
@Injectable()
export class ApiSurveys {
  constructor(
    private readonly surveys: SurveysService,
    private readonly brands: BrandsService,
    private readonly database: Database,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  listed(survey: ListedSurvey): object {
    return {
      id: this.ids.show('SV', survey.id),
      name: survey.name,
      ownerId: this.ids.show('UR', survey.ownerId),
      lastModified: apiTime(survey.modifiedAt),
      creationDate: apiTime(survey.createdAt),
      isActive: doorAt(survey, this.clock.now()) === 'open',
    };
  }

  async one(actor: Actor, id: string): Promise<object> {
    const { survey } = await this.surveys.mustFindWithDraft(actor, id);
    return {
      id: this.ids.show('SV', id),
      name: survey.name,
      ownerId: this.ids.show('UR', survey.ownerId),
      organizationId: (await this.brands.of(actor.brandId)).slug,
      isActive: survey.doorAt(this.clock.now()) === 'open',
      creationDate: apiTime(survey.createdAt),
      lastModifiedDate: apiTime(survey.modifiedAt),
      expiration: { startDate: apiTime(survey.availableFrom), endDate: apiTime(survey.availableUntil) },
      ...apiDefinition(survey.draft),
      responseCounts: { auditable: await this.responsesOf(survey), generated: 0, deleted: 0 },
    };
  }

  async definition(actor: Actor, id: string): Promise<object> {
    const { survey } = await this.surveys.mustFindWithDraft(actor, id);
    const { SurveyOwnerID, SurveyBrandID, CreatorID, ...metadata } = await this.metadataOf(actor, survey);
    const defined = apiSurveyDefinition(survey.draft);
    return {
      ...defined,
      SurveyID: metadata['SurveyID'],
      SurveyName: survey.name,
      SurveyStatus: metadata['SurveyStatus'],
      OwnerID: SurveyOwnerID,
      BrandID: SurveyBrandID,
      CreatorID,
      LastModified: metadata['LastModified'],
      LastAccessed: null,
      LastActivated: metadata['LastActivated'],
      ProjectInfo: metadata,
    };
  }

  async metadata(actor: Actor, id: string): Promise<object> {
    const { survey } = await this.surveys.mustFindWithDraft(actor, id);
    return this.metadataOf(actor, survey);
  }

  private async metadataOf(actor: Actor, survey: Survey): Promise<Record<string, unknown>> {
    return {
      SurveyID: this.ids.show('SV', survey.id),
      SurveyName: survey.name,
      SurveyDescription: survey.draft.description ?? null,
      SurveyOwnerID: this.ids.show('UR', survey.ownerId),
      SurveyBrandID: (await this.brands.of(actor.brandId)).slug,
      DivisionID: null,
      SurveyLanguage: survey.draft.language.toUpperCase(),
      SurveyActiveResponseSet: null,
      SurveyStatus: statusOf(survey, this.clock.now()),
      SurveyStartDate: spacedTime(survey.availableFrom),
      SurveyExpirationDate: spacedTime(survey.availableUntil),
      SurveyCreationDate: apiTime(survey.createdAt),
      CreatorID: this.ids.show('UR', survey.ownerId),
      LastModified: apiTime(survey.modifiedAt),
      LastAccessed: null,
      LastActivated: apiTime(survey.activatedAt),
      Deleted: null,
    };
  }

  /** Recorded responses, from the roll-ups and what is not folded yet; previews do not count. */
  private async responsesOf({ brandId, id }: Survey): Promise<number> {
    const { n } = await this.database.inBrand(brandId, (unit) =>
      unit.one<{ n: number }>(
        `SELECT coalesce(sum(finished + partial + screened_out + quota_full), 0)::int AS n FROM (
           SELECT channel, finished, partial, screened_out, quota_full FROM summary_totals WHERE survey_id = $1
           UNION ALL SELECT channel, finished, partial, screened_out, quota_full FROM summary_deltas WHERE survey_id = $1) counts
         WHERE channel <> 'preview'`,
        [id],
      ),
    );
    return n;
  }
}

/** `2026-11-23T12:00:00Z`: some clients refuse milliseconds. */
function apiTime(date: Date): string;
function apiTime(date: Date | null): string | null;
function apiTime(date: Date | null): string | null {
  return date === null ? null : date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** `2026-11-23 12:00:00`, as the metadata of a definition writes its window. */
function spacedTime(date: Date | null): string | null {
  return apiTime(date)?.replace('T', ' ').replace('Z', '') ?? null;
}

function statusOf(survey: Survey, now: Date): string {
  const door = survey.doorAt(now);
  return door === 'open' ? 'Active' : door === 'early' ? 'Pending' : 'Inactive';
}
