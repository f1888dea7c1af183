const FIGURES = new Intl.NumberFormat('en');

/** A count as people read it. */
export function figure(count: number): string {
  return FIGURES.format(count);
}
