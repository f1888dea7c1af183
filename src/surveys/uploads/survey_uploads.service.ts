import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { mustBeAllowed } from '../../brands/access.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Invalid, NotFound } from '../../platform/errors.js';
import { task } from '../../platform/tasks/task.js';
import { TaskPool } from '../../platform/tasks/task_pool.js';
import type { SurveyDefinition } from '../../engine/definition.js';
import { SurveyPictures } from '../pictures/survey_pictures.js';
import type { readSurveyBody } from './read-survey-body.task.js';
import type { readSurveyFile, ReadSurveyFile } from './read-survey-file.task.js';
import type { ReportEntry } from '../../qsf/report.js';
import type { Survey } from '../survey.entity.js';
import { type ReadSurvey, SurveysService } from '../surveys.service.js';

/** The largest survey file that is taken. */
export const MAX_SURVEY_BYTES = 20 * 1024 * 1024;

const READ = task<typeof readSurveyFile>(new URL('./read-survey-file.task.js', import.meta.url), 'readSurveyFile', {
  what: 'This file',
  field: 'file',
  seconds: 60,
});

const READ_BODY = task<typeof readSurveyBody>(
  new URL('./read-survey-body.task.js', import.meta.url),
  'readSurveyBody',
  { what: 'This body', seconds: 60 },
);

/** A file as the upload gives it. */
export interface SurveyFile {
  name: string;
  content: Buffer;
}

/** What was read from a file and is not a survey yet. */
export interface Upload {
  id: string;
  fileName: string;
  name: string;
  definition: SurveyDefinition;
  options: Record<string, unknown>;
  report: ReportEntry[];
}

const COLUMNS = 'id, file_name AS "fileName", name, definition, options, report';
/** As text: megabytes of which nothing needs to be made only to be stored elsewhere. */
const READ_COLUMNS = 'definition::text, options::text, report::text';

const LIFE_MS = 24 * 3_600_000;
const GONE = 'This import was saved, discarded, or is older than a day. Choose the file again.';

/** Survey files: read, shown with a report, and saved only when the person says so. */
@Injectable()
export class SurveyUploadsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly surveys: SurveysService,
    private readonly pictures: SurveyPictures,
    private readonly tasks: TaskPool,
  ) {}

  /** Reads a file and keeps what it found for a day. @throws {Invalid} for what is no survey file */
  async read(actor: Actor, file: SurveyFile): Promise<string> {
    mustBeAllowed(actor, 'surveys:create');
    const { name, definition, options, report, pictures } = await this.reading(actor, file);
    const id = randomUUID();
    const now = this.clock.now();
    await this.database.inBrand(actor.brandId, async (unit) => {
      await unit.sql('DELETE FROM survey_uploads WHERE expires_at < $1', [now]);
      await unit.sql(
        `INSERT INTO survey_uploads (brand_id, id, owner_id, file_name, name, definition, options, report, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          actor.brandId,
          id,
          actor.userId,
          shortName(file.name),
          shortName(name),
          definition,
          options,
          report,
          now,
          new Date(now.getTime() + LIFE_MS),
        ],
      );
      await this.pictures.wantAll(unit, actor.brandId, pictures, true);
    });
    return id;
  }

  async mustFind(actor: Actor, id: string): Promise<Upload> {
    mustBeAllowed(actor, 'surveys:create');
    return this.database.inBrand(actor.brandId, (unit) => this.own<Upload>(unit, actor, id, COLUMNS));
  }

  /** Makes the survey; the upload is used up. */
  async save(actor: Actor, id: string, name: string): Promise<Survey> {
    mustBeAllowed(actor, 'surveys:create');
    return this.database.inBrand(actor.brandId, async (unit) => {
      const upload = await this.own<Omit<ReadSurvey, 'name'>>(unit, actor, id, READ_COLUMNS);
      const survey = await this.surveys.createReadIn(unit, actor, { ...upload, name });
      await this.drop(unit, actor, id);
      return survey;
    });
  }

  async discard(actor: Actor, id: string): Promise<void> {
    await this.database.inBrand(actor.brandId, async (unit) => {
      await this.own(unit, actor, id, 'id');
      await this.drop(unit, actor, id);
    });
  }

  /** Imports and saves at once, as the API does; the report stays with the survey. */
  async saveAtOnce(actor: Actor, file: SurveyFile, name?: string): Promise<Survey> {
    mustBeAllowed(actor, 'surveys:create');
    const read = await this.reading(actor, file);
    const own = name?.trim() ?? '';
    return this.surveys.createRead(actor, { ...read, name: own === '' ? shortName(read.name) : own });
  }

  /** The same for JSON that a program sent. @throws {Invalid} also where no survey file is in it */
  async saveBody(actor: Actor, body: Buffer): Promise<Survey> {
    mustBeAllowed(actor, 'surveys:create');
    const read = await this.tasks.run(READ_BODY, [body], actor.brandId);
    return this.surveys.createRead(actor, { ...read, name: shortName(read.name) });
  }

  /** @throws {Invalid} with the reason under `file` */
  private async reading(actor: Actor, file: SurveyFile): Promise<ReadSurveyFile> {
    mustBeReadable(file);
    const read = await this.tasks.run(READ, [file.content], actor.brandId);
    return { ...read, name: read.name === '' ? file.name : read.name };
  }

  private async own<Row extends object>(unit: Unit, actor: Actor, id: string, columns: string): Promise<Row> {
    if (!/^[0-9a-f-]{36}$/.test(id)) {
      throw new NotFound(GONE);
    }
    return unit.one<Row>(
      `SELECT ${columns} FROM survey_uploads
       WHERE id = $1 AND owner_id = $2 AND expires_at > $3 FOR UPDATE`,
      [id, actor.userId, this.clock.now()],
      GONE,
    );
  }

  private async drop(unit: Unit, actor: Actor, id: string): Promise<void> {
    await unit.sql('DELETE FROM survey_uploads WHERE id = $1 AND owner_id = $2', [id, actor.userId]);
  }
}

/** @throws {Invalid} with the reason under `file` */
function mustBeReadable({ content }: SurveyFile): void {
  if (content.length === 0) {
    throw new Invalid('This file is empty.', { file: 'This file is empty. Choose a survey file (.qsf).' });
  }
  if (content.length > MAX_SURVEY_BYTES) {
    throw new Invalid('This file is too large.', { file: 'A survey file may have 20 MB.' });
  }
}

function shortName(name: string): string {
  return name.replaceAll('\0', '').toWellFormed().trim().slice(0, 200).toWellFormed() || 'Untitled survey';
}
