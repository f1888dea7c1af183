/** How senders' servers report a refusal, each in its own way. The reply is such as `550 5.1.1 No such user`. */
export const FORMS: Readonly<Record<string, (reply: string) => string>> = {
  postfix,
  sendmail,
  exim,
  qmail,
  exchange,
  courier,
  lines,
  'without its boundary': unbound,
};

const OURS = 'b-aaaaaaaaaaaabk7f2q5tz3mnp4xw6d@bounce.acme.example';
const ORIGINAL = [
  `Return-Path: <${OURS}>`,
  'From: "Acme People" <people@acme.example>',
  'To: "Grace Hopper" <grace@navy.example>',
  'Subject: How was your first week, Grace?',
  'Message-ID: <0f3b1c7e-2a51-4c0e-9c1e-7d0b8a6f4e21@acme.example>',
  '',
  'Dear Grace, the user unknown to us is welcome.',
];

function mail(headers: readonly string[], body: readonly string[]): string {
  return [`Return-Path: <>`, ...headers, `To: ${OURS}`, 'MIME-Version: 1.0', ...body].join('\r\n');
}

function report(words: readonly string[], fields: readonly string[]): readonly string[] {
  const part = (type: string, body: readonly string[]): string[] => [
    '--=_b1',
    `Content-Type: ${type}`,
    '',
    ...body,
    '',
  ];
  return [
    'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b1"',
    '',
    ...part('text/plain; charset=utf-8', words),
    ...part('message/delivery-status', fields),
    ...part('message/rfc822', ORIGINAL),
    '--=_b1--',
  ];
}

/** The code, its enhanced status and the words of a reply. */
function split(reply: string): { code: string; enhanced: string | undefined; words: string } {
  const [, code, enhanced, words] = /^(\d{3})[ -]#?(?:(\d\.\d+\.\d+) )?(.*)$/.exec(reply)!;
  return { code: code!, enhanced, words: words! };
}

function made({ code, enhanced }: { code: string; enhanced: string | undefined }): string {
  return enhanced ?? `${code[0]!}.0.0`;
}

function postfix(reply: string): string {
  const told = split(reply);
  const words = [
    'This is the mail system at host mx.acme.example.',
    '',
    "I'm sorry to have to inform you that your message could not",
    "be delivered to one or more recipients. It's attached below.",
    '',
    `<grace@navy.example>: host mx.navy.example[192.0.2.25] said: ${reply} (in`,
    '    reply to RCPT TO command)',
  ];
  return mail(
    ['From: MAILER-DAEMON@mx.acme.example (Mail Delivery System)', 'Subject: Undelivered Mail Returned to Sender'],
    report(words, [
      'Reporting-MTA: dns; mx.acme.example',
      'X-Postfix-Queue-ID: 4F1D2',
      '',
      'Final-Recipient: rfc822; grace@navy.example',
      'Action: failed',
      `Status: ${made(told)}`,
      'Remote-MTA: dns; mx.navy.example',
      `Diagnostic-Code: smtp; ${reply}`,
    ]),
  );
}

function sendmail(reply: string): string {
  const words = [
    'The original message was received at Mon, 2 Nov 2026 09:12:44 GMT',
    'from app.acme.example [192.0.2.7]',
    '',
    '   ----- The following addresses had permanent fatal errors -----',
    '<grace@navy.example>',
    `    (reason: ${reply})`,
    '',
    '   ----- Transcript of session follows -----',
    '... while talking to mx.navy.example.:',
    '>>> DATA',
    `<<< ${reply}`,
  ];
  return mail(
    [
      'From: Mail Delivery Subsystem <MAILER-DAEMON@mx.acme.example>',
      'Subject: Returned mail: see transcript for details',
    ],
    report(words, [
      'Reporting-MTA: dns; mx.acme.example',
      'Received-From-MTA: DNS; app.acme.example',
      '',
      'Final-Recipient: RFC822; grace@navy.example',
      'Action: failed',
      `Status: ${made(split(reply))}`,
      `Diagnostic-Code: SMTP; ${reply}`,
    ]),
  );
}

