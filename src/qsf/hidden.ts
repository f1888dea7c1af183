/** No tag of HTML: what a survey hides is renamed to it, and goes with everything in it. */
export const HIDDEN = 'hidden-text';

export type IsHidden = (attributes: Readonly<Record<string, string>>) => boolean;

const NOTHING = '\\s*:\\s*0(?:\\.0+)?(?:px|pt|em|rem|%)?\\s*(?:;|!|$)';
const STYLES: readonly RegExp[] = [
  /display\s*:\s*none/i,
  /visibility\s*:\s*(?:hidden|collapse)/i,
  new RegExp(`(?:^|[;\\s])(?:font-size|opacity)${NOTHING}`, 'i'),
  /(?:^|[;\s])color\s*:\s*transparent/i,
  /(?:^|[;\s])(?:left|right|top|text-indent|margin-left)\s*:\s*-(?:999|\d{4,})/i,
];
/** Boxes without a height hide what is in them only where it may not flow over. */
const NO_BOX = new RegExp(`(?:^|[;\\s])(?:max-)?(?:height|width)${NOTHING}`, 'i');
const WHITE = /(?:^|[;\s])color\s*:\s*(?:white\b|#fff(?:fff)?\b|rgba?\(\s*255\s*,\s*255\s*,\s*255\b)/i;

/** Whether respondents saw nothing of a part of this text; scripts that would show it later don't run here. */
export function hiddenIn(html: string): IsHidden {
  const names = hiddenNames(html);
  return ({ style = '', class: classes = '', id = '', hidden }) =>
    hidden !== undefined ||
    isHiddenStyle(style) ||
    names.has(`#${id}`) ||
    classes.split(/\s+/).some((name) => names.has(`.${name}`));
}

/** White on white: only where nothing of the text has a ground of its own. */
export function isWhite({ style = '' }: Readonly<Record<string, string>>): boolean {
  return WHITE.test(style);
}

export function mayHideInWhite(html: string): boolean {
  return WHITE.test(html.replaceAll(/["']/g, ';')) && !/\bbackground|\bbgcolor\s*=/i.test(html);
}

export function isHiddenStyle(style: string): boolean {
  return STYLES.some((pattern) => pattern.test(style)) || (NO_BOX.test(style) && /overflow\s*:\s*hidden/i.test(style));
}

/** What a style sheet in the text itself hides, by `.class` and `#id`. */
function hiddenNames(html: string): Set<string> {
  const rules = html.matchAll(/([.#][\w-]{1,80})\s*\{([^{}]{0,500})\}/g);
  return new Set([...rules].flatMap(([, name = '', style = '']) => (isHiddenStyle(style) ? [name] : [])));
}
