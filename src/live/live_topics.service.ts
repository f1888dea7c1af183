import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { lacking } from '../platform/auth/guard.js';
import type { Permission } from '../platform/auth/permissions.js';
import { NotFound } from '../platform/errors.js';

/** A kind of thing whose open pages can be told that it changed; said by the module that it belongs to. */
export interface LiveTopic {
  /** Topics are called `kind:7`, the address at which a page follows one `/live/kind/…`. */
  kind: string;
  /** What the thing's page asks for. */
  permission: Permission;
  /**
   * Asks all else that the thing's page asks.
   * @param shown what the address names: a public id, or a name
   * @returns the number of its row
   * @throws {NotFound} where this person's brand has no such thing, {NotAllowed} where the page is not theirs
   */
  mustFind: (actor: Actor, shown: string) => Promise<string>;
}

/** All that open pages can follow; each module adds its own at the start. */
@Injectable()
export class LiveTopics {
  private readonly topics = new Map<string, LiveTopic>();

  add(topic: LiveTopic): void {
    this.topics.set(topic.kind, topic);
  }

  /** @returns the topic's name for `Live` @throws {NotFound} or {NotAllowed} whenever the thing's page would */
  async mustSee(actor: Actor | undefined, kind: string, shown: string): Promise<string> {
    const topic = this.topics.get(kind);
    if (topic === undefined) {
      throw new NotFound('There is nothing of this kind to follow.');
    }
    if (actor === undefined || !actor.permissions.has(topic.permission)) {
      throw lacking(topic.permission);
    }
    return `${kind}:${await topic.mustFind(actor, shown)}`;
  }
}
