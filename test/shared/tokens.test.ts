import { readFileSync } from 'node:fs';

const css = readFileSync('public/tokens.css', 'utf8');
const TOKEN = /--([a-z-]+): (?:light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|(#[0-9a-f]{6}));/g;
const tokens = new Map(
  [...css.matchAll(TOKEN)].map(([, name, light, dark, both]) => [name, [light ?? both, dark ?? both]]),
);

const STATUSES = ['done', 'run', 'hold', 'fail', 'idle', 'unsure'];
/** Text on ground: at least 4.5 to 1 (WCAG 2.2 AA). */
const TEXT = [
  ...['bg', 'surface', 'sunken', 'raised', 'accent-soft'].map((ground) => ['text', ground]),
  ...['bg', 'surface', 'sunken', 'raised'].map((ground) => ['muted', ground]),
  ...['bg', 'surface', 'sunken', 'raised', 'accent-soft'].map((ground) => ['accent-text', ground]),
  ...['accent', 'accent-hover', 'danger', 'danger-hover'].map((ground) => ['on-accent', ground]),
  ...STATUSES.flatMap((status) => [`${status}-soft`, 'surface', 'bg'].map((ground) => [status, ground])),
  ['fail', 'raised'],
];
/** Edges of controls, focus rings and bars: at least 3 to 1. */
const SHAPES = [
  ...['bg', 'surface', 'sunken'].map((ground) => ['line-strong', ground]),
  ...['bg', 'surface', 'sunken', 'raised'].map((ground) => ['focus', ground]),
  ...['email', 'web', 'social', 'mobile', 'panel'].map((channel) => [`channel-${channel}`, 'surface']),
];

describe('the colours', () => {
  for (const [theme, index] of [
    ['light', 0],
    ['dark', 1],
  ] as const) {
    it.each(TEXT)(`%s can be read on %s in the ${theme} theme`, (front, ground) => {
      expect(contrast(colour(front, index), colour(ground, index))).toBeGreaterThanOrEqual(4.5);
    });

    it.each(SHAPES)(`%s can be told from %s in the ${theme} theme`, (front, ground) => {
      expect(contrast(colour(front, index), colour(ground, index))).toBeGreaterThanOrEqual(3);
    });
  }
});

describe('the respondent style', () => {
  const respond = readFileSync('public/respond.css', 'utf8');

  it('is small enough to travel inside each page', () => {
    expect(Buffer.byteLength(respond)).toBeLessThanOrEqual(14_336);
  });

  it('runs in both directions: no left and right but where grids ignore it', () => {
    const physical = respond.match(
      /(?:margin|padding|border|inset)-(?:left|right)|text-align: (?:left|right)|\b(?:left|right):/g,
    );
    expect(physical).toBeNull();
  });

  it('loads nothing from elsewhere', () => {
    expect(respond).not.toMatch(/url\(|@import|@font-face/);
  });
});

function colour(name: string | undefined, index: 0 | 1): string {
  const found = tokens.get(name ?? '')?.[index];
  if (found === undefined) {
    throw new Error(`tokens.css has no colour ${name}`);
  }
  return found;
}

function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
