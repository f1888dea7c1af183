import type { World } from '../world.js';
import { until } from '../waiting.js';

export interface CodeMail {
  to: string;
  subject: string;
  code: string;
  text: string;
}

/** The mails with codes that this brand's mailbox holds, first one first. */
export async function codeMails(world: World, brandId: string): Promise<CodeMail[]> {
  const rows = await world.database.inBrand(brandId, (unit) =>
    unit.sql<{ rcpt_to: string; subject: string; raw: Buffer }>(
      'SELECT rcpt_to, subject, raw FROM mailbox_mails WHERE brand_id = $1 ORDER BY id',
      [brandId],
    ),
  );
  return rows.map(({ rcpt_to: to, subject, raw }) => {
    const text = raw.toString();
    return { to, subject, text, code: /\b(\d{4}) (\d{4})\b/.exec(text)?.slice(1).join('') ?? '' };
  });
}

/** The code of the mail with this number, as soon as it is there. */
export async function codeOf(world: World, brandId: string, number: number): Promise<CodeMail> {
  await until(async () => (await codeMails(world, brandId)).length >= number);
  return (await codeMails(world, brandId))[number - 1]!;
}
