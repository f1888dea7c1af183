import { cleanMailHtml } from '../../../src/emails/content/mail_html.js';
import { MailPlaceholders } from '../../../src/emails/content/mail_placeholders.js';
import { CompiledMail } from '../../../src/mailer/mime/mime.js';
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

  it.each(HOSTILE_HTML)('loses it as well where only Outlook reads it: %s', (html) => {
    for (const dirty of [`<!--[if mso]>${html}<![endif]-->`, `<p title="<!--[if mso]>${html}<![endif]-->">a</p>`]) {
      const clean = cleanMailHtml(`${dirty}<!--[if !mso]><!-->${html}<!--<![endif]-->`);
      expect(clean).not.toMatch(/<\/?(script|iframe|object|embed|form|input|button|svg|math|base|link|textarea)\b/i);
      expect(clean.replaceAll(/"[^"]*"/g, '""')).not.toMatch(
        /<[^>]*\s(on\w+|hx-\w+|data-\w+|srcdoc|formaction|http-equiv)\s*=/i,
      );
      expect(clean).not.toMatch(/(href|src|background)\s*=\s*"\s*(javascript|data|vbscript|\/\/)/i);
      expect(clean).not.toMatch(/expression\s*\(|@import|behavior:|-moz-binding/i);
      expect(cleanMailHtml(clean)).toBe(clean);
    }
  });

  it('keeps what only Outlook reads, and what it is told not to', () => {
    const mail = [
      '<!--[if mso]><table role="presentation" width="600"><tr><td><![endif]-->',
      '<div style="max-width:600px">Dear ${m://FirstName}</div>',
      '<!--[if mso]></td></tr></table><![endif]-->',
      '<!--[if (gte mso 9)|(IE)]><v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" href="${l://SurveyURL}" style="height:40px" arcsize="10%" fillcolor="#4f46e5"><w:anchorlock /><center>Go</center></v:roundrect><![endif]-->',
      '<!--[if !mso]><!--><a href="${l://SurveyURL}">Go</a><!--<![endif]-->',
      '<!--[if mso]><style>.a { color: red }</style><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->',
    ].join('\n');
    expect(cleanMailHtml(mail)).toBe(mail);
    expect(cleanMailHtml('<!-- said to nobody --><![if !mso]>a<![endif]>')).toBe(
      '<!--[if !mso]><!-->a<!--<![endif]-->',
    );
  });

  it('keeps them through the making of a mail, with values in them', () => {
    const html = cleanMailHtml(
      '<style>p { color: red }</style><!--[if mso]><table><tr><td><a href="${l://SurveyURL}"><![endif]--><p>a</p><!--[if !mso]><!-->b<!--<![endif]-->',
    );
    const pieces = new MailPlaceholders().html(html);
    const made = new CompiledMail({ from: { address: 'a@b.example' }, subject: [], html: pieces }).htmlPart([
      'https://x.example/s/1',
    ]);
    expect(made.html).toContain('<!--[if mso]><table><tr><td><a href="https://x.example/s/1"><![endif]-->');
    expect(made.html).toContain('<!--[if !mso]><!-->b<!--<![endif]-->');
    expect(made.html).toContain('<p style="color: red;">a</p>');
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
