/** Pictures that stand in the text itself; drawings (SVG) could hold scripts. */
const INSIDE = /^data:image\/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+$/i;

/** The address of a picture that can be fetched or read; nothing for what only the other system could find. */
export function pictureAddress(written: string): string | undefined {
  if (INSIDE.test(written.trim())) return written.trim();
  const whole = written.trim().startsWith('//') ? `https:${written.trim()}` : written.trim();
  const address = whole.replaceAll(' ', '%20'); // as browsers read it
  return /^https?:\/\/[^\s/$"'<>][^\s"'<>]*$/i.test(address) && !address.includes('${') ? address : undefined;
}

/** Pictures that a program draws of the TeX in their address. */
const DRAWN =
  /(?:(?:math|mime|latex)\w*\.cgi|codecogs\.com\/\w+\.(?:latex|image)|codecogs\.com\/(?:gif|png|svg)\.\w+)\?(.+)$/i;
const CHART = /chart\?(?:.*&)?chl=([^&]+)/i;
/** How such a program is told the size and the ground of its picture. */
const DRAWING = /\\(?:dpi|bg|fn|inline|tiny|small|large|Large|LARGE|huge)(?:\{[^}]*\}|_\w+)?\s*/g;

/** Characters of an address that may be a formula: looking for one takes the square of them. */
const LONGEST = 4000;

/** The TeX of a picture that shows a formula; the picture itself need not be asked for. */
export function formulaOf(address: string): string | undefined {
  if (address.length > LONGEST) return undefined;
  const [, written] = DRAWN.exec(address) ?? (/[?&]cht=tx/.test(address) ? CHART.exec(address) : null) ?? [];
  if (written === undefined) return undefined;
  try {
    const plain = written.replaceAll('&amp;', '&').replaceAll('&space;', ' ').replaceAll('&plus;', '+');
    const tex = decodeURIComponent(plain).replaceAll(DRAWING, '').trim();
    return tex === '' ? undefined : tex;
  } catch {
    return undefined; // an address that is none
  }
}
