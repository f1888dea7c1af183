/** Tasks that do what no task should; run as they are, without a compiler. */

export function added(one, other) {
  return one + other;
}

export function neverEnds() {
  for (;;);
}

export function growsByObjects() {
  const kept = [];
  for (;;) kept.push({ text: `${kept.length}`, more: [kept.length] });
}

export function growsByTexts() {
  const kept = [];
  for (;;) kept.push(JSON.stringify({ text: 'x'.repeat(100_000) }));
}

export function growsByOneList() {
  return JSON.parse(`[${'[],'.repeat(20_000_000)}[]]`).length;
}

export function fails() {
  throw new TypeError('A mistake of ours');
}

export function seesSettings() {
  return Object.keys(process.env);
}

export async function rests(ms) {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
  return 'rested';
}
