interface Waiting<Item, Answer> {
  item: Item;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * Lets many callers share one transaction: whoever asks while one runs goes into the next. Nobody waits for company, so
 * a single caller pays nothing, and ten connections that ask at once cost one commit instead of ten. One transaction
 * runs at a time, so whoever asked earlier is committed no later.
 */
export class GroupCommit<Item, Answer> {
  private waiting: Waiting<Item, Answer>[] = [];
  private isBusy = false;

  /** @param commit answers in the order of its items; an error is thrown to the caller whose answer it is */
  constructor(private readonly commit: (items: Item[]) => Promise<(Answer | Error)[]>) {}

  ask(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isBusy) {
        this.isBusy = true;
        // Callers of the same turn of the event loop go together.
        setImmediate(() => void this.run());
      }
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      const answers = await this.answersFor(group);
      group.forEach((one, place) => {
        const answer = answers[place]!;
        if (answer instanceof Error) {
          one.reject(answer);
        } else {
          one.resolve(answer);
        }
      });
    }
    this.isBusy = false;
  }

  private async answersFor(group: Waiting<Item, Answer>[]): Promise<(Answer | Error)[]> {
    try {
      return await this.commit(group.map(({ item }) => item));
    } catch (error) {
      return group.map(() => error as Error);
    }
  }
}
