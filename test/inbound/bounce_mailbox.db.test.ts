import { verpLocalPart, type VerpPurpose } from '../../src/mailer/verp.js';
import { Keys } from '../../src/platform/keys.js';
import { aDistribution, anAudience, ledgerOf, workOff } from '../distributions/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { ImapServer } from './imap_server.js';

describe('a mailbox for bounces', () => {
  let world: World;
  let imap: ImapServer;
  let ada: Person;
  let messageId: string;
  beforeAll(async () => {
    imap = await new ImapServer().listen();
    world = await startWorld({ BOUNCE_IMAP_URL: imap.url, BOUNCE_DOMAIN: 'bounce.acme.example' });
    world.clock.set(new Date('2026-11-02T08:00:00Z'));
    ada = await world.aPerson(await world.aBrand());
    const { listId } = await anAudience(world, ada, 1);
    const distribution = await aDistribution(world, ada, await aSurvey(world, ada), { listId });
    await workOff(world);
    messageId = (await ledgerOf(world, distribution))[0]!.id;
  });
  afterAll(async () => {
    await world.close();
    await imap.close();
  });

  const addressOf = (purpose: VerpPurpose): string =>
    `${verpLocalPart(messageId, world.app.get(Keys).of('verp'), purpose)}@bounce.acme.example`;
  const put = (uid: number, head: string, body = 'Hello\r\n'): void => {
    imap.mails.push({ uid, raw: Buffer.from(`${head}\r\nMessage-ID: <${uid}@x>\r\n\r\n${body}`) });
  };
  const look = async (): Promise<string[]> => {
    world.clock.forward(61_000);
    await workOff(world);
    await workOff(world);
    const rows = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ kind: string }>('SELECT kind FROM inbound_mails ORDER BY id'),
    );
    return rows.map(({ kind }) => kind);
  };

  it('gives what is addressed to us, marks it as seen, and leaves the rest alone', async () => {
    put(
      3,
      `From: grace@navy.example\r\nTo: ${addressOf('bounce')}\r\nReturn-Path: <grace@navy.example>\r\nSubject: Re: Hello`,
    );
    put(5, 'From: boss@navy.example\r\nTo: bounces@acme.example\r\nSubject: private');
    put(
      8,
      `From: feedback@provider.example\r\nTo: bounces@acme.example\r\nContent-Type: multipart/report; boundary=b`,
      [
        '--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse',
        `--b\r\nContent-Type: message/rfc822\r\n\r\nReturn-Path: <${addressOf('bounce')}>\r\nList-Unsubscribe: <mailto:${addressOf('unsubscribe')}>\r\n\r\nHi`,
        '--b--\r\n',
      ].join('\r\n'),
    );
    expect(await look()).toEqual(['reply', 'complaint']);
    expect([...imap.seen]).toEqual([3, 8]);
  });

  it('fetches each mail once, and goes on where it stopped', async () => {
    imap.fetched.length = 0;
    put(
      9,
      `From: grace@navy.example\r\nTo: ${addressOf('unsubscribe')}\r\nReturn-Path: <grace@navy.example>\r\nSubject: unsubscribe`,
    );
    expect(await look()).toEqual(['reply', 'complaint', 'unsubscribe']);
    await look();
    expect(imap.fetched).toEqual([9]);
  });

  it('reads all again when the mailbox was made anew, and keeps nothing twice', async () => {
    imap.uidValidity = 8;
    imap.fetched.length = 0;
    expect(await look()).toEqual(['reply', 'complaint', 'unsubscribe']);
    expect(imap.fetched).toEqual([3, 5, 8, 9]);
  });

  it('reads on behind a mail whose words are cut in the middle of a letter, or speak in escapes', async () => {
    const words = `${'x'.repeat(299)}\u{1F600} and more`;
    put(20, `From: grace@navy.example\r\nTo: ${addressOf('bounce')}\r\nSubject: one`, words);
    put(21, `From: grace@navy.example\r\nTo: ${addressOf('bounce')}\r\nSubject: two`, String.raw`Say \u0000 to it`);
    put(22, `From: grace@navy.example\r\nReturn-Path: <gr\0ace@x>\r\nTo: ${addressOf('bounce')}\r\nSubject: three`);
    expect(await look()).toEqual(['reply', 'complaint', 'unsubscribe', 'reply', 'reply', 'reply']);
  });

  it('goes on behind mails that flood one address', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(
        `INSERT INTO inbound_mails (brand_id, message_id, addressed, source, source_key, sender, recipient, raw, received_at, state)
         SELECT $1, $2, 'bounce', 'imap', n::text, '', '', '', '2026-11-24T09:00Z', 'done' FROM generate_series(1, 100) n`,
        [ada.actor.brandId, messageId],
      ),
    );
    imap.fetched.length = 0;
    put(30, `From: grace@navy.example\r\nTo: ${addressOf('bounce')}\r\nSubject: one more`);
    put(31, 'From: boss@navy.example\r\nTo: bounces@acme.example\r\nSubject: private');
    await look();
    await look();
    expect(imap.fetched).toEqual([30, 31]);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run("DELETE FROM inbound_mails WHERE state = 'done' AND kind IS NULL", []),
    );
  });

  it('takes nothing for forged addresses', async () => {
    put(
      12,
      `From: mallory@evil.example\r\nTo: ${addressOf('bounce').replace(/.@/, '2@').replace(/^b-./, 'b-z')}\r\nSubject: forged`,
    );
    expect(await look()).toHaveLength(6);
  });
});
