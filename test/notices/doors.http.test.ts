import { readFileSync } from 'node:fs';
import { ADMINISTRATORS_KINDS, type Facts, type NoticeKind } from '../../src/notices/notice_kinds.js';
import { NoticeMail } from '../../src/notices/notice_mail.js';
import { Config } from '../../src/platform/config.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aDistribution, anAudience, workOff } from '../distributions/builders.js';
import { addDomain } from '../mailer/domains/builders.js';
import { aSurvey, shareWith } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';

const SENTENCES = Object.keys(
  (JSON.parse(readFileSync('views/notices/words.en.json', 'utf8')) as { what: Record<string, object> }).what,
);

/** Of which kinds a sentence is told: of a pause its author hears otherwise than the administrators. */
function kindsOf(words: string): NoticeKind[] {
  if (words.startsWith('limit_user')) {
    return ['ownLimits'];
  }
  if (words.startsWith('limit_division')) {
    return ['ownLimits', 'limits'];
  }
  const ofBrand = (['relay', 'domain', 'limit'] as const).find((start) => words.startsWith(start));
  if (ofBrand !== undefined) {
    return [`${ofBrand}s`];
  }
  return words.startsWith('paused')
    ? ['waits', 'pauses']
    : words.startsWith('held')
      ? ['waits']
      : [words as NoticeKind];
}

describe('each link of a notice', () => {
  let world: World;
  let boss: Person;
  let ada: Person;
  let colleague: Person;
  let survey: Survey;
  let distributionId: string;
  beforeAll(async () => {
    world = await startWorld();
    const brand = await world.aBrand();
    boss = await world.aPerson(brand, { type: 'administrator', firstName: 'Grace' });
    ada = await world.aPerson(brand);
    colleague = await world.aPerson(brand, { firstName: 'Joan' });
    await addDomain(world, boss, 'acme.example');
    survey = await aSurvey(world, ada);
    await shareWith(world, ada, survey.id, colleague, 'canDistribute');
    const { listId } = await anAudience(world, ada, 2);
    ({ id: distributionId } = await aDistribution(world, ada, survey, { listId }));
    await workOff(world);
  });
  afterAll(() => world.close());

  /** Whom a kind is told to; of a distribution also whoever else may send while its owner is away. */
  const readersOf = (kind: NoticeKind): Person[] =>
    ADMINISTRATORS_KINDS.includes(kind) ? [boss] : kind === 'ownLimits' ? [ada] : [ada, colleague, boss];

  const mailed = async (reader: Person, kind: NoticeKind, facts: Facts): Promise<string> => {
    const isOfOne = !['ownLimits', 'relays', 'domains', 'limits'].includes(kind);
    const about = isOfOne ? { surveyId: survey.id, distributionId } : { surveyId: null, distributionId: null };
    const { email, firstName: name } = reader.user;
    const { status } = await world.app
      .get(NoticeMail)
      .send(reader.user.brandId, { kind, facts, ...about, name, email, timeZone: 'UTC' });
    expect(status).toBe('accepted');
    return world.database.inBrand(reader.user.brandId, async (unit) => {
      const { raw } = await unit.one<{ raw: string }>(
        `SELECT convert_from(raw, 'UTF8') AS raw FROM mailbox_mails WHERE rcpt_to = $1 ORDER BY id DESC LIMIT 1`,
        [email],
      );
      return raw;
    });
  };

  it.each(SENTENCES)('opens for whoever gets it: %s', async (words) => {
    const facts: Facts = { words, title: 'acme.example', domain: 'acme.example', survey: 'Pulse', used: 9, limit: 10 };
    for (const kind of kindsOf(words)) {
      for (const reader of readersOf(kind)) {
        const raw = (await mailed(reader, kind, facts)).replaceAll('=\r\n', '').replaceAll('=3D', '=');
        const { baseUrl } = world.app.get(Config);
        const links = [...new Set([...raw.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!))];
        expect(links.length).toBeGreaterThanOrEqual(2); // what it is about, and what one hears of
        for (const link of links) {
          expect(link.startsWith(`${baseUrl}/`)).toBe(true);
          const { status } = await reader.agent.get(link.slice(baseUrl.length).split('#')[0]!).redirects(2);
          expect([words, kind, link, status]).toEqual([words, kind, link, 200]);
        }
      }
    }
  });
});
