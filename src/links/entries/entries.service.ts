import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LinksService } from '../links.service.js';
import { type Entry, type Found, PREFIXES } from './entry.js';

/** Every way into surveys, by what its addresses begin with; each module adds its own at the start. */
@Injectable()
export class EntriesService implements OnApplicationBootstrap {
  private readonly entries: Entry[] = [];

  constructor(private readonly links: LinksService) {}

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  onApplicationBootstrap(): void {
    const missing = PREFIXES.filter((prefix) => this.first(prefix) === undefined);
    if (missing.length > 0) {
      throw new Error(`Ways in that no module has added: ${missing.join(', ')}`);
    }
  }

  all(): readonly Entry[] {
    return this.entries;
  }

  /** Where an address such as `/s/<token>` leads, and by which entry; undefined where it leads nowhere. */
  async find(
    prefix: string,
    token: string,
    query: Readonly<Record<string, string>>,
  ): Promise<(Found & { entry: Entry }) | undefined> {
    const found = await this.first(prefix)?.find(this.links, token, query);
    const entry = found && this.entries.find((one) => one.prefix === prefix && isFor(one, found));
    return found && entry && { ...found, entry };
  }

  /** The brand of such an address, mostly from memory; undefined where it leads nowhere. */
  async brandBehind(prefix: string, token: string): Promise<string | undefined> {
    return this.first(prefix)?.brandOf(this.links, token);
  }

  /** Entries with one prefix read its addresses alike. */
  private first(prefix: string): Entry | undefined {
    return this.entries.find((entry) => entry.prefix === prefix);
  }
}

function isFor({ linkKind }: Entry, { link }: Found): boolean {
  return linkKind === undefined || linkKind === link?.kind;
}
