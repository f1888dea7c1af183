/** What so many brands see on one way is about the machine, and the others need not find it out. */
const BRANDS = 3;

/** A provider, or one domain at it, that is left alone on one way: nothing goes to it until then. */
export interface Pause {
  /** The way whose mails it judged. */
  way: string;
  /** Whose mails it judged; null: those of several brands, so that everybody's wait. */
  brandId: string | null;
  provider: string;
  until: number;
  /** The server's words; '' where they were said to several brands, which need not read each other's. */
  why: string;
  /** Recipient domains that are known to be its own. */
  domains: string[];
}

/** Where a mail goes: who may keep it waiting. */
export type Place = Pick<Pause, 'way' | 'provider'> & { brandId: string; domain: string };

export interface PauseListener {
  begun(pause: Pause): void;
  lifted(pause: Pause): void;
}

/** Who is left alone by whom: by the brand that was refused, and by all only when several brands were. */
export class Pauses {
  private readonly known = new Map<string, Pause>();
  /** Those that were seen in the database: when they are gone there, somebody lifted them. */
  private readonly shared = new Set<string>();

  constructor(
    private readonly now: () => number,
    private readonly listener: PauseListener,
  ) {}

  /** 0: nobody keeps it. */
  waitMs(place: Place): number {
    if (this.known.size === 0) return 0;
    const now = this.now();
    return keysOf(place).reduce((wait, key) => Math.max(wait, (this.known.get(key)?.until ?? now) - now), 0);
  }

  /** What a brand leaves alone now on one way. */
  on(way: string, brandId: string): Pause[] {
    return this.active().filter((pause) => pause.way === way && (pause.brandId ?? brandId) === brandId);
  }

  isOn(way: string, provider: string, brandId: string): boolean {
    return (this.known.get(keyOf({ way, provider, brandId }))?.until ?? 0) > this.now();
  }

  begin(pause: Pause): void {
    this.put(pause);
    const { way, provider } = pause;
    const alike = this.active().filter((one) => one.way === way && one.provider === provider && one.brandId !== null);
    if (new Set(alike.map(({ brandId }) => brandId)).size < BRANDS) return;
    this.put({ ...pause, brandId: null, why: '', domains: alike.flatMap(({ domains }) => domains) });
  }

  /** Somebody's mail was taken: whoever was not refused need not wait any more. */
  taken({ way, provider, domain }: Place): void {
    if (this.known.size === 0) return;
    for (const judge of new Set([provider, domain])) {
      const key = keyOf({ way, provider: judge, brandId: null });
      const pause = this.known.get(key);
      if (pause === undefined) continue;
      this.known.delete(key);
      this.shared.delete(key);
      this.listener.lifted(pause);
    }
  }

  /** Takes over what all processes know; what is over, or was lifted by another one, is forgotten. */
  learn(pauses: readonly Pause[]): void {
    const told = new Set(pauses.map(keyOf));
    for (const [key, { until }] of this.known) {
      if (until <= this.now() || (this.shared.has(key) && !told.has(key))) this.known.delete(key);
    }
    this.shared.clear();
    for (const pause of pauses) {
      const key = keyOf(pause);
      const own = this.known.get(key);
      const domains = [...new Set([...(own?.domains ?? []), ...pause.domains])];
      this.shared.add(key);
      this.known.set(key, own !== undefined && own.until > pause.until ? { ...own, domains } : { ...pause, domains });
    }
  }

  /** A domain turned out to belong to a provider that is left alone. */
  met(place: Place): void {
    const { domain } = place;
    for (const key of keysOf(place)) {
      const pause = this.known.get(key);
      if (pause === undefined || pause.until <= this.now() || pause.domains.includes(domain)) continue;
      pause.domains.push(domain);
      this.listener.begun(pause);
    }
  }

  private active(): Pause[] {
    const now = this.now();
    return [...this.known.values()].filter(({ until }) => until > now);
  }

  private put(pause: Pause): void {
    const key = keyOf(pause);
    const known = this.known.get(key);
    if (known !== undefined && known.until >= pause.until) return;
    const domains = [...new Set([...(known?.domains ?? []), ...pause.domains])];
    this.known.set(key, { ...pause, domains });
    this.listener.begun({ ...pause, domains });
  }
}

function keyOf({ way, provider, brandId }: Pick<Pause, 'way' | 'provider' | 'brandId'>): string {
  return `${way}\n${provider}\n${brandId ?? ''}`;
}

/** The brand's own pauses and everybody's, of the provider and of the one domain. */
function keysOf({ way, provider, brandId, domain }: Place): string[] {
  return [provider, domain].flatMap((judge) => [
    keyOf({ way, provider: judge, brandId }),
    keyOf({ way, provider: judge, brandId: null }),
  ]);
}
