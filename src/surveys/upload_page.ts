import type { Say } from '../platform/web/words.js';
import { outlineOf } from './outline.js';
import { reportModel } from './report_lines.js';
import type { FormErrors } from '../platform/web/form_again.js';
import type { Upload } from './survey_uploads.service.js';
import type { SurveyWords } from './survey_words.js';

/** What was read from a file, before it is saved: figures, the report, the outline. */
export function uploadPage(upload: Upload, words: SurveyWords, again: FormErrors, typedName?: string): object {
  const { say } = words;
  const { definition, report } = upload;
  const warnings = report.filter(({ severity }) => severity === 'warning').length;
  const stat = (key: string, value: number, more: object = {}): object => ({
    label: say(`import.${key}`),
    value,
    ...more,
  });
  return {
    title: say('import.title'),
    crumbs: [
      { href: '/surveys', text: say('title') },
      { href: '/surveys/new', text: say('new.title') },
      { text: upload.name },
    ],
    head: { title: say('import.title'), lead: say('import.lead', { file: upload.fileName }) },
    errors: again.errors,
    stats: [
      stat('questions', Object.keys(definition.questions).length),
      stat('blocks', Object.keys(definition.blocks).length),
      stat('languages', 1 + Object.keys(definition.translations).length),
      stat('warnings', warnings, {
        tone: warnings > 0 ? 'hold' : 'done',
        note: warningsNote(warnings, report.length, say),
      }),
    ],
    report: {
      ...reportModel(report, definition, say),
      empty: { icon: 'check', title: say('import.clean'), text: say('import.cleanText') },
    },
    outline: outlineOf(definition, say, () => undefined),
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

/** "Everything was taken over" only where the report has no line at all. */
function warningsNote(warnings: number, lines: number, say: Say): string {
  if (warnings > 0) return say('import.warningsNote');
  return lines > 0 ? say('import.notesOnly', { count: lines }) : say('import.warningsNone');
}
