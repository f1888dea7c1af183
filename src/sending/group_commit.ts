interface Waiting<Item, Answer> {
  item: Item;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** While one transaction commits, the next one is prepared. */
const WIDTH = 2;
/** How long an item that nobody waits for waits for one that somebody does. */
const PATIENCE_MS = 10;

/**
 * Lets many callers share one transaction: whoever asks while others run goes into the next. Whoever asks waits for no
 * company, so a single caller pays nothing, and ten connections that ask at once cost one commit instead of ten; what is
 * only left is taken along. Transactions commit in the order in which they began, and each takes all that is there, so
 * whoever came earlier is committed no later.
 */
export class GroupCommit<Item, Answer> {
  private waiting: Waiting<Item, Answer>[] = [];
  private running = 0;
  private isDue = false;
  private isAsked = false;
  private patience: NodeJS.Timeout | undefined;
  private last: Promise<void> = Promise.resolve();

  /**
   * @param commit answers in the order of its items; an error is thrown to the caller whose answer it is. `turn` resolves
   * when all earlier transactions are over: until then it may work, but neither commit nor take locks that they may want
   */
  constructor(private readonly commit: (items: Item[], turn: Promise<void>) => Promise<(Answer | Error)[]>) {}

  /** Somebody waits for the answer. */
  ask(item: Item): Promise<Answer> {
    const answer = this.join(item);
    this.hurry();
    return answer;
  }

  /** Nobody waits for it: it goes along with the next one who asks, or alone after a moment. */
  leave(item: Item): Promise<Answer> {
    const answer = this.join(item);
    this.patience ??= setTimeout(() => this.hurry(), PATIENCE_MS);
    return answer;
  }

  private join(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => this.waiting.push({ item, resolve, reject }));
  }

  private hurry(): void {
    this.isAsked = true;
    this.wake();
  }

  /** Callers of the same turn of the event loop go together. */
  private wake(): void {
    if (!this.isDue && this.isAsked && this.running < WIDTH) {
      this.isDue = true;
      setImmediate(() => {
        this.isDue = false;
        this.last = this.run(this.last);
      });
    }
  }

  private async run(turn: Promise<void>): Promise<void> {
    const group = this.waiting;
    this.waiting = [];
    this.isAsked = false;
    clearTimeout(this.patience);
    this.patience = undefined;
    this.running += 1;
    const answers = await this.answersFor(group, turn);
    this.running -= 1;
    this.wake();
    group.forEach((one, place) => {
      const answer = answers[place]!;
      if (answer instanceof Error) {
        one.reject(answer);
      } else {
        one.resolve(answer);
      }
    });
    await turn;
  }

  private async answersFor(group: Waiting<Item, Answer>[], turn: Promise<void>): Promise<(Answer | Error)[]> {
    try {
      return await this.commit(
        group.map(({ item }) => item),
        turn,
      );
    } catch (error) {
      return group.map(() => error as Error);
    }
  }
}
