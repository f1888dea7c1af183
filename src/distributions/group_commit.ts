interface Waiting<Item, Answer> {
  item: Item;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Lets many callers share one transaction: whoever asks while one runs goes into the next. Nobody waits for company, so
 * a single caller pays nothing, and ten connections that ask at once cost one commit instead of ten.
 */
export class GroupCommit<Item, Answer> {
  private waiting: Waiting<Item, Answer>[] = [];
  private isBusy = false;

  /** @param commit answers in the order of its items */
  constructor(private readonly commit: (items: Item[]) => Promise<Answer[]>) {}

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
      try {
        const answers = await this.commit(group.map(({ item }) => item));
        group.forEach((one, place) => one.resolve(answers[place]!));
      } catch (error) {
        group.forEach((one) => one.reject(error));
      }
    }
    this.isBusy = false;
  }
}
