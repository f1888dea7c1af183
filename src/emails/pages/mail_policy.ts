/** The author's HTML as a mail program shows it: pictures and its own styles, links in a new tab; no script, no form. */
export const MAIL_POLICY =
  "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; " +
  'sandbox allow-popups allow-popups-to-escape-sandbox';
