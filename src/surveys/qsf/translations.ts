import type { QuestionWords, Translation } from '../engine/definition.js';
import { safeHtml } from './html.js';
import { safeId } from './ids.js';
import { languageTag } from './languages.js';
import { plainText } from '../engine/text.js';
import { isRecord, recordsOf, textOf } from './raw.js';
import type { Raw } from './raw.js';
import type { Source } from './source.js';

/** What the questions of a file say in other languages. */
export function translationsOf(
  questions: ReadonlyMap<string, Raw>,
  own: string,
  source: Source,
): Record<string, Translation> {
  const found = new Map<string, Record<string, QuestionWords>>();
  for (const [qid, question] of questions) {
    if (!isRecord(question['Language'])) continue;
    for (const [code, words] of recordsOf(question['Language'])) {
      const tag = languageTag(code);
      if (tag === undefined)
        source.report.note('Languages', `"${code}" is no language code known here; its texts were left out.`);
      else if (tag !== own) found.set(tag, { ...found.get(tag), ...wordsOf(qid, words, source) });
    }
  }
  return Object.fromEntries([...found].map(([tag, words]) => [tag, { questions: words }]));
}

function wordsOf(qid: string, raw: Raw, source: Source): Record<string, QuestionWords> {
  const columns = recordsOf(raw['AdditionalQuestions']).map(([key, column]) => {
    const words = questionWords({ Choices: raw['Choices'], ...column }, `${qid}#${key}`, source);
    return [safeId(`${qid}#${key}`), words] as const;
  });
  return Object.fromEntries([[safeId(qid), questionWords(raw, qid, source)] as const, ...columns]);
}

function questionWords(raw: Raw, where: string, source: Source): QuestionWords {
  const text = safeHtml(textOf(raw['QuestionText']), where, source.report);
  const choices = listWords(raw['Choices'], where, source);
  const columns = listWords(raw['Answers'], where, source);
  const labels = recordsOf(raw['Labels'] ?? raw['ColumnLabels']).map(([, label]) =>
    plainText(textOf(label['Display'])),
  );
  return {
    ...(text ? { text } : {}),
    ...(choices ? { choices } : {}),
    ...(columns ? { columns } : {}),
    ...(labels.length > 0 ? { labels } : {}),
  };
}

function listWords(list: unknown, where: string, source: Source): Record<string, string> | undefined {
  const words = recordsOf(list).flatMap(([id, one]) => {
    const text = safeHtml(textOf(one['Display']), where, source.report);
    return text === '' ? [] : [[safeId(id), text] as const];
  });
  return words.length > 0 ? Object.fromEntries(words) : undefined;
}
