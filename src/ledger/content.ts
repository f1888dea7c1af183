/** What a distribution says. Each channel has a class and a table of its own for it; links that are only made say nothing. */
export interface Content {
  /** Its first line, as lists show it. */
  heading: string;
  /** The same for distributions that say the very same. */
  readonly key: string;
  /** Whether its author wants to know who opened it. */
  readonly countsOpens: boolean;
  /** As programs are told it. */
  readonly told: ToldContent;
  /** What another one that says the same is composed with. */
  copied(): object;
  /** @param words what its channel reads out of a composition */
  write(words: object): void;
}

/** What programs are told of a distribution's content. */
export interface ToldContent {
  headers: object;
  text: string;
  libraryMessageId: string | null;
}
