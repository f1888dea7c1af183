/** What may happen to things of a kind: each move by its name, with the states it leads from and where each may go. */
export type MoveList<S extends string> = Readonly<Record<string, Readonly<Partial<Record<S, readonly S[]>>>>>;

type Targets<L, M extends keyof L> =
  L[M] extends Readonly<Partial<Record<string, readonly (infer T)[]>>> ? T & string : never;

/** Moves of one kind of thing: the only way in which code or SQL changes its state. */
export class Moves<S extends string, L extends MoveList<S>> {
  /** @param column that holds the state in the table */
  constructor(
    readonly list: L,
    private readonly column: string,
  ) {}

  /** States that a move leads from. */
  from(move: keyof L): S[] {
    return Object.keys(this.list[move]!) as S[];
  }

  /**
   * @returns the state after a move
   * @throws {TypeError} where the list has no such move: a mistake in the code, whoever asked for it
   */
  made(state: S, move: keyof L & string, to: S): S {
    if (this.list[move]?.[state]?.includes(to) !== true) {
      throw new TypeError(`${move} leads from ${state} to ${to}: there is no such move`);
    }
    return to;
  }

  /** `state = …` of a SET. Where a move may end in several ways, `choose` says which, in SQL, by the names that it is given. */
  set<M extends keyof L & string>(move: M, choose?: (to: Readonly<Record<Targets<L, M>, string>>) => string): string {
    const targets = [...new Set(Object.values(this.list[move]!).flatMap((to) => to as readonly S[]))];
    const named = Object.fromEntries(targets.map((to) => [to, `'${to}'`])) as Record<Targets<L, M>, string>;
    if (choose === undefined && targets.length !== 1) {
      throw new TypeError(`${move} may end in several ways`);
    }
    return `${this.column} = ${choose?.(named) ?? `'${targets[0]}'`}`;
  }

  /** Whether a row is in a state that a move leads from, as SQL. */
  isIn(move: keyof L, row?: string): string {
    const states = this.from(move).map((state) => `'${state}'`);
    const column = row === undefined ? this.column : `${row}.${this.column}`;
    return states.length === 1 ? `${column} = ${states[0]}` : `${column} IN (${states.join(', ')})`;
  }
}
