import { parse } from 'csv-parse/sync';
import { ContactsService } from '../../../src/contacts/contacts.service.js';
import { DistributionsService } from '../../../src/distributions/distributions.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import {
  aDistribution,
  anAudience,
  ledgerOf,
  nowOf,
  reservedOf,
  statesOf,
  words,
  workOff,
} from '../../distributions/builders.js';

const HOSTILE = { firstName: '<b>Bold</b>\r\nBcc: x@y.z', lastName: '=1+1,"quoted"' };

describe('the pages of a distribution', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(() => world.close());

  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const url = ({ id }: { id: string }, below = ''): string => `${list()}/${world.ids.show('EMD', id)}${below}`;
  const change = (text: string, values: unknown[]): Promise<number> =>
    world.database.inBrand(ada.actor.brandId, (unit) => unit.run(text, values));
  const aSent = async (people: Parameters<typeof anAudience>[2] = 3) => {
    const { listId } = await anAudience(world, ada, people);
    const sent = await aDistribution(world, ada, survey, { listId, name: 'First wave' });
    await workOff(world);
    return sent;
  };

  it('teach somebody who has sent nothing yet', async () => {
    const { text } = await ada.agent.get(list()).expect(200);
    expect(text).toContain('Invite people by e-mail');
    expect(text).toContain(`href="${list()}/new"`);
  });

  it('list each mail with its status, its audience and its counters', async () => {
    const sent = await aSent();
    const { text } = await ada.agent.get(list()).expect(200);
    expect(text).toContain('First wave');
    expect(text).toContain('Employees, 3 contacts');
    expect(text).toMatch(/Accepted<\/dt><dd><a href="[^"]+show(=|&#x3D;)accepted#recipients">3<\/a>/);
    expect(text).toContain(`hx-get="${url(sent, '/now?was&#x3D;done')}"`);
  });

  it('tell open pages what changed, and redraw the block when the status did', async () => {
    const sent = await aSent();
    const same = await ada.agent.get(url(sent, '/now?was=done')).set('HX-Request-Type', 'partial').expect(200);
    const id = world.ids.show('EMD', sent.id);
    expect(same.text).toContain(`hx-target="#figures_${id}"`);
    expect(same.text).not.toContain(`hx-target="#distribution_${id}"`);
    const moved = await ada.agent.get(url(sent, '/now?was=sending')).set('HX-Request-Type', 'partial').expect(200);
    expect(moved.text).toContain(`hx-target="#distribution_${id}"`);
    expect(moved.text).not.toContain('<html');
  });

  it('show what waits and why, with the code and what will happen', async () => {
    const sent = await aSent();
    await change(
      `UPDATE distributions SET status = 'held', held_from = 'sending', held_reason = 'relay', error_code = 'CVS05',
         error_text = 'The mail relay says no.', retry_at = $2 WHERE id = $1`,
      [sent.id, new Date(world.clock.now().getTime() + 125_000)],
    );
    const { text } = await ada.agent.get(url(sent)).expect(200);
    expect(text).toContain('The mail relay says no. Nothing is lost.');
    expect(text).toContain('CVS05');
    expect(text).toContain('we look again in 2 minutes');
  });

  it('show every recipient with reason or server words, by state and by address', async () => {
    const since = new Date('2026-05-03T10:00:00Z');
    const sent = await aSent([
      { email: 'ada@example.com' },
      { email: '' },
      { email: 'out@example.com', listOptedOutAt: since },
    ]);
    const all = await ada.agent.get(url(sent)).expect(200);
    expect(all.text).toContain('Opted out of the list on 3 May 2026');
    expect(all.text).toContain('Has no e-mail address.');
    const skipped = await ada.agent.get(url(sent, '?show=skipped')).expect(200);
    expect(skipped.text).not.toContain('ada@example.com');
    const found = await ada.agent.get(url(sent, '?q=OUT%40')).expect(200);
    expect(found.text).toContain('out@example.com');
    expect(found.text).not.toContain('ada@example.com');
    const none = await ada.agent.get(url(sent, '?q=nobody')).expect(200);
    expect(none.text).toContain('Nobody matches');
  });

  it('page through recipients by keyset', async () => {
    const sent = await aSent(60);
    const first = await ada.agent.get(url(sent)).expect(200);
    expect(first.text).toContain('50 of 60');
    const more = /hx-get="([^"]+after[^"]+)"/.exec(first.text)![1]!.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    const second = await ada.agent.get(more).expect(200);
    expect(second.text).toContain('60 of 60');
    expect(second.text.match(/<td><a class="table__main"/g)).toHaveLength(10);
  });

  it('tell all that happened to one recipient', async () => {
    const sent = await aSent(1);
    const { id } = (await ledgerOf(world, sent))[0]!;
    await change(`UPDATE messages SET started_at = $2, finished_at = $2 WHERE id = $1`, [id, world.clock.now()]);
    await world
      .visitor()
      .post(`/u/${world.ids.token('opt-out', id)}`)
      .type('form')
      .send({ level: 'list', turn: 'out' });
    const { text } = await ada.agent.get(url(sent, `/messages/${world.ids.show('MS', id)}`)).expect(200);
    for (const phrase of ['Planned', 'Try 1: accepted', '250', 'Began to answer', 'Finished', 'Opted out', '/s/1']) {
      expect(text).toContain(phrase);
    }
  });

  it('say of an uncertain mail when it is sent again', async () => {
    const sent = await aSent(1);
    const { id } = (await ledgerOf(world, sent))[0]!;
    const resendAt = new Date(world.clock.now().getTime() + 30.5 * 60_000);
    await change(`UPDATE messages SET state = 'uncertain', reason = 'unconfirmed', resend_at = $2 WHERE id = $1`, [
      id,
      resendAt,
    ]);
    const { text } = await ada.agent.get(url(sent, `/messages/${world.ids.show('MS', id)}`)).expect(200);
    expect(text).toContain('Sent again once in 30 minutes, unless something shows by then that it arrived.');
  });

  it('show the whole mail in a frame without scripts', async () => {
    const sent = await aSent(1);
    const page = await ada.agent.get(url(sent, '/mail')).expect(200);
    expect(page.text).toContain('How was your first week, Person 1?');
    const frame = await ada.agent.get(url(sent, '/mail/html')).expect(200);
    expect(frame.headers['content-security-policy']).toContain('sandbox');
    expect(frame.text).toContain('/preview/');
    const plain = await ada.agent.get(url(sent, '/mail?as=text')).expect(200);
    expect(plain.text).toContain('Dear Person 1,');
  });

  it('are right with hostile names, on pages and in the file', async () => {
    const sent = await aSent([
      { ...HOSTILE, email: 'x@example.com' },
      { firstName: 'عائشة', lastName: '👩‍🚀', email: 'a@b.example' },
    ]);
    const { text } = await ada.agent.get(url(sent)).expect(200);
    expect(text).toContain('&lt;b&gt;Bold&lt;/b&gt;');
    expect(text).not.toContain('<b>Bold');
    expect(text).toContain('عائشة 👩‍🚀');
    const file = await ada.agent.get(url(sent, '/history.csv')).expect(200);
    const rows = parse(file.text, { columns: true, bom: true }) as Record<string, string>[];
    expect(rows[0]).toMatchObject({ FirstName: HOSTILE.firstName, LastName: `'${HOSTILE.lastName}` });
    expect(rows[1]).toMatchObject({ FirstName: 'عائشة', LastName: '👩‍🚀', Status: 'Email Sent' });
  });

  it('hand out the history with the columns that scripts know, and embedded data', async () => {
    const sent = await aSent([{ email: 'ada@example.com', embedded: { Team: 'North' } }, { email: '' }]);
    const { text, headers } = await ada.agent.get(url(sent, '/history.csv')).expect(200);
    expect(headers['content-disposition']).toContain('attachment');
    expect(text.slice(1, text.indexOf('\r\n'))).toBe(
      'ResponseID,LastName,FirstName,ExternalDataReference,Email,Phone,Status,StatusReason,PlannedDate,SentDate,' +
        'OpenedDate,StartedDate,FinishedDate,BounceType,ServerReply,Attempts,Link,LinkExpiration,Team',
    );
    const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
    expect(rows[0]).toMatchObject({ Email: 'ada@example.com', Status: 'Email Sent', Attempts: '1', Team: 'North' });
    expect(rows[0]!['Link']).toContain('/s/1');
    expect(rows[0]!['SentDate']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(rows[1]).toMatchObject({ Status: 'Skipped', StatusReason: 'has no e-mail address', SentDate: '' });
  });

  it('pause, cancel and delete, each only where it makes sense', async () => {
    const { listId } = await anAudience(world, ada, 3);
    const sent = await aDistribution(world, ada, survey, { listId });
    await change(
      `UPDATE distributions SET status = 'sending', planned_at = $2, sent_at = $2, audience_size = 3 WHERE id = $1`,
      [sent.id, world.clock.now()],
    );
    await ada.agent.post(url(sent, '/pause')).expect(303);
    expect((await nowOf(world, ada, sent)).status).toBe('paused');
    const paused = await ada.agent.get(url(sent)).expect(200);
    expect(paused.text).toContain('Sending is paused.');
    await ada.agent.post(url(sent, '/pause')).expect(409);
    await ada.agent.post(url(sent, '/cancel')).expect(303);
    await ada.agent.post(url(sent, '/resume')).expect(409);
    expect((await nowOf(world, ada, sent)).status).toBe('cancelled');
    await ada.agent.post(url(sent, '/remove')).expect(303).expect('Location', list());
    await ada.agent.get(url(sent)).expect(404);
  });

  it('try failed mails again and say how many', async () => {
    const sent = await aSent(3);
    await change(`UPDATE messages SET state = 'failed', reason = 'refused' WHERE distribution_id = $1`, [sent.id]);
    await change('UPDATE users SET weekly_email_limit = 1204 WHERE id = $1', [ada.actor.userId]);
    expect((await ada.agent.get(url(sent)).expect(200)).text).toContain('Right now 1,201 more e-mails fit');
    await ada.agent.post(url(sent, '/retry')).expect(303);
    expect((await ada.agent.get(url(sent)).expect(200)).text).toContain('3 failed mails are tried again.');
    await workOff(world);
    expect(statesOf(await ledgerOf(world, sent))).toEqual({ accepted: 3 });
  });

  it('send once more what stayed uncertain, after saying that some may get it twice', async () => {
    const sent = await aSent(3);
    expect((await ada.agent.get(url(sent)).expect(200)).text).not.toContain('/resend"');
    await ada.agent.post(url(sent, '/resend')).expect(409);
    await change(
      `UPDATE messages SET state = 'uncertain', reason = 'unconfirmed_twice', resends = 1
       WHERE distribution_id = $1 AND address <> 'person.1@example.com'`,
      [sent.id],
    );
    const page = (await ada.agent.get(url(sent)).expect(200)).text;
    expect(page).toContain('Of 2 mails nobody can tell whether they arrived');
    expect(page).toContain('Some of these people may get it twice');
    expect(page).toContain(`action="${url(sent, '/resend')}"`);
    await ada.agent.post(url(sent, '/resend')).expect(303);
    expect((await ada.agent.get(url(sent)).expect(200)).text).toContain('2 uncertain mails are sent once more.');
    await workOff(world);
    expect(statesOf(await ledgerOf(world, sent))).toEqual({ accepted: 3 });
    expect((await ledgerOf(world, sent)).map(({ resends }) => resends)).toEqual([0, 2, 2]);
    expect(await reservedOf(world, ada)).toBe(5);
    await ada.agent.post(url(sent, '/resend')).expect(409);
  });

  it('send once more to one person alone, from their page', async () => {
    const sent = await aSent(2);
    const [one, other] = await ledgerOf(world, sent);
    const page = (id: string, below = ''): string => url(sent, `/messages/${world.ids.show('MS', id)}${below}`);
    expect((await ada.agent.get(page(one!.id))).text).not.toContain('/resend"');
    await ada.agent.post(page(one!.id, '/resend')).expect(409);
    await change(`UPDATE messages SET state = 'uncertain', reason = 'unconfirmed_twice' WHERE distribution_id = $1`, [
      sent.id,
    ]);
    expect((await ada.agent.get(page(one!.id))).text).toContain(`action="${page(one!.id, '/resend')}"`);
    await ada.agent.post(page(one!.id, '/resend')).expect(303).expect('Location', page(one!.id));
    expect((await ada.agent.get(page(one!.id))).text).toContain('1 uncertain mail is sent once more.');
    await workOff(world);
    const states = new Map((await ledgerOf(world, sent)).map(({ id, state }) => [id, state]));
    expect([states.get(one!.id), states.get(other!.id)]).toEqual(['accepted', 'uncertain']);
    expect(await reservedOf(world, ada)).toBe(3);
  });

  it('stop trying for one person: the others go on, the limit is given back, and it is on record', async () => {
    const sent = await aSent(2);
    const [one, other] = await ledgerOf(world, sent);
    const page = (below = ''): string => url(sent, `/messages/${world.ids.show('MS', one!.id)}${below}`);
    await ada.agent.post(page('/stop')).expect(409);
    await change(`UPDATE distributions SET status = 'sending', finished_at = NULL WHERE id = $1`, [sent.id]);
    await change(`UPDATE messages SET state = 'queued', run_at = $2, final_at = NULL WHERE distribution_id = $1`, [
      sent.id,
      new Date(world.clock.ms() + 600_000),
    ]);
    const waiting = (await ada.agent.get(page()).expect(200)).text;
    expect(waiting).toContain(`action="${page('/stop')}"`);
    expect(waiting).toContain('Stop trying');
    expect(waiting).not.toContain('/resend"');
    expect((await ada.agent.post(page('/resend'))).status).toBe(409);
    const before = await reservedOf(world, ada);
    const stranger = await world.aPerson({ id: ada.actor.brandId } as never, { firstName: 'Sue' });
    await stranger.agent.post(page('/stop')).expect(404);
    await ada.agent.post(page('/stop')).expect(303).expect('Location', page());
    const after = (await ada.agent.get(page())).text;
    expect(after).toContain('Somebody stopped it for this person before it was sent.');
    expect(after).toContain('Send again');
    expect(await reservedOf(world, ada)).toBe(before - 1);
    await ada.agent.post(page('/stop')).expect(409);
    world.clock.forward(700_000);
    await workOff(world);
    const states = new Map((await ledgerOf(world, sent)).map(({ id, state }) => [id, state]));
    expect([states.get(one!.id), states.get(other!.id)]).toEqual(['cancelled', 'accepted']);
    expect((await nowOf(world, ada, sent)).status).toBe('done');
    const entries = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ after: object }>(`SELECT after FROM audit_entries WHERE action = 'distribution.stop-trying'`),
    );
    expect(entries).toEqual([{ after: { status: 'sending', message: one!.id } }]);
  });

  it('send a failed mail again to one person, or a new one, or say why this person gets none', async () => {
    const sent = await aSent(2);
    const [one, other] = await ledgerOf(world, sent);
    const page = (below = ''): string => url(sent, `/messages/${world.ids.show('MS', one!.id)}${below}`);
    const contactId = (
      await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.one<{ id: string }>('SELECT contact_id AS id FROM messages WHERE id = $1', [one!.id]),
      )
    ).id;
    const anew = `/new?copy=${world.ids.show('EMD', sent.id)}&to=${world.ids.show('CID', contactId)}`;
    expect((await ada.agent.get(page())).text).toContain(anew.replaceAll('=', '&#x3D;').replaceAll('&to', '&amp;to'));
    const form = (await ada.agent.get(`${list()}${anew}`).expect(200)).text;
    expect(form).toMatch(new RegExp(`<option value="${world.ids.show('CID', contactId)}" selected`));
    const gone = (await ada.agent.get(`${list()}/new?copy=${world.ids.show('EMD', sent.id)}&to=CID_x`)).text;
    expect(gone).not.toMatch(/<option value="C[GS]_[^"]*" selected/);

    await change(`UPDATE messages SET state = 'failed', reason = 'refused' WHERE distribution_id = $1`, [sent.id]);
    await change('UPDATE contacts SET opted_out_at = $2 WHERE id = $1', [contactId, world.clock.now()]);
    expect((await ada.agent.get(page())).text).toContain('This person opted out and gets no more mails.');
    const refused = await ada.agent.post(page('/resend'));
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('This person opted out')]);
    await change('UPDATE contacts SET opted_out_at = NULL WHERE id = $1', [contactId]);
    expect((await ada.agent.get(page())).text).toContain('This person opted out'); // it is kept by the address
    await change('DELETE FROM opt_outs WHERE brand_id = $1', [ada.actor.brandId]);
    await world.app.get(ContactsService).suppress(ada.actor.brandId, {
      address: one!.address,
      reason: 'bad_address',
      at: world.clock.now(),
    });
    expect((await ada.agent.get(page())).text).toContain('it is on the suppression list');
    await ada.agent.post(page('/resend')).expect(409);
    await change('DELETE FROM suppressions WHERE brand_id = $1', [ada.actor.brandId]);
    await ada.agent.post(page('/resend')).expect(303).expect('Location', page());
    expect((await ada.agent.get(page())).text).toContain('1 failed mail is tried again.');
    await workOff(world);
    const states = new Map((await ledgerOf(world, sent)).map(({ id, state }) => [id, state]));
    expect([states.get(one!.id), states.get(other!.id)]).toEqual(['accepted', 'failed']);
  });

  it('bring back what failed before it was planned', async () => {
    const { listId } = await anAudience(world, ada, 1);
    const draft = await world.app.get(DistributionsService).compose(ada.actor, survey.id, words({ listId }));
    await change(
      `UPDATE distributions SET status = 'failed', error_code = 'EQD09', error_text = 'Not active.' WHERE id = $1`,
      [draft.id],
    );
    expect((await ada.agent.get(url(draft)).expect(200)).text).toContain('Correct and send again');
    await ada.agent.post(url(draft, '/reopen')).expect(303).expect('Location', url(draft, '/edit'));
    expect((await nowOf(world, ada, draft)).status).toBe('draft');
  });

  it('show no buttons to somebody who may look only, and refuse their posts', async () => {
    const sent = await aSent(1);
    const viewer = await world.aPerson({ id: ada.actor.brandId } as never, { type: 'viewer', firstName: 'Vera' });
    await viewer.agent.get(url(sent)).expect(403);
    const stranger = await world.aPerson({ id: ada.actor.brandId } as never, { firstName: 'Sam' });
    await stranger.agent.get(list()).expect(404);
    await stranger.agent.get(url(sent, '/history.csv')).expect(404);
    await stranger.agent.post(url(sent, '/cancel')).expect(404);
    await world.visitor().get(list()).expect(303);
  });

  it('know nothing of a mail under another survey', async () => {
    const sent = await aSent(1);
    const other = await aSurvey(world, ada, { name: 'Other' });
    const elsewhere = url(sent).replace(world.ids.show('SV', survey.id), world.ids.show('SV', other.id));
    await ada.agent.get(elsewhere).expect(404);
    await ada.agent.post(`${elsewhere}/cancel`).expect(404);
    await ada.agent.get(url({ id: '99999' })).expect(404);
    await ada.agent.get(`${list()}/nonsense`).expect(404);
  });
});
