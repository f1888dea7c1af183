import type { Brand } from '../../src/brands/brand.entity.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import type { Person, World } from '../world.js';

/** Numbers of one row of each kind that a brand owns; every text in them holds "Secret of Acme". */
export interface Owned {
  brand: string;
  user: string;
  token: string;
  survey: string;
  list: string;
  contact: string;
  import: string;
  distribution: string;
  message: string;
  session: string;
  response: string;
  export: string;
  mail: string;
  rule: string;
  segment: string;
  relay: string;
  /** What happened, with a notice of it for the person. */
  notice: string;
  /** A From domain is named by itself. */
  domain: string;
}

const SECRET = 'Secret of Acme';

/** Gives the brand one of everything, straight into the tables: what matters here is only whose it is. */
export async function ownEverything(world: World, brand: Brand, { user }: Person): Promise<Owned> {
  return world.database.inBrand(brand.id, async (unit) => {
    const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
      const entries = Object.entries({ brand_id: brand.id, ...row });
      const places = entries.map((_, index) => `$${index + 1}`).join(', ');
      const [made] = await unit.sql<{ id: string }>(
        `INSERT INTO ${table} (${entries.map(([name]) => name).join(', ')}) VALUES (${places}) RETURNING id`,
        entries.map(([, value]) => value),
      );
      return made!.id;
    };
    const now = world.clock.now();
    const owner = { owner_id: user.id, created_at: now };
    const definition = JSON.stringify({ ...exampleDefinition(), title: SECRET });
    const survey = await insert('surveys', { ...owner, name: SECRET, draft: definition, modified_at: now });
    const version = await insert('survey_versions', { survey_id: survey, number: 1, definition, published_at: now });
    await unit.sql(`UPDATE surveys SET stage = 'active', published_version_id = $1 WHERE id = $2`, [version, survey]);
    const list = await insert('contact_lists', { ...owner, name: SECRET, modified_at: now, contact_count: 1 });
    const contact = await insert('contacts', {
      first_name: SECRET,
      email: 'secret@acme.example',
      created_at: now,
      modified_at: now,
    });
    await unit.sql(
      'INSERT INTO contact_list_members (brand_id, list_id, contact_id, added_at) VALUES ($1, $2, $3, $4)',
      [brand.id, list, contact, now],
    );
    const file = {
      ...owner,
      list_id: list,
      file_name: `${SECRET}.csv`,
      file_path: '/nowhere',
      bytes: 1,
      mapping: '{}',
      status: 'done',
    };
    const imported = await insert('contact_imports', file);
    const distribution = await insert('distributions', {
      ...owner,
      heading: SECRET,
      survey_id: survey,
      channel: 'email',
      request_type: 'Invite',
      link_type: 'Individual',
      status: 'done',
      list_id: list,
      modified_at: now,
    });
    await unit.run(
      `INSERT INTO mail_contents (brand_id, distribution_id, subject, from_name, from_email, body_html)
       VALUES ($1, $2, $3, $3, 'a@acme.example', $3)`,
      [brand.id, distribution, SECRET],
    );
    const link = await insert('links', {
      survey_id: survey,
      kind: 'individual',
      channel: 'email',
      distribution_id: distribution,
      contact_id: contact,
      created_at: now,
    });
    const message = await insert('messages', {
      distribution_id: distribution,
      survey_id: survey,
      contact_id: contact,
      link_id: link,
      recipient: '{}',
      address: 'secret@acme.example',
      state: 'accepted',
    });
    const walk = { survey_id: survey, version_id: version, channel: 'email', started_at: now };
    const session = await insert('sessions', { ...walk, state: 'finished', walk: '{}', last_activity_at: now });
    const response = await insert('responses', {
      ...walk,
      session_id: session,
      finished: true,
      progress: 100,
      language: 'en',
      ended_at: now,
      recorded_at: now,
      duration_seconds: 1,
      answers: JSON.stringify({ QID1: SECRET }),
    });
    const exported = await insert('response_exports', {
      ...owner,
      survey_id: survey,
      settings: '{}',
      status: 'complete',
      file_path: '/nowhere',
    });
    const mail = await insert('mailbox_mails', {
      received_at: now,
      mail_from: 'a@acme.example',
      rcpt_to: 'secret@acme.example',
      subject: SECRET,
      raw: Buffer.from(SECRET),
    });
    const domain = 'secret.acme.example';
    await insert('from_domains', {
      domain,
      created_at: now,
      next_check_at: new Date(now.getTime() + 86_400_000),
      findings: JSON.stringify([{ area: 'spf', code: 'permerror', level: 'bad', values: { reason: SECRET } }]),
    });
    const relay = await insert('relays', {
      name: SECRET,
      host: 'smtp.acme.example',
      port: 587,
      tls: 'required',
      auth: 'none',
      place: 1,
      created_at: now,
      changed_at: now,
    });
    const rule = await insert('frequency_rules', {
      ...owner,
      name: SECRET,
      gap_hours: 24,
      counts: ['Invite'],
      modified_at: now,
    });
    const segment = await insert('segments', {
      ...owner,
      name: SECRET,
      tree: JSON.stringify({
        match: 'all',
        conditions: [{ field: 'firstName', name: '', operator: 'is', value: SECRET }],
      }),
      modified_at: now,
    });
    const notice = await insert('notice_events', {
      key: 'relay',
      kind: 'relays',
      stamp: now,
      told_at: now,
      facts: JSON.stringify({ words: 'relay_down', reason: SECRET }),
    });
    await unit.sql(
      'INSERT INTO notices (brand_id, event_id, user_id, told_at, in_bell) VALUES ($1, $2, $3, $4, true)',
      [brand.id, notice, user.id, now],
    );
    const [token] = await unit.sql<{ id: string }>('SELECT id FROM api_tokens WHERE user_id = $1', [user.id]);
    return {
      brand: brand.id,
      user: user.id,
      token: token!.id,
      survey,
      list,
      contact,
      import: imported,
      distribution,
      message,
      rule,
      segment,
      session,
      response,
      export: exported,
      mail,
      domain,
      relay,
      notice,
    };
  });
}
