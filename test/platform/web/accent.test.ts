import fc from 'fast-check';
import {
  consoleAccentCss,
  contrast,
  darkShades,
  isReadableAccent,
  lightShades,
  readableAccent,
  respondentAccentCss,
} from '../../../src/platform/web/accent.js';

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('the colour of a brand', () => {
  it('knows contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it('can be read under white words, or a darker shade of it is offered that can', () => {
    expect(isReadableAccent('#ffd400')).toBe(false);
    expect(isReadableAccent('red')).toBe(false);
    fc.assert(fc.property(colour, (accent) => isReadableAccent(readableAccent(accent))));
    fc.assert(fc.property(colour, (accent) => !isReadableAccent(accent) || readableAccent(accent) === accent));
  });

  it('gives words that can be read on every ground of both themes', () => {
    fc.assert(
      fc.property(colour.filter(isReadableAccent), (accent) => {
        const [light, dark] = [lightShades(accent), darkShades(accent)];
        const grounds: [string, string[]][] = [
          [light.text, ['#f6f7f9', '#ffffff', '#eff1f5', light.soft]],
          [dark.text, ['#0e1219', '#161b24', '#11161e', '#1d2430', dark.soft]],
          ['#ffffff', [light.accent, light.hover, dark.accent, dark.hover]],
        ];
        return grounds.every(([front, all]) => all.every((ground) => contrast(front, ground) >= 4.5));
      }),
    );
  });

  it('writes no style for the default, and none from a text that is no colour', () => {
    for (const accent of [undefined, '#4F46E5', 'red;}body{display:none', '#12345', '</style>']) {
      expect(consoleAccentCss(accent)).toBe('');
      expect(respondentAccentCss(accent)).toBe('');
    }
    expect(consoleAccentCss('#0f6537')).toMatch(/^:root\{--accent:light-dark\(#0f6537,#0f6537\);/);
    expect(respondentAccentCss('#0f6537')).toMatch(/^:root\{--accent:#0f6537;/);
  });
});
