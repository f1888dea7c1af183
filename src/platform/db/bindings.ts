/** The values of a statement that is put together from parts: each part names what it needs and gets its place. */
export class Bindings {
  readonly values: unknown[] = [];

  /** @returns the place of the value in the statement, such as `$3` */
  put(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
