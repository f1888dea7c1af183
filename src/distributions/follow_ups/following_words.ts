import type { Distribution } from '../distribution.entity.js';
import type { DistributionWords } from '../distribution_words.js';

/** "3 days after their invitation"; whoever finishes is thanked at once. */
export function afterWords({ atOnce, afterHours, afterWhat }: Distribution, words: DistributionWords): string {
  if (atOnce || afterHours === null) {
    return words.say('when.atOnce');
  }
  const days = Math.round(afterHours / 24);
  const span = afterHours % 24 === 0 ? words.counted('when.days', days) : words.counted('when.hours', afterHours);
  return words.say(`when.after_${afterWhat ?? 'invitation'}`, { span });
}
