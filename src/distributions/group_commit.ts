interface Waiting<Item, Answer> {
  item: Item;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** While one transaction commits, the next one is prepared. */
const WIDTH = 2;

/**
 * Lets many callers share one transaction: whoever asks while others run goes into the next. Nobody waits for company, so
 * a single caller pays nothing, and ten connections that ask at once cost one commit instead of ten. Transactions commit
 * in the order in which they began, so whoever asked earlier is committed no later.
 */
export class GroupCommit<Item, Answer> {
  private waiting: Waiting<Item, Answer>[] = [];
  private running = 0;
  private isDue = false;
  private last: Promise<void> = Promise.resolve();

  /**
   * @param commit answers in the order of its items; an error is thrown to the caller whose answer it is. `turn` resolves
   * when all earlier transactions are over: until then it may work, but neither commit nor take locks that they may want
   */
  constructor(private readonly commit: (items: Item[], turn: Promise<void>) => Promise<(Answer | Error)[]>) {}

  ask(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.wake();
    });
  }

  /** Callers of the same turn of the event loop go together. */
  private wake(): void {
    if (!this.isDue && this.waiting.length > 0 && this.running < WIDTH) {
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
