import { readFileSync } from 'node:fs';
import { InboundService } from '../../src/inbound/inbound.service.js';
import { RetentionService } from '../../src/inbound/retention.service.js';
import { MailboxRetentionService } from '../../src/mailer/mailbox/mailbox_retention.service.js';
import { MailboxService } from '../../src/mailer/mailbox/mailbox.service.js';
import { aDistribution, anAudience, ledgerOf, workOff } from '../distributions/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { START } from '../clock.js';
import { type Person, startWorld, type World } from '../world.js';

const DAY = 86_400_000;
const REPORT = readFileSync('test/mailer/corpus/postfix-user-unknown.eml', 'utf8');
const COMPLAINT = readFileSync('test/mailer/corpus/arf-abuse.eml', 'utf8');

interface Kept {
  n: number;
  bytes: number;
  repeats: number;
  kinds: string[];
}

describe('mails that came back', () => {
  let world: World;
  let ada: Person;
  let brand: Awaited<ReturnType<World['aBrand']>>;
  let ids: string[];
  beforeAll(async () => {
    world = await startWorld({ INBOUND_STORE_MB: '1', MAILBOX_KEEP_MAILS: '10' });
    world.clock.set(START);
    brand = await world.aBrand();
    ada = await world.aPerson(brand);
    const { listId } = await anAudience(world, ada, 12);
    const distribution = await aDistribution(world, ada, await aSurvey(world, ada), { listId });
    await workOff(world);
    ids = (await ledgerOf(world, distribution)).map(({ id }) => id);
  });
  afterAll(() => world.close());

  const bring = (messageId: string, text: string, sender = ''): Promise<void> =>
    world.app
      .get(InboundService)
      .keep(
        { sender, recipient: 'b-x@bounce.example', raw: Buffer.from(text), source: 'smtp' },
        { purpose: 'bounce', messageId },
      );
  const numbered = (text: string, n: number, padding = 0): string =>
    `Message-ID: <${n}@x>\n${text}\n${'x'
      .repeat(79)
      .concat('\n')
      .repeat(Math.ceil(padding / 80))}`;
  const kept = (messageId: string): Promise<Kept> =>
    world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one<Kept>(
        `SELECT count(*)::int AS n, coalesce(sum(octet_length(raw)), 0)::int AS bytes, coalesce(sum(repeats), 0)::int AS repeats,
           coalesce(array_agg(coalesce(kind, 'unread') ORDER BY id), '{}') AS kinds FROM inbound_mails WHERE message_id = $1`,
        [messageId],
      ),
    );
  const day = async (): Promise<number> => {
    const rows = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ bytes: string }>('SELECT bytes FROM inbound_days'),
    );
    return rows.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  };
  const all = (): Promise<{ bytes: number }> =>
    world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one('SELECT coalesce(sum(octet_length(raw)), 0)::int AS bytes FROM inbound_mails'),
    );

  it('are kept to ten about one message and a megabyte, and what says the same again is counted', async () => {
    const [id] = ids;
    for (let n = 0; n < 60; n += 1) await bring(id!, numbered(REPORT, n, 200_000));
    const before = await kept(id!);
    expect(before.n).toBeLessThanOrEqual(11);
    expect(before.bytes).toBeLessThanOrEqual(1_048_576);
    await workOff(world);
    const after = await kept(id!);
    expect(after.n + after.repeats).toBe(60);
    expect(after.bytes).toBeLessThan(400_000);
    expect(await day()).toBe((await all()).bytes);
  });

  it('are still acted on when they bring something new', async () => {
    const [id] = ids;
    await bring(id!, numbered(COMPLAINT, 1));
    await workOff(world);
    const [message] = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ bounced: boolean; complained: boolean }>(
        'SELECT bounced_at IS NOT NULL AS bounced, complained_at IS NOT NULL AS complained FROM messages WHERE id = $1',
        [id],
      ),
    );
    expect(message).toEqual({ bounced: true, complained: true });
    await bring(id!, numbered(COMPLAINT, 2));
    expect((await kept(id!)).kinds.filter((kind) => kind === 'complaint')).toHaveLength(1);
  });

  it('of people are refused beyond that, so that their authors hear of it', async () => {
    const id = ids[1]!;
    const reply = (n: number): Promise<void> => bring(id, numbered('Subject: Re\n\nHello', n), 'grace@navy.example');
    for (let n = 0; n < 10; n += 1) await reply(n);
    await expect(reply(10)).rejects.toThrow('Enough mails speak of this message.');
    await reply(9);
    expect((await kept(id)).n).toBe(10);
  });

  it('keep to the bounds when they come all at once', async () => {
    const id = ids[2]!;
    await Promise.all(Array.from({ length: 40 }, (_, n) => bring(id, numbered(REPORT, n, 150_000))));
    expect((await kept(id)).bytes).toBeLessThanOrEqual(1_048_576);
    await workOff(world);
    expect((await kept(id)).n).toBeLessThanOrEqual(12);
  });

  it('are asked to come again when all together take too much', async () => {
    for (const id of ids.slice(3)) {
      for (let n = 0; n < 4; n += 1) await bring(id, numbered(REPORT, n, 240_000));
    }
    world.clock.forward(6000);
    await expect(bring(ids[6]!, numbered(REPORT, 9))).rejects.toThrow('No more mails can be kept here.');
  });

  it('lose their words by age, keep what was found in them, and the page says so', async () => {
    await workOff(world);
    world.clock.forward(31 * DAY);
    await bring(ids[1]!, numbered(REPORT, 77));
    await world.app.get(RetentionService).forget();
    const rows = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ bytes: number; excerpt: string; kind: string | null; found: boolean; gone: boolean }>(
        `SELECT octet_length(raw) AS bytes, excerpt, kind, findings ? 'evidence' AS found, words_gone_at IS NOT NULL AS gone
         FROM inbound_mails ORDER BY id DESC`,
      ),
    );
    const [fresh, ...old] = rows;
    expect(fresh).toMatchObject({ gone: false });
    expect(old.every((row) => row.gone && row.bytes === 0 && row.excerpt === '' && row.found)).toBe(true);
    const grace = await world.aPerson(brand, { type: 'administrator' });
    const { text } = await grace.agent.get('/brand/email/returned').expect(200);
    expect(text).toContain('The text was removed after 30 days.');
    expect(text).toContain('more mails said the same');
    world.clock.forward(400 * DAY);
    await workOff(world);
    await world.app.get(RetentionService).forget();
    expect((await kept(ids[0]!)).n).toBe(0);
    expect(await day()).toBe(0);
  });

  it('about messages that are gone are kept by their start, for a week', async () => {
    await bring('987654321', numbered(REPORT, 1, 200_000));
    const strays = (): Promise<{ n: number; bytes: number }> =>
      world.database.outsideBrands((unit) =>
        unit.one('SELECT count(*)::int AS n, coalesce(sum(octet_length(raw)), 0)::int AS bytes FROM stray_mails'),
      );
    expect(await strays()).toEqual({ n: 1, bytes: 32_768 });
    await world.app.get(RetentionService).forget();
    expect((await strays()).n).toBe(1);
    world.clock.forward(8 * DAY);
    await world.app.get(RetentionService).forget();
    expect((await strays()).n).toBe(0);
  });

  it('of the development mailbox are kept for a week, and the newest of them only', async () => {
    const mailbox = world.app.get(MailboxService);
    await mailbox.clear(ada.actor);
    const put = (): Promise<void> =>
      mailbox.keep(ada.actor.brandId, { sender: '', recipient: 'x', raw: Buffer.from('Subject: One\r\n\r\nx') });
    for (let n = 0; n < 25; n += 1) await put();
    await world.app.get(MailboxRetentionService).forget();
    expect(await mailbox.count(ada.actor)).toBe(10);
    world.clock.forward(8 * DAY);
    await put();
    await world.app.get(MailboxRetentionService).forget();
    expect(await mailbox.count(ada.actor)).toBe(1);
  });
});
