import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from '../waiting.js';
import { startWorld, type World } from '../world.js';

describe('One network', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ CONNECTIONS_AT_ONCE: '10' });
  });
  afterAll(() => world.close());

  it('holds so many connections and no more, and gets new ones for those that end', async () => {
    const { port } = world.app.getHttpServer().address() as { port: number };
    const open = async (): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    };
    const all: Socket[] = [];
    for (let count = 0; count < 14; count += 1) {
      all.push(await open());
    }
    const gone = (): Socket[] => all.filter((socket) => socket.destroyed || socket.readableEnded);
    all.forEach((socket) => socket.resume());
    await until(() => gone().length === 4);
    all.forEach((socket) => socket.destroy());
    await until(
      async () =>
        (
          await world
            .visitor()
            .get('/healthz')
            .catch(() => ({ status: 0 }))
        ).status === 200,
    );
  });
});
