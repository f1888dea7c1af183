import type { Headers } from '../../mailer/mime/mime_tree.js';

/** How machines begin the subject of an answer, in languages that our recipients speak. */
const SUBJECTS = new RegExp(
  `^[\\s【［〔\\[(]*(?:(?:re|aw|sv|rv|wg)\\s*:\\s*)?(?:${[
    'auto(?:matic|matisch|matique|mática|matica|mat)?[ :-]*(?:reply|response|responder)',
    'automatic (?:reply|response)',
    'auto[ -]?(?:reply|response|antwort|responder)',
    'autoreply',
    'auto(?:matic|mated)?\\s*:',
    'automated (?:reply|response|answer)',
    'out of (?:the )?office',
    'ooo\\b',
    'away from (?:the |my )?office',
    'on vacation',
    'vacation (?:reply|response|notice)',
    'automatische (?:antwort|antwoord|beantwoording)',
    'abwesenheit',
    'automatisch antwoord',
    'afwezig',
    'réponse automatique',
    'absence du bureau',
    "message d'absence",
    'absent(?:e)? du',
    'respuesta automática',
    'fuera de (?:la )?oficina',
    'resposta automática',
    'fora do escritório',
    'risposta automatica',
    'fuori ufficio',
    'autosvar',
    'automatisk svar',
    'automatsvar',
    'frånvaro',
    'fravær',
    'nicht im (?:büro|haus)',
    'urlaub',
    'en vacances',
    'ausente',
    'assente',
    'automatiskt svar',
    'automaattinen vastaus',
    'poissa',
    'odpowiedź automatyczna',
    'automatyczna odpowiedź',
    'nieobecn',
    'автоматический ответ',
    'автоответ',
    'otomatik yanıt',
    'automatická odpověď',
    'automatikus válasz',
    'răspuns automat',
    'رد تلقائي',
    '自动回复',
    '自動回覆',
    '自動返信',
    '自動応答',
    '自動送信',
    '不在(?:の|通知|連絡|です|$)',
    '休暇',
    '外出',
    '부재',
    '자동 ?회신',
    'we have received your (?:message|e-?mail|request)',
    'thank you for (?:contacting|your (?:e-?mail|message))',
    '\\[?ticket[ #]',
  ].join('|')})`,
  'iu',
);

const HEADERS = [
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-autoreply-from',
  'x-mail-autoreply',
  'x-vacation',
  'x-apple-action',
];

/** A machine's answer for a person: away, received, moved (RFC 3834 and what came before it). */
export function isAutoReply(headers: Headers): boolean {
  const submitted = headers.get('auto-submitted').toLowerCase();
  const precedence = headers.get('precedence').toLowerCase();
  return (
    (submitted !== '' && submitted !== 'no' && !submitted.startsWith('no ')) ||
    precedence === 'auto_reply' ||
    headers.get('preference').toLowerCase() === 'auto_reply' ||
    isTitledAutoReply(headers)
  );
}

/** It says so by more than the word that reports bear as well (`Auto-Submitted`): by its subject, or what only such have. */
export function isTitledAutoReply(headers: Headers): boolean {
  return HEADERS.some((name) => headers.has(name)) || SUBJECTS.test(headers.text('subject').slice(0, 300));
}

/** A machine sent it, whoever it speaks for: nothing is ever forwarded or answered. */
export function isFromMachine(headers: Headers): boolean {
  const precedence = headers.get('precedence').toLowerCase();
  return (
    isAutoReply(headers) ||
    ['bulk', 'list', 'junk'].includes(precedence) ||
    headers.has('list-id') ||
    headers.has('list-unsubscribe') ||
    /^<\s*>$/.test(headers.get('return-path'))
  );
}
