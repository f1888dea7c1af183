import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import type { Unit } from '../platform/db/database.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import type { Finding } from './finding.js';

/** What the content that a channel sends is judged by. */
export interface Yardstick {
  /** The brand's. */
  postalAddress: string;
}

/** What planning asks a channel about the content of a distribution; for what sending asks it, see `sending/port.ts`. */
export interface ChannelContent {
  /** The distributions that leave by it. */
  readonly name: Distribution['channel'];
  /** Reads what a program says of it, in the shape of the API. @throws {DomainError} for what can't be said so */
  ofProgram(actor: Actor, said: object): Promise<object>;
  /** Gives a new distribution something to say. */
  begin(distribution: Distribution): void;
  /** What stands in the way of sending it, and what its author should know. */
  findings(unit: Unit, distribution: Distribution, yardstick: Yardstick): Promise<Finding[]>;
  /** The host that the names of its messages end in. */
  idDomain(distribution: Distribution): string;
  /** Fields of contacts that it prints as they are: whoever has none reads nothing there. */
  printedFields(distribution: Distribution): string[];
}

/** The contents there are. Channels bring their own, as nothing below them may know them. */
@Injectable()
export class ChannelContents {
  private readonly known = new Map<string, ChannelContent>();

  add(content: ChannelContent): void {
    this.known.set(content.name, content);
  }

  /** @returns undefined where nothing is sent, such as for links that are only made */
  of({ channel }: Pick<Distribution, 'channel'>): ChannelContent | undefined {
    return this.known.get(channel);
  }
}
