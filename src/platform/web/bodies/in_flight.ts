import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Config } from '../../config.js';
import { LimitReached } from '../../errors.js';
import { networksOf } from '../../net/networks.js';
import { MB } from './contract.js';

/** Bytes that uploads on their way to the disk may hold there, in all and from one network. */
export const DISK = { all: 4000 * MB, network: 1000 * MB };

/** Seconds after which it is worth trying again. */
const RETRY_SECONDS = 5;

/** Where bodies are held until their request is answered. */
export type Place = 'memory' | 'disk';

interface Shelf {
  all: number;
  byNetwork: Map<string, number>;
}

/**
 * What this process holds of requests' bodies, from their first byte to the end of the answer. For
 * strangers there is a third on top, so that no crowd of them shuts out who is signed in; one network gets a half at most.
 */
@Injectable()
export class InFlight {
  private readonly shelves: Record<`${'person' | 'stranger'} ${Place}`, Shelf> = {
    'person memory': { all: 0, byNetwork: new Map() },
    'stranger memory': { all: 0, byNetwork: new Map() },
    'person disk': { all: 0, byNetwork: new Map() },
    'stranger disk': { all: 0, byNetwork: new Map() },
  };

  constructor(private readonly config: Config) {}

  /** Bytes that may be held, in all and from one network. */
  mostOf(isPerson: boolean, place: Place): { all: number; network: number } {
    if (place === 'disk') {
      return isPerson ? DISK : { all: 0, network: 0 };
    }
    const memory = this.config.BODY_MEMORY_MB * MB;
    const all = isPerson ? memory : memory / 3;
    return { all, network: all / 2 };
  }

  /** Bytes that are held now. */
  get held(): number {
    return Object.values(this.shelves).reduce((sum, { all }) => sum + all, 0);
  }

  /**
   * Room for one request's body, given back when the request is answered or gone.
   * @returns what takes so many bytes more, or says why there is no room for them
   */
  roomFor(request: Request, response: Response, place: Place): (bytes: number) => Error | undefined {
    const isPerson = request.actor !== undefined;
    const shelf = this.shelves[`${isPerson ? 'person' : 'stranger'} ${place}`];
    const most = this.mostOf(isPerson, place);
    const network = networksOf(request.ip).near;
    let taken = 0;
    response.once('close', () => {
      move(shelf, network, -taken);
      taken = 0;
    });
    return (bytes) => {
      if (response.closed) {
        return undefined;
      }
      if ((shelf.byNetwork.get(network) ?? 0) + bytes > most.network) {
        return new LimitReached('Too much is being sent from your network at once. Try again.', RETRY_SECONDS);
      }
      if (shelf.all + bytes > most.all) {
        return new ServiceUnavailableException('Too much is being sent to us at once. Nothing was changed; try again.');
      }
      taken += bytes;
      move(shelf, network, bytes);
      return undefined;
    };
  }
}

function move(shelf: Shelf, network: string, bytes: number): void {
  shelf.all += bytes;
  const held = (shelf.byNetwork.get(network) ?? 0) + bytes;
  if (held > 0) {
    shelf.byNetwork.set(network, held);
  } else {
    shelf.byNetwork.delete(network);
  }
}
