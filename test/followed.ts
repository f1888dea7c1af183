import { get as httpGet, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from './waiting.js';
import type { Person, World } from './world.js';

export interface Followed {
  response: IncomingMessage;
  readonly text: string;
  ended: Promise<void>;
  until(pattern: RegExp, from?: number): Promise<void>;
  close(): void;
}

/** Opens a stream of events as a browser does. */
export async function follow(world: World, person: Person, path: string): Promise<Followed> {
  const { port } = (world.app.getHttpServer() as { address(): AddressInfo }).address();
  const cookie = person.agent.jar.getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false });
  let request: ClientRequest | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = httpGet({ host: '127.0.0.1', port, path, headers: { Cookie: cookie.toValueString() } }, resolve);
    request.on('error', reject);
  });
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return {
    response,
    get text() {
      return text;
    },
    ended: new Promise((resolve) => response.on('close', () => resolve())),
    async until(pattern, from = 0) {
      await until(() => pattern.test(text.slice(from)));
    },
    close: () => request?.destroy(),
  };
}
