/** Names of which none is given twice; the first who wishes for one gets it, the others get it with `_2`, `_3` … */
export class ColumnNames {
  private readonly taken = new Set<string>();
  /** By wish, the number that was given last: those before it are taken for good. */
  private readonly last = new Map<string, number>();

  constructor(taken: readonly string[] = []) {
    taken.forEach((name) => this.taken.add(name));
  }

  /**
   * Names for all of these, in their order. Whoever may keep the wish keeps it before anybody gets a number behind it, so
   * that a made-up `Q25_2` never takes the place of a column that is called so.
   */
  claim(wishes: readonly string[]): string[] {
    const kept = wishes.map((wish) => (this.taken.has(wish) ? undefined : (this.taken.add(wish), wish)));
    return wishes.map((wish, index) => kept[index] ?? this.numbered(wish));
  }

  private numbered(wish: string): string {
    let count = (this.last.get(wish) ?? 1) + 1;
    while (this.taken.has(`${wish}_${count}`)) count += 1;
    this.last.set(wish, count);
    const name = `${wish}_${count}`;
    this.taken.add(name);
    return name;
  }
}
