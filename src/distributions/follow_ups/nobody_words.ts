import type { Shown } from '../shown_distribution.js';
import { afterWordsWithin } from './following_words.js';

/** What a page says of a reminder or a thank-you that has nobody so far; undefined of all others. */
export function nobodyWords(shown: Shown): object | undefined {
  const { distribution, actor, words } = shown;
  const { requestType, errorCode: code, errorText: text, nextRoundAt } = distribution;
  if (distribution.waitsForPeople) {
    const when = nextRoundAt === null ? '' : words.when(actor, nextRoundAt).text;
    const next = words.say(`nobody.looks.${requestType}`, { when });
    return { tone: 'warning', text: words.say(`nobody.yet.${requestType}`), next };
  }
  return distribution.hadNobody ? { tone: 'error', code, text, next: whatHelps(shown) } : undefined;
}

/** Whether it goes out by itself once the invitation reaches somebody, or only at a new time. */
function whatHelps({ distribution, family, words }: Shown): string {
  const { canReopen, isPerPerson, requestType } = distribution;
  if (family?.invitation?.status === 'cancelled' || (!isPerPerson && !canReopen)) {
    return words.say(canReopen ? 'trouble.failedReopen' : 'trouble.failedForGood');
  }
  const after = afterWordsWithin(distribution, words);
  return words.say(isPerPerson ? `nobody.byItself.${requestType}` : 'nobody.atItsTime', { after });
}
