import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Config } from '../config.js';

const LONGEST_PAUSE_MS = 5000;

/**
 * The connections to Redis that all queues of this process share. Redis may be away at boot and at any time: commands
 * are tried again for ever by whoever waits on purpose, and whoever must not wait asks `isThere` first.
 */
@Injectable()
export class RedisConnections implements OnApplicationShutdown {
  private readonly log = new Logger('Redis');
  private readonly open = new Map<string, Redis>();
  private readonly blocking: Redis[] = [];
  private wasThere = true;

  constructor(private readonly config: Config) {}

  /** A blocking connection waits for one queue and can't be shared; the others can. */
  of(type: 'client' | 'subscriber' | 'bclient'): Redis {
    if (type === 'bclient') {
      const client = this.connect();
      this.blocking.push(client);
      return client;
    }
    const client = this.open.get(type) ?? this.connect();
    this.open.set(type, client);
    return client;
  }

  get isThere(): boolean {
    return this.of('client').status === 'ready';
  }

  /** After the queues have closed: they still say goodbye over these. */
  onApplicationShutdown(): void {
    [...this.open.values(), ...this.blocking].forEach((client) => client.disconnect());
  }

  private connect(): Redis {
    const client = new Redis(this.config.REDIS_URL ?? '', {
      maxRetriesPerRequest: null,
      enableReadyCheck: false,
      retryStrategy: (tries) => Math.min(100 * tries, LONGEST_PAUSE_MS),
    });
    client.setMaxListeners(0); // each queue listens to the shared ones
    // One line when it goes and one when it is back, not one a try.
    client.on('error', (error: Error) => this.tell(false, error.message));
    client.on('ready', () => this.tell(true, ''));
    return client;
  }

  private tell(isThere: boolean, words: string): void {
    if (this.wasThere !== isThere) {
      this.wasThere = isThere;
      this.log.warn(
        isThere ? 'Redis is back' : `Redis does not answer (${words}); work is found in PostgreSQL instead`,
      );
    }
  }
}
