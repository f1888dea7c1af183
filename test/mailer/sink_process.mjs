/**
 * An SMTP sink in a process of its own: the independent witness of kill tests and benchmarks. It shares nothing with
 * the product; it writes the line of a mail to its log before it answers 250, so that what it took is known whoever dies.
 *
 *   node sink_process.mjs --log FILE [--port N] [--delay MS] [--defer 0.1] [--drop 0.1] [--raw DIR] [--quiet]
 *
 * Prints "listening PORT" when it is ready. A log line is JSON: {"messageId","sender","recipients","bytes"}.
 * --delay waits before the answer to the dot, --defer and --drop answer a share of the mails with 451 or by hanging up
 * after the dot (a dropped mail is logged: the sink did take it), --raw keeps every mail as a file, --quiet logs nothing.
 */
import { openSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    log: { type: 'string' },
    delay: { type: 'string', default: '0' },
    defer: { type: 'string', default: '0' },
    drop: { type: 'string', default: '0' },
    raw: { type: 'string' },
    quiet: { type: 'boolean', default: false },
  },
});
const delay = Number(options.delay);
const defer = Number(options.defer);
const drop = Number(options.drop);
const log = options.quiet || options.log === undefined ? undefined : openSync(options.log, 'a');
let count = 0;

const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  let body;
  let sender = '';
  let recipients = [];
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.write('220 sink.test ESMTP\r\n');
  socket.on('data', (text) => {
    rest += text;
    let answers = '';
    for (;;) {
      if (body !== undefined) {
        const end = rest.indexOf('\r\n.\r\n');
        if (end < 0) break;
        body = rest.slice(0, end + 2);
        rest = rest.slice(end + 5);
        answers += taken(socket, sender, recipients, body);
        body = undefined;
        continue;
      }
      const end = rest.indexOf('\r\n');
      if (end < 0) break;
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO')
        answers += '250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 26214400\r\n';
      else if (verb === 'MAIL') {
        sender = /<(.*?)>/.exec(line)?.[1] ?? '';
        recipients = [];
        answers += '250 2.1.0 Ok\r\n';
      } else if (verb === 'RCPT') {
        recipients.push(/<(.*?)>/.exec(line)?.[1] ?? '');
        answers += '250 2.1.5 Ok\r\n';
      } else if (verb === 'DATA') {
        body = '';
        answers += '354 Go ahead\r\n';
      } else if (verb === 'QUIT') {
        socket.end(`${answers}221 2.0.0 Bye\r\n`);
        return;
      } else answers += '250 2.0.0 Ok\r\n';
    }
    if (answers !== '') socket.write(answers);
  });
});

function taken(socket, sender, recipients, raw) {
  if (Math.random() < defer) return '451 4.3.0 Try again later\r\n';
  count += 1;
  if (log !== undefined) {
    const messageId = /^message-id:\s*(\S+)/im.exec(raw.slice(0, raw.indexOf('\r\n\r\n')))?.[1] ?? '';
    writeSync(log, `${JSON.stringify({ messageId, sender, recipients, bytes: raw.length })}\n`);
  }
  if (options.raw !== undefined) writeFileSync(join(options.raw, `${count}.eml`), raw, 'latin1');
  if (Math.random() < drop) {
    socket.destroy();
    return '';
  }
  const answer = `250 2.0.0 Ok: queued as SINK${count}\r\n`;
  if (delay === 0) return answer;
  setTimeout(() => socket.write(answer), delay);
  return '';
}

server.listen(Number(options.port), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