function exim(reply: string): string {
  return mail(
    [
      'From: Mail Delivery System <Mailer-Daemon@mx.acme.example>',
      'Subject: Mail delivery failed: returning message to sender',
      'X-Failed-Recipients: grace@navy.example',
      'Auto-Submitted: auto-replied',
    ],
    [
      'Content-Type: text/plain; charset=utf-8',
      '',
      'This message was created automatically by mail delivery software.',
      '',
      'A message that you sent could not be delivered to one or more of its',
      'recipients. This is a permanent error. The following address(es) failed:',
      '',
      '  grace@navy.example',
      '    SMTP error from remote mail server after RCPT TO:<grace@navy.example>:',
      `    host mx.navy.example [192.0.2.25]: ${reply}`,
      '',
      '------ This is a copy of the message, including all the headers. ------',
      '',
      ...ORIGINAL,
    ],
  );
}

function qmail(reply: string): string {
  return mail(
    ['From: MAILER-DAEMON@mx.acme.example', 'Subject: failure notice'],
    [
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hi. This is the qmail-send program at mx.acme.example.',
      "I'm afraid I wasn't able to deliver your message to the following addresses.",
      "This is a permanent error; I've given up. Sorry it didn't work out.",
      '',
      '<grace@navy.example>:',
      '192.0.2.25 does not like recipient.',
      `Remote host said: ${reply}`,
      'Giving up on 192.0.2.25.',
      '',
      '--- Below this line is a copy of the message.',
      '',
      ...ORIGINAL,
    ],
  );
}

function exchange(reply: string): string {
  const words = [
    'Delivery has failed to these recipients or distribution lists:',
    '',
    'grace@navy.example',
    'The message could not be delivered. Please try resending it later, or provide the following diagnostic text to your administrator.',
    '',
    'Diagnostic information for administrators:',
    '',
    'Generating server: mx.acme.example',
    '',
    'grace@navy.example',
    `mx.navy.example #<mx.navy.example #${made(split(reply))} smtp;${reply}> #SMTP#`,
  ];
  return mail(
    [
      'From: Microsoft Exchange <postmaster@mx.acme.example>',
      'Subject: Undeliverable: How was your first week, Grace?',
    ],
    report(words, [
      'Reporting-MTA: dns;mx.acme.example',
      '',
      'Final-Recipient: rfc822;grace@navy.example',
      'Action: failed',
      `Status: ${made(split(reply))}`,
      `Diagnostic-Code: smtp;${reply}`,
      'Remote-MTA: dns;mx.navy.example',
    ]),
  );
}

function courier(reply: string): string {
  const words = [
    'This is a delivery status notification from mx.acme.example,',
    'running the Courier mail server.',
    '',
    'UNDELIVERABLE MAIL',
    '',
    'Your message to the following recipients cannot be delivered:',
    '',
    '<grace@navy.example>:',
    '    mx.navy.example [192.0.2.25]:',
    '>>> RCPT TO:<grace@navy.example>',
    `<<< ${reply}`,
  ];
  return mail(
    ['From: "Courier mail server at mx.acme.example" <@>', 'Subject: NOTICE: mail delivery status.'],
    report(words, [
      'Reporting-MTA: dns; mx.acme.example',
      '',
      'Final-Recipient: rfc822; grace@navy.example',
      'Action: failed',
      `Status: ${split(reply).code[0]!}.0.0`,
      `Diagnostic-Code: smtp; ${reply}`,
    ]),
  );
}

/** Gateways that write nothing but the reply. */
function lines(reply: string): string {
  return mail(
    ['From: "Gateway" <postmaster@mx.acme.example>', 'Subject: Undeliverable Mail: "How was your first week, Grace?"'],
    [
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Your message:',
      '   From:    people@acme.example',
      '   Subject: How was your first week, Grace?',
      '',
      'Could not be delivered because of',
      '',
      reply,
      '',
      'The following recipients were affected:',
      '   grace@navy.example',
    ],
  );
}

/** A gateway on the way wrote another boundary into the header than stands between the parts. */
function unbound(reply: string): string {
  return postfix(reply).replace('boundary="=_b1"', 'boundary="=_never_seen"');
}
