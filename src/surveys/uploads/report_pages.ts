import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { addresses } from '../../platform/web/addresses.js';
import { pictureLines } from '../outline/picture_lines.js';
import { isWaiting, SurveyPictures } from '../pictures/survey_pictures.js';
import { reportModel, warningsIn } from './report_lines.js';
import type { Survey } from '../survey.entity.js';
import type { Upload } from './survey_uploads.service.js';
import { SurveyWords } from '../survey_words.js';
import type { SurveyDefinition } from '../../engine/definition.js';
import type { ReportEntry } from '../../qsf/report.js';

type ReportModel = ReturnType<typeof reportModel> & {
  count: number;
  warnings: number;
  empty: { icon: string; title: string; text: string };
  /** Where to look again while pictures are being fetched. */
  poll: { url: string; every: string } | undefined;
};

/** Import reports as their pages show them, with what has become of the pictures by now. */
@Injectable()
export class ReportPages {
  constructor(
    private readonly pictures: SurveyPictures,
    private readonly words: SurveyWords,
  ) {}

  /** Before the survey is saved: an empty report speaks for the whole file. */
  async ofUpload(actor: Actor, upload: Upload): Promise<ReportModel> {
    const url = addresses.surveys.importReport(upload.id);
    return this.model(actor, upload.definition, upload.report, url, 'import.clean');
  }

  /** The report that stays with a survey; what an empty one says is true of imports by earlier releases, too. */
  async kept(actor: Actor, { id, draft, importReport }: Survey): Promise<ReportModel> {
    const empty = importReport ? 'report.none' : 'report.notImported';
    return this.model(actor, draft, importReport ?? [], addresses.surveys.reportLines(this.words.shown(id)), empty);
  }

  private async model(
    actor: Actor,
    definition: SurveyDefinition,
    report: readonly ReportEntry[],
    url: string,
    empty: string,
  ): Promise<ReportModel> {
    const { say } = this.words;
    const states = await this.pictures.statesOf(actor.brandId, definition);
    const entries = [...report, ...pictureLines(states, say)];
    return {
      ...reportModel(entries, definition, say),
      count: entries.length,
      warnings: warningsIn(entries),
      empty: { icon: empty === 'report.notImported' ? 'info' : 'check', title: say(empty), text: say(`${empty}Text`) },
      poll: states.some(isWaiting) ? { url, every: '2s' } : undefined,
    };
  }
}
