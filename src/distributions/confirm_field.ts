import { figure } from '../platform/figures.js';
import { type Say } from '../ledger/distribution_words.js';

/**
 * The field in which a large sending is confirmed.
 * @param mails how many; undefined while they are being counted: then only the name will do
 * @param typed what was typed before and was wrong; undefined where nobody was asked yet
 */
export function confirmField(
  { mails, title, typed }: { mails: number | undefined; title: string; typed?: string | undefined },
  say: Say,
): object {
  return {
    name: 'confirm',
    label: mails === undefined ? say('review.confirmName') : say('review.confirm', { mails: figure(mails) }),
    help: say(mails === undefined ? 'review.confirmTitle' : 'review.confirmHelp', { title }),
    value: typed,
    error: typed === undefined ? undefined : say('review.confirmWrong'),
    required: true,
    short: true,
    autocomplete: 'off',
  };
}
