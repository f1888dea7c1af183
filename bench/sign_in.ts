/**
 * What the time of a refused sign-in tells: medians for people, strangers, disabled people and those without a password,
 * turn by turn over HTTP, each name once and each try from a network of its own. The medians must lie within a millisecond.
 *
 * Arguments: tries of each kind (200).
 */
import { setTimeout as rest } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { anInstallation, type Installation } from './support/installation.js';
import { keep, rounded, sizesOr } from './support/measure.js';

const KINDS = ['known', 'unknown', 'disabled', 'without'] as const;
const REST_MS = 5;

/** People of each kind, copied from one that was added as everybody is. */
async function people({ app, database, actor }: Installation, count: number): Promise<void> {
  const { userTypeId } = (await app.get(AccountsService).byId(actor.brandId, actor.userId))!;
  const person = { email: 'first@acme.example', password: 'seventeen green umbrellas', userTypeId };
  const { id } = await app.get(AccountsService).addUser(actor.brandId, person);
  await database.inBrand(actor.brandId, (unit) =>
    unit.run(
      `INSERT INTO users (brand_id, email, password_hash, user_type_id, status, created_at)
       SELECT brand_id, kind || n || '@acme.example', CASE WHEN kind <> 'without' THEN password_hash END, user_type_id,
              CASE kind WHEN 'disabled' THEN 'disabled' WHEN 'without' THEN 'invited' ELSE 'active' END, created_at
       FROM users, unnest(ARRAY['known', 'disabled', 'without']) AS kind, generate_series(1, $2) AS n WHERE id = $1`,
      [id, count],
    ),
  );
}

async function trying(origin: string, form: { token: string; cookie: string }, email: string, turn: number) {
  const began = performance.now();
  const answer = await fetch(`${origin}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: form.cookie, 'X-Forwarded-For': `100.${64 + (turn >> 8)}.${turn & 255}.1` },
    body: new URLSearchParams({ _csrf: form.token, email, password: 'not the password at all' }),
  });
  await answer.text();
  const ms = performance.now() - began;
  if (answer.status !== 422) {
    throw new Error(`${email} was answered with ${answer.status}`);
  }
  return ms;
}

/** The time that so large a part of the tries took at most. */
function quantile(times: number[], part: number): number {
  return rounded(times.toSorted((left, right) => left - right)[Math.floor(times.length * part)]!, 2);
}

function row(times: Record<string, number[]>, part: number): Record<string, number> {
  const all = Object.fromEntries(KINDS.map((kind) => [kind, quantile(times[kind]!.slice(5), part)]));
  const spread = rounded(Math.max(...Object.values(all)) - Math.min(...Object.values(all)), 2);
  return { ...all, spread };
}

const [count = 200] = sizesOr([200]);
const installation = await anInstallation({ ROLE: 'web', TRUST_PROXY: '1', REQUESTS_AT_ONCE: '0' });
try {
  await people(installation, count);
  await installation.app.listen(0, '127.0.0.1');
  const { port } = (installation.app.getHttpServer() as { address(): AddressInfo }).address();
  const origin = `http://127.0.0.1:${port}`;
  const page = await fetch(`${origin}/sign-in`);
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())![1]!;
  const form = { token, cookie: page.headers.getSetCookie()[0]!.split(';', 1)[0]! };
  const times = Object.fromEntries(KINDS.map((kind) => [kind, [] as number[]]));
  let turn = 0;
  for (let n = 1; n <= count; n += 1) {
    for (const kind of KINDS) {
      times[kind]!.push(await trying(origin, form, `${kind}${n}@acme.example`, (turn += 1)));
      await rest(REST_MS); // what the last one left to do is not the next one's time
    }
  }
  // On a machine with other work the tenth part is the quieter one.
  const figures = { tries: count, median: row(times, 0.5), fastestTenth: row(times, 0.1) };
  console.table({ median: figures.median, fastestTenth: figures.fastestTenth });
  await keep('sign_in', figures);
} finally {
  await installation.close();
}
