import { Injectable } from '@nestjs/common';
import { Database, type Unit } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import { type Door, doorAt, type PauseChoice, type Stage } from '../door.js';
import type { SurveyDefinition } from '../../engine/definition.js';
import { KeptVersions } from '../kept_versions.js';
import { SurveyPictures } from '../pictures/survey_pictures.js';

/** What respondents' pages need to know of a survey besides its version. */
interface DoorSurvey {
  id: string;
  brandId: string;
  name: string;
  stage: Stage;
  pauseChoice: PauseChoice;
  timeZone: string;
  availableUntil: Date | null;
  options: Record<string, unknown>;
}

/** May somebody start now, with which version, and what to say if not. */
export interface SurveyDoor {
  survey: DoorSurvey;
  /** The version that new sessions get; undefined where nothing is published. */
  versionId: string | undefined;
  door: Door;
  /** When it opens, where the door is `early`. */
  opensAt?: Date;
  /** The owner's own words for latecomers of a paused survey, plain text; empty for the usual words. */
  message: string;
  /** What the message is written in: the survey's language, told where latecomers meet the message. */
  messageLanguage?: string;
}

interface DoorRow {
  name: string;
  stage: Stage;
  published_version_id: string | null;
  inactive_message: string;
  pause_choice: PauseChoice;
  available_from: Date | null;
  available_until: Date | null;
  time_zone: string;
  options: Record<string, unknown>;
}

/** What respondents meet: a survey's door and its published version. Both are asked for with every page. */
@Injectable()
export class PublishedSurveys {
  private readonly versions = new KeptVersions();

  constructor(
    private readonly database: Database,
    private readonly pictures: SurveyPictures,
  ) {}

  async doorOf(unit: Unit, brandId: string, surveyId: string, now: Date): Promise<SurveyDoor> {
    const [row] = await unit.prepared<DoorRow>(
      'survey-door',
      `SELECT name, stage, published_version_id, inactive_message, pause_choice, available_from, available_until,
              time_zone, options
       FROM surveys WHERE id = $1 AND deleted_at IS NULL`,
      [surveyId],
    );
    if (row === undefined) {
      throw new NotFound('This survey does not exist any more.');
    }
    const door = shown(brandId, surveyId, row, now);
    if (door.door !== 'paused' || door.message === '' || door.versionId === undefined) {
      return door;
    }
    const { language } = await this.definitionOfIn(unit, brandId, door.versionId);
    return { ...door, messageLanguage: language };
  }

  /** A published version as it is drawn. It never changes, so it is read once a process; treat it as read-only. */
  definitionOf(brandId: string, versionId: string): Promise<SurveyDefinition> {
    return this.versions.of(`${brandId} ${versionId}`, () =>
      this.database.inBrand(brandId, (unit) => this.read(unit, brandId, versionId)),
    );
  }

  /** As `definitionOf`, in a unit that is open. */
  definitionOfIn(unit: Unit, brandId: string, versionId: string): Promise<SurveyDefinition> {
    return this.versions.of(`${brandId} ${versionId}`, () => this.read(unit, brandId, versionId));
  }

  /** A draft as it is drawn. */
  shown(brandId: string, draft: SurveyDefinition): SurveyDefinition {
    return this.pictures.shown(brandId, draft);
  }

  /** Has a new draft's pictures fetched, before anybody sees it. */
  wantPictures(unit: Unit, brandId: string, draft: SurveyDefinition): Promise<void> {
    return this.pictures.want(unit, brandId, draft, true);
  }

  /** Which version this is, when and by whom it was published. */
  async publication(brandId: string, versionId: string): Promise<{ number: number; at: Date; by: string }> {
    return this.database.inBrand(brandId, (unit) =>
      unit.one(
        `SELECT v.number, v.published_at AS at,
                coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email, '') AS by
         FROM survey_versions v LEFT JOIN users u ON u.brand_id = v.brand_id AND u.id = v.published_by WHERE v.id = $1`,
        [versionId],
        'This version of the survey does not exist.',
      ),
    );
  }

  private async read(
    unit: Unit,
    brandId: string,
    versionId: string,
  ): Promise<{ definition: SurveyDefinition; bytes: number }> {
    const { definition, bytes } = await unit.one<{ definition: SurveyDefinition; bytes: number }>(
      'SELECT definition, octet_length(definition::text) AS bytes FROM survey_versions WHERE id = $1',
      [versionId],
      'This version of the survey does not exist.',
    );
    // Versions of earlier releases: their pictures were asked for by respondents' browsers.
    await this.pictures.want(unit, brandId, definition, false);
    return { definition: this.pictures.shown(brandId, definition), bytes };
  }
}

function shown(brandId: string, id: string, row: DoorRow, now: Date): SurveyDoor {
  const { available_from: availableFrom, available_until: availableUntil, published_version_id: versionId } = row;
  const door = doorAt({ stage: row.stage, isPublished: versionId !== null, availableFrom, availableUntil }, now);
  return {
    survey: {
      id,
      brandId,
      name: row.name,
      stage: row.stage,
      pauseChoice: row.pause_choice,
      timeZone: row.time_zone,
      availableUntil,
      options: row.options,
    },
    versionId: versionId ?? undefined,
    door,
    ...(door === 'early' && availableFrom !== null ? { opensAt: availableFrom } : {}),
    message: row.inactive_message,
  };
}
