/** WalkBrowsers values from several writers to one reader, in the order they come. */
export class OutcomeStream<Value> implements AsyncIterable<Value> {
  private waiting: Value[] = [];
  private failure: { error: unknown } | undefined;
  private isEnded = false;
  private wake: (() => void) | undefined;

  add(value: Value): void {
    this.waiting.push(value);
    this.wake?.();
  }

  end(): void {
    this.isEnded = true;
    this.wake?.();
  }

  /** The reader gets what came before, then this error. */
  fail(error: unknown): void {
    this.failure = { error };
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value> {
    for (;;) {
      const ready = this.waiting;
      this.waiting = [];
      yield* ready;
      if (this.waiting.length > 0) continue;
      if (this.failure) throw this.failure.error;
      if (this.isEnded) return;
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
  }
}
