/** "Grace Brewster Hopper" and "Hopper, Grace" as first and last name. */
export function namesOf(name: string): [first: string, last: string] {
  const [last, first] = name.split(',').map((part) => part.trim());
  if (first !== undefined) {
    return [first, last ?? ''];
  }
  const words = name.split(/\s+/).filter((word) => word !== '');
  return [words.slice(0, Math.max(1, words.length - 1)).join(' '), words.length > 1 ? words.at(-1)! : ''];
}
