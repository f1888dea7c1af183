import { cleanMailHtml } from '../../src/distributions/mails/mail_html.js';
import { HOSTILE_HTML } from './hostile_html.js';

describe('the HTML of a mail', () => {
  it.each(HOSTILE_HTML)('loses what runs, loads or sends: %s', (html) => {
    const clean = cleanMailHtml(html);
    expect(clean).not.toMatch(
      /<\/?(script|iframe|object|embed|form|input|button|svg|math|base|link|textarea|xmp|template|noscript)\b/i,
    );
    expect(clean).not.toMatch(/\s(on\w+|hx-\w+|data-\w+|srcdoc|formaction|http-equiv)\s*=/i);
    expect(clean).not.toMatch(/(href|src|background)\s*=\s*"\s*(javascript|data|vbscript|\/\/)/i);
    expect(clean).not.toMatch(/expression\s*\(|@import|behavior:|-moz-binding/i);
    expect(cleanMailHtml(clean)).toBe(clean);
  });

  it('keeps what mails are made of', () => {
    const mail =
      '<!DOCTYPE html>\n<html lang="de"><head><meta charset="utf-8" /><style>.a { color: red } @media (prefers-color-scheme: dark) { .a { color: pink } }</style></head><body bgcolor="#ffffff"><table width="600" cellpadding="0" role="presentation"><tr><td align="center" style="padding:8px;background:#fff">Hello <b>you</b></td></tr></table></body></html>';
    expect(cleanMailHtml(mail)).toBe(mail);
  });

  it('ends no style before its end, whatever is cut out of it', () => {
    expect(cleanMailHtml('<style><<!/style><<!img src=x onerror=alert(1)></style><p>a</p>')).toBe(
      '<style>!/style>!img src=x onerror=alert(1)></style><p>a</p>',
    );
    const compares = '<style>@media (400px <= width < 700px) { p { color: red } }</style>';
    expect(cleanMailHtml(compares)).toBe(compares);
  });

  it('keeps placeholders, also as addresses', () => {
    const html =
      '<p>Dear ${m://FirstName}, <a href="${l://SurveyURL}">go</a> <img src="${e://Field/Logo}" alt="${e://Field/Name}"> ${l://SurveyLink?d=Yes &amp; no}</p>';
    expect(cleanMailHtml(html)).toBe(html.replace('" alt="${e://Field/Name}">', '" alt="${e://Field/Name}" />'));
  });
});
