import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connections } from '../../src/mailer/connections.js';
import { aMail, quickRelay, sendAll } from './sending.js';
import { SinkProcess } from './witness.js';

describe('the witness in another process', () => {
  it('logs every mail that it took, before it says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sink '));
    const sink = await SinkProcess.start(['--log', join(folder, 'mails.log'), '--defer', '0.3', '--drop', '0.2']);
    const connections = new Connections(quickRelay(sink.url, { connections: 5 }));
    const mails = Array.from({ length: 200 }, (_, place) => aMail(String(place)));
    const { outcomes } = await sendAll(connections, mails);
    const taken = new Set(sink.witnessed().map(({ messageId }) => messageId.slice(1, -'@acme.test>'.length)));
    for (const { messageId, status } of outcomes) {
      if (status === 'accepted') expect(taken).toContain(messageId);
      else if (status !== 'uncertain') expect(taken).not.toContain(messageId);
    }
    expect(outcomes).toHaveLength(200);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['accepted', 'deferred', 'uncertain']));
    connections.close();
    await sink.stop();
    await rm(folder, { recursive: true });
  });
});
