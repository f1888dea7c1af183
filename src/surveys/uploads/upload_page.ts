import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { addresses } from '../../platform/web/addresses.js';
import type { Faults } from '../../platform/web/answers.js';
import type { Say } from '../../platform/web/words.js';
import { outlineList } from '../outline/outline_list.js';
import { OutlinePlaces } from '../outline/outline_parts.js';
import { SurveyPictures } from '../pictures/survey_pictures.js';
import { ReportPages } from './report_pages.js';
import type { Upload } from './survey_uploads.service.js';
import { SurveyWords } from '../survey_words.js';

/** What was read from a file, before it is saved: figures, the report, the outline. */
@Injectable()
export class UploadPage {
  constructor(
    private readonly reports: ReportPages,
    private readonly pictures: SurveyPictures,
    private readonly words: SurveyWords,
  ) {}

  /** @param asked the name that was typed, and the place in the outline from which it is shown */
  async show(
    actor: Actor,
    upload: Upload,
    again: Faults,
    asked: { name?: string; from?: number } = {},
  ): Promise<object> {
    const { say } = this.words;
    const path = addresses.surveys.import(upload.id);
    const definition = this.pictures.shown(actor.brandId, upload.definition);
    const part = new OutlinePlaces(definition).partFrom(asked.from ?? 0);
    const report = await this.reports.ofUpload(actor, upload);
    return {
      title: say('import.title'),
      crumbs: [
        { href: addresses.surveys.list(), text: say('title') },
        { href: addresses.surveys.new(), text: say('new.title') },
        { text: upload.name },
      ],
      head: { title: say('import.title'), lead: say('import.lead', { file: upload.fileName }) },
      errors: again.errors,
      stats: statsOf(upload, report, say),
      report,
      outline: outlineList(definition, say, () => undefined, { part, path }),
      name: {
        name: 'name',
        label: say('import.name'),
        help: say('import.nameHelp'),
        required: true,
        maxlength: 200,
        value: asked.name ?? upload.name,
        error: again.fields['name'],
      },
      action: path,
      discardUrl: addresses.surveys.importDiscard(upload.id),
    };
  }
}

interface Counts {
  warnings: number;
  count: number;
}

function statsOf({ definition }: Upload, { warnings, count }: Counts, say: Say): object[] {
  const stat = (key: string, value: number): object => ({ label: say(`import.${key}`), value });
  return [
    stat('questions', Object.keys(definition.questions).length),
    stat('blocks', Object.keys(definition.blocks).length),
    stat('languages', 1 + Object.keys(definition.translations).length),
    { ...stat('warnings', warnings), tone: warnings > 0 ? 'hold' : 'done', note: noteOf(warnings, count, say) },
  ];
}

/** "Everything was taken over" only where the report has no line at all. */
function noteOf(warnings: number, lines: number, say: Say): string {
  if (warnings > 0) return say('import.warningsNote');
  return lines > 0 ? say('import.notesOnly', { count: lines }) : say('import.warningsNone');
}
