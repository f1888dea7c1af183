import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { AccessTokens, NoToken } from '../../../src/mailer/relays/access_tokens.js';
import { readConfig } from '../../../src/platform/config.js';
import { Invalid } from '../../../src/platform/errors.js';
import { Names } from '../../../src/platform/net/names.js';
import { Outside } from '../../../src/platform/net/outside.js';
import { SettableClock } from '../../clock.js';

function tokens(allowed: string): AccessTokens {
  const config = readConfig({ ALLOW_PRIVATE_HOSTS: allowed });
  return new AccessTokens(new Outside(new Names(config), config), new SettableClock());
}

const client = (tokenUrl: string) => ({ tokenUrl, clientId: 'canvass', secret: 's3cret', scope: '' });

describe('tokens for a relay', () => {
  it('are never asked for at a host inside', async () => {
    const asked = tokens('').of(client('https://169.254.169.254/token'), false);
    await expect(asked).rejects.toThrow(Invalid);
  });

  it('are never asked for without encryption, and the secret stays here', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (piece: Buffer) => bodies.push(piece.toString()));
      response.end('{"access_token":"x"}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const asked = tokens('127.0.0.1').of(client(`https://127.0.0.1:${port}/token`), false);
    await expect(asked).rejects.toThrow(NoToken);
    expect(bodies).toEqual([]);
    server.close();
  });
});
