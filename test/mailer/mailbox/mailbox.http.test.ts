import { createConnection } from 'node:net';
import { MailerService } from '../../../src/mailer/mailer.service.js';
import { MailboxServer } from '../../../src/mailer/mailbox/mailbox_server.js';
import { csrfOf, startWorld } from '../../world.js';
import type { Person, World } from '../../world.js';

let world: World;
let ada: Person;
let stranger: Person;
let mailer: MailerService;

beforeAll(async () => {
  world = await startWorld();
  mailer = world.app.get(MailerService);
  ada = await world.aPerson(await world.aBrand('Acme'));
  stranger = await world.aPerson(await world.aBrand('Globex'), { firstName: 'Hank' });
});

afterAll(() => world.close());

const LINK = 'http://localhost:3000/s/1abc?a=1&b=2';

async function send(subject: string, brandId = ada.actor.brandId): Promise<void> {
  const outcome = await mailer.sendSingle(brandId, {
    template: {
      from: { name: 'Acme', address: 'research@anything.example' },
      subject: [subject],
      html: ['<p>Dear ', { slot: 0 }, '</p><p><a href="', { slot: 1 }, '">Start</a></p>'],
    },
    to: { name: 'Grace', address: 'grace@example.com' },
    values: ['<b>Grace</b>', LINK],
  });
  expect(outcome).toMatchObject({ status: 'accepted', detail: { phase: 'reply' } });
}

describe('the development mailbox', () => {
  it('teaches what it is for while it is empty', async () => {
    const page = await ada.agent.get('/mailbox').expect(200);
    expect(page.text).toContain('No mail yet');
  });

  it('shows a mail that was sent, newest first', async () => {
    await send('First');
    await send('Second <i>');
    const { text } = await ada.agent.get('/mailbox').expect(200);
    expect(text.indexOf('Second &lt;i&gt;')).toBeGreaterThan(0);
    expect(text.indexOf('Second')).toBeLessThan(text.indexOf('First'));
    expect(text).toContain('2 mails');
  });

  it('shows a mail as sent in a closed frame whose links open a page of their own', async () => {
    const path = await newest(ada);
    const page = await ada.agent.get(path).expect(200);
    expect(page.text).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    const frame = await ada.agent.get(`${path}/html`).expect(200);
    expect(frame.headers['content-security-policy']).toContain('sandbox allow-popups');
    expect(frame.headers['content-security-policy']).not.toContain('allow-scripts');
    expect(frame.text).toContain('<base target="_blank">');
    expect(frame.text).toContain(`href="${LINK.replace('&', '&amp;')}"`);
    expect(frame.text).toContain('&lt;b&gt;Grace&lt;/b&gt;');
  });

  it('shows text with links to click, headers and the source', async () => {
    const path = await newest(ada);
    expect((await ada.agent.get(`${path}?as=text`)).text).toContain(
      `<a href="${LINK.replace(/[&=]/g, (c) => (c === '&' ? '&amp;' : '&#x3D;'))}"`,
    );
    expect((await ada.agent.get(`${path}?as=headers`)).text).toContain('multipart/alternative');
    expect((await ada.agent.get(`${path}?as=source`)).text).toContain('Content-Transfer-Encoding: quoted-printable');
  });

  it('tells an open list what has come since', async () => {
    const since = (await newest(ada)).split('/').at(-1)!;
    expect((await partial(`/mailbox/arrivals?since=${since}`)).text).not.toContain('hx-partial');
    await send('Third');
    const { text } = await partial(`/mailbox/arrivals?since=${since}`);
    expect(text).toContain('Third');
    expect(text).toContain('1 new mail');
    expect(text).not.toContain('<html');
  });

  it('pages through many mails', async () => {
    for (let place = 0; place < 50; place += 1) await send(`Bulk ${place}`);
    const first = await ada.agent.get('/mailbox');
    const more = /href="(\/mailbox\?before[^"]+)"/.exec(first.text)![1]!.replace('&#x3D;', '=');
    expect(first.text).not.toContain('>First<');
    expect((await ada.agent.get(more)).text).toContain('>First<');
  });

  it('is a brand’s own: nobody else sees, opens or empties it', async () => {
    const path = await newest(ada);
    expect((await stranger.agent.get('/mailbox')).text).not.toContain('Bulk');
    await stranger.agent.get(path).expect(404);
    await stranger.agent.get(`${path}/html`).expect(404);
    await empty(stranger);
    await ada.agent.get(path).expect(200);
  });

  it('is closed to visitors and to people who may not send mails', async () => {
    expect((await world.visitor().get('/mailbox')).status).not.toBe(200);
    const viewer = await world.aPerson(await world.aBrand('Initech'), { type: 'viewer' });
    await viewer.agent.get('/mailbox').expect(403);
  });

  it.each(['0', '999999', 'abc', '1e3', '-1'])('knows no mail %s', async (id) => {
    await ada.agent.get(`/mailbox/${id}`).expect(404);
  });

  it('takes mails from this process only', async () => {
    const { port } = await world.app.get(MailboxServer).relayOf(ada.actor.brandId);
    const login = Buffer.from(`\0${ada.actor.brandId}\0guessed`).toString('base64');
    const heard = await talk(port, ['EHLO x', `AUTH PLAIN ${login}`, 'MAIL FROM:<a@b.c>', 'QUIT']);
    expect(heard).toMatch(/^535 [^]*^530 /m);
  });

  it('can be emptied', async () => {
    await empty(ada);
    expect((await ada.agent.get('/mailbox')).text).toContain('No mail yet');
  });
});

async function empty({ agent }: Person): Promise<void> {
  const token = csrfOf((await agent.get('/mailbox')).text);
  await agent.post('/mailbox/emptyings').set('X-CSRF-Token', token).expect(303);
}

async function newest(person: Person): Promise<string> {
  return /href="(\/mailbox\/\d+)"/.exec((await person.agent.get('/mailbox')).text)![1]!;
}

function partial(path: string): ReturnType<Person['agent']['get']> {
  return ada.agent.get(path).set('HX-Request-Type', 'partial');
}

/** Says the next line after each answer, and gives back everything that was answered. */
function talk(port: number, lines: string[]): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const left = [...lines];
    const socket = createConnection(port, '127.0.0.1');
    socket.on('data', (chunk) => {
      heard += chunk.toString();
      const next = /^\d{3} .*\r\n$/m.test(chunk.toString()) ? left.shift() : undefined;
      if (next !== undefined) socket.write(`${next}\r\n`);
    });
    socket.on('close', () => resolve(heard));
  });
}
