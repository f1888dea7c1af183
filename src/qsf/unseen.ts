import { numberOf, record } from './raw.js';
import type { Raw } from './raw.js';
import type { Source } from './source.js';

type Tell = (qid: string, raw: Raw, source: Source) => void;

/** Types that respondents never see, or that only the other system could fill. */
const UNSEEN = new Map<string, Tell>([
  ['Timing', timer],
  ['Meta', (qid, _raw, { report }) => report.data.note(qid, 'Collects browser facts; left out.')],
  ['Captcha', captcha],
  ['FraudDetect', (qid, _raw, { report }) => report.data.warn(qid, 'Collects fraud detection; left out.')],
]);

/** Whether a question is left out, which is told. */
export function reportUnseen(type: string, qid: string, raw: Raw, source: Source): boolean {
  const tell = UNSEEN.get(type);
  tell?.(qid, raw, source);
  return tell !== undefined;
}

/** A timer that only measures loses data; one that holds people or pushes them on changes what they live through. */
function timer(qid: string, raw: Raw, { report }: Source): void {
  const config = record(raw['Configuration']);
  const [least, most] = [numberOf(config['MinSeconds']) ?? 0, numberOf(config['MaxSeconds']) ?? 0];
  report.data.note(qid, 'Collects page timers; left out.');
  if (least > 0) {
    report.warn(
      qid,
      `People could go on only after ${least} seconds; here they can at once.`,
      'Ask them in a text to wait.',
    );
  }
  if (most > 0) {
    report.warn(qid, `The page went on by itself after ${most} seconds; here people take the time they like.`);
  }
}

function captcha(qid: string, _raw: Raw, { report }: Source): void {
  report.warn(
    qid,
    'Asks to solve a captcha; left out, so nothing keeps bots away.',
    'Switch the bot guard on for open links.',
  );
}
