import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import type { FormErrors } from '../platform/web/form_again.js';
import type { Say } from '../platform/web/words.js';
import { outlineOf } from './outline.js';
import { SurveyPictures } from './pictures/survey_pictures.js';
import { ReportPages } from './report_pages.js';
import type { Upload } from './survey_uploads.service.js';
import { SurveyWords } from './survey_words.js';

/** What was read from a file, before it is saved: figures, the report, the outline. */
@Injectable()
export class UploadPage {
  constructor(
    private readonly reports: ReportPages,
    private readonly pictures: SurveyPictures,
    private readonly words: SurveyWords,
  ) {}

  async show(actor: Actor, upload: Upload, again: FormErrors, typedName?: string): Promise<object> {
    const { say } = this.words;
    const report = await this.reports.ofUpload(actor, upload);
    return {
      title: say('import.title'),
      crumbs: [
        { href: '/surveys', text: say('title') },
        { href: '/surveys/new', text: say('new.title') },
        { text: upload.name },
      ],
      head: { title: say('import.title'), lead: say('import.lead', { file: upload.fileName }) },
      errors: again.errors,
      stats: statsOf(upload, report, say),
      report,
      outline: outlineOf(this.pictures.shown(actor.brandId, upload.definition), say, () => undefined),
      name: {
        name: 'name',
        label: say('import.name'),
        help: say('import.nameHelp'),
        required: true,
        maxlength: 200,
        value: typedName ?? upload.name,
        error: again.fields['name'],
      },
      action: `/surveys/imports/${upload.id}`,
      discardUrl: `/surveys/imports/${upload.id}/discard`,
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
