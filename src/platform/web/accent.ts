/** The console's own colour; a brand that keeps it needs no style of its own. */
export const DEFAULT_ACCENT = '#4f46e5';

/** WCAG 2.2 AA for text. */
const READABLE = 4.5;
const WHITE = '#ffffff';
const BLACK = '#000000';
/** Grounds that accent-coloured text stands on, the hardest of each theme; the tokens' test knows all of them. */
const LIGHT_GROUND = '#eff1f5';
const LIGHT_SURFACE = '#ffffff';
const DARK_GROUND = '#1d2430';
const DARK_SURFACE = '#161b24';
const HEX = /^#[0-9a-f]{6}$/i;

/** The colours that follow from a brand's accent in one theme. */
export interface AccentShades {
  accent: string;
  hover: string;
  text: string;
  soft: string;
}

/** Whether white words on buttons of this colour can be read. */
export function isReadableAccent(hex: string): boolean {
  return HEX.test(hex) && contrast(WHITE, hex) >= READABLE;
}

/** The nearest darker shade on which white words can be read. */
export function readableAccent(hex: string): string {
  return moved(hex, BLACK, (shade) => contrast(WHITE, shade) >= READABLE);
}

export function lightShades(accent: string): AccentShades {
  const soft = mixed(accent, LIGHT_SURFACE, 0.92);
  const isText = (shade: string) => [LIGHT_GROUND, soft].every((ground) => contrast(shade, ground) >= READABLE);
  return { accent, hover: mixed(accent, BLACK, 0.18), text: moved(accent, BLACK, isText), soft };
}

export function darkShades(accent: string): AccentShades {
  const soft = mixed(accent, DARK_SURFACE, 0.72);
  const isText = (shade: string) => [DARK_GROUND, soft].every((ground) => contrast(shade, ground) >= READABLE);
  return { accent, hover: mixed(accent, BLACK, 0.18), text: moved(accent, WHITE, isText), soft };
}

/** The tokens of `tokens.css` that a brand's colour replaces; nothing for the default and for what is no colour. */
export function consoleAccentCss(accent: string | undefined): string {
  if (isDefault(accent)) {
    return '';
  }
  const [light, dark] = [lightShades(accent), darkShades(accent)];
  const pair = (shade: keyof AccentShades) => `light-dark(${light[shade]},${dark[shade]})`;
  return `:root{--accent:${pair('accent')};--accent-hover:${pair('hover')};--accent-text:${pair('text')};--accent-soft:${pair('soft')};--focus:${pair('text')}}`;
}

/** The tokens of `respond.css`, for browsers that know no `light-dark()`. */
export function respondentAccentCss(accent: string | undefined): string {
  if (isDefault(accent)) {
    return '';
  }
  const tokens = ({ accent: own, text }: AccentShades) => `:root{--accent:${own};--accent-dark:${text}}`;
  return `${tokens(lightShades(accent))}@media (prefers-color-scheme:dark){${tokens(darkShades(accent))}}`;
}

export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function isDefault(accent: string | undefined): accent is undefined {
  return accent === undefined || !HEX.test(accent) || accent.toLowerCase() === DEFAULT_ACCENT;
}

/** `hex` moved towards `goal` in small steps until it is good; the goal itself is always good. */
function moved(hex: string, goal: string, isGood: (shade: string) => boolean): string {
  for (let share = 0; share < 1; share += 0.02) {
    const shade = mixed(hex, goal, share);
    if (isGood(shade)) {
      return shade;
    }
  }
  return goal;
}

function mixed(one: string, other: string, share: number): string {
  const [from, to] = [channels(one), channels(other)];
  const parts = from.map((part, place) => Math.round(part + ((to[place] ?? 0) - part) * share));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red, green, blue] = channels(hex).map((part) => {
    const level = part / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(hex: string): number[] {
  return [1, 3, 5].map((place) => Number.parseInt(hex.slice(place, place + 2), 16));
}
