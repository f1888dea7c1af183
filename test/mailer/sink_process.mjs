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

const HELLO = '250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 26214400\r\n';

class Conversation {
  rest = '';
  inBody = false;
  sender = '';
  recipients = [];
  isOver = false;

  constructor(socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('error', () => socket.destroy());
    socket.on('data', (text) => this.take(text));
    socket.write('220 sink.test ESMTP\r\n');
  }

  take(text) {
    this.rest += text;
    let answers = '';
    while (!this.isOver) {
      const answer = this.inBody ? this.body() : this.line();
      if (answer === undefined) break;
      answers += answer;
    }
    if (answers !== '' && !this.socket.destroyed) this.socket.write(answers);
    if (this.isOver) this.socket.end();
  }

  body() {
    const end = this.rest.indexOf('\r\n.\r\n');
    if (end < 0) return undefined;
    const raw = this.rest.slice(0, end + 2);
    this.rest = this.rest.slice(end + 5);
    this.inBody = false;
    return this.keep(raw);
  }

  line() {
    const end = this.rest.indexOf('\r\n');
    if (end < 0) return undefined;
    const line = this.rest.slice(0, end);
    this.rest = this.rest.slice(end + 2);
    return this.command(line.slice(0, 4).toUpperCase(), /<(.*?)>/.exec(line)?.[1] ?? '');
  }

  command(verb, address) {
    switch (verb) {
      case 'EHLO':
        return HELLO;
      case 'MAIL':
        this.sender = address;
        this.recipients = [];
        return '250 2.1.0 Ok\r\n';
      case 'RCPT':
        this.recipients.push(address);
        return '250 2.1.5 Ok\r\n';
      case 'DATA':
        this.inBody = true;
        return '354 Go ahead\r\n';
      case 'QUIT':
        this.isOver = true;
        return '221 2.0.0 Bye\r\n';
      default:
        return '250 2.0.0 Ok\r\n';
    }
  }

  keep(raw) {
    if (Math.random() < defer) return '451 4.3.0 Try again later\r\n';
    count += 1;
    note(this, raw);
    if (Math.random() < drop) {
      this.socket.destroy();
      return '';
    }
    const answer = `250 2.0.0 Ok: queued as SINK${count}\r\n`;
    if (delay === 0) return answer;
    setTimeout(() => this.socket.write(answer), delay);
    return '';
  }
}

function note({ sender, recipients }, raw) {
  if (options.raw !== undefined) writeFileSync(join(options.raw, `${count}.eml`), raw, 'latin1');
  if (log === undefined) return;
  const messageId = /^message-id:\s*(\S+)/im.exec(raw.slice(0, raw.indexOf('\r\n\r\n')))?.[1] ?? '';
  writeSync(log, `${JSON.stringify({ messageId, sender, recipients, bytes: raw.length })}\n`);
}

const server = createServer({ noDelay: true }, (socket) => new Conversation(socket));
server.listen(Number(options.port), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
