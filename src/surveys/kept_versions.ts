import type { SurveyDefinition } from '../engine/definition.js';

interface ReadVersion {
  definition: SurveyDefinition;
  /** Of its JSON. */
  bytes: number;
}

interface Kept {
  version: Promise<SurveyDefinition>;
  /** 0 while it is being read. */
  bytes: number;
}

/** Versions that one process keeps in memory, and bytes of their JSON; in memory they take up to five times that. */
const MOST = { versions: 200, bytes: 24_000_000 };

/** Published versions by key, so that not every page reads one; what was asked for longest ago goes first. */
export class KeptVersions {
  private readonly kept = new Map<string, Kept>();
  private bytes = 0;

  constructor(private readonly most = MOST) {}

  async of(key: string, read: () => Promise<ReadVersion>): Promise<SurveyDefinition> {
    const kept = this.kept.get(key) ?? this.reading(key, read);
    this.kept.delete(key);
    this.kept.set(key, kept);
    try {
      return await kept.version;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }

  private reading(key: string, read: () => Promise<ReadVersion>): Kept {
    const arrived = async (): Promise<SurveyDefinition> => {
      const { definition, bytes } = await read();
      this.arrived(key, bytes);
      return definition;
    };
    return { version: arrived(), bytes: 0 };
  }

  private arrived(key: string, bytes: number): void {
    const kept = this.kept.get(key);
    if (kept !== undefined) {
      kept.bytes = bytes;
      this.bytes += bytes;
    }
    for (const [oldest, { bytes: freed }] of this.kept) {
      if (oldest === key || (this.kept.size <= this.most.versions && this.bytes <= this.most.bytes)) {
        return;
      }
      this.kept.delete(oldest);
      this.bytes -= freed;
    }
  }
}
