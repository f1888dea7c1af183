/** What a refusal says about an address, the mail, or us. */
export type BounceClass =
  | 'bad_address'
  | 'mailbox_disabled'
  | 'mailbox_full'
  | 'content'
  | 'throttled'
  | 'reputation'
  | 'unreachable'
  | 'expired'
  | 'sender'
  | 'unknown';

/** What servers say in words: phrases between bars, `*` for anything in between. */
export type Rule<Kind extends string = BounceClass> = readonly [Kind, string];

/**
 * Looks for phrases by `indexOf`, so that no text can make it slow.
 * @returns the kind of the first rule that words in lower case hold a phrase of
 */
export function finder<Kind extends string>(rules: readonly Rule<Kind>[]): (words: string) => Kind | undefined {
  const known = rules.map(([kind, phrases]) => [kind, phrases.split('|').map((phrase) => phrase.split('*'))] as const);
  return (words) => known.find(([, phrases]) => phrases.some((pieces) => says(words, pieces)))?.[0];
}

/** Whether the pieces of a phrase stand in the words, one after the other. */
function says(words: string, pieces: readonly string[]): boolean {
  let from = 0;
  for (const piece of pieces) {
    const at = words.indexOf(piece, from);
    if (at < 0) {
      return false;
    }
    from = at + piece.length;
  }
  return true;
}
