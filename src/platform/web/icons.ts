import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SVG_BODY = /<svg[^>]*>([\s\S]*)<\/svg>/;
/** Tabler draws an invisible square first; it only costs bytes. */
const BOUNDING_SQUARE = /<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/;

/**
 * One SVG file with the icons that `views/shared/icons.json` names (our word → Tabler's outline icon), so that a page
 * loads all of them once and colours them with `currentColor`. The drawings stand in `public/icons`, with their licence:
 * the package brings 6,000 of them and 51 MB.
 */
export function iconSprite(viewsDir: string, publicDir: string): string {
  const names = JSON.parse(readFileSync(join(viewsDir, 'shared/icons.json'), 'utf8')) as Record<string, string>;
  const symbols = Object.entries(names).map(([name, icon]) => {
    const source = readFileSync(join(publicDir, 'icons', `${icon}.svg`), 'utf8');
    const shapes = SVG_BODY.exec(source)?.[1]?.replace(BOUNDING_SQUARE, '').replaceAll(/\s+/g, ' ').trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}
