import { getDomain } from 'tldts';

/** What so many recipients are refused with is no judgement on one of them. */
const SEVERAL = 3;
/** Domains of so many organizations speak for the provider that runs all their servers. */
const ORGANIZATIONS = 2;
const FORGOTTEN_MS = 6 * 3_600_000;
/** More names prove nothing more. */
const KEPT = 20;

/**
 * Which recipients of a brand were refused for what we are, by one judge on one way. Each mail that is taken speaks
 * against it and lets the oldest be forgotten: whoever is refused alone among others that are taken proves nothing.
 */
export class Evidence {
  private readonly refused = new Map<string, { domain: string; at: number }>();
  /** How often the judge was left alone since it last took a mail. */
  round = 0;

  add(recipient: string, domain: string, now: number): void {
    this.forget(now);
    this.refused.delete(recipient);
    this.refused.set(recipient, { domain, at: now });
    if (this.refused.size > KEPT) this.forgetOldest();
  }

  /** A mail was taken. @returns whether nothing is held against us any more */
  taken(): boolean {
    this.round = 0;
    this.forgetOldest();
    return this.refused.size === 0;
  }

  get isSeveral(): boolean {
    return this.refused.size >= SEVERAL;
  }

  /** Several recipients, and not all of them at one organization, which could be anybody's. */
  get isOfSeveralOrganizations(): boolean {
    const organizations = new Set(this.domains.map((domain) => getDomain(domain) ?? domain));
    return this.isSeveral && organizations.size >= ORGANIZATIONS;
  }

  get domains(): string[] {
    return [...new Set([...this.refused.values()].map(({ domain }) => domain))];
  }

  private forget(now: number): void {
    for (const [recipient, { at }] of this.refused) if (now - at > FORGOTTEN_MS) this.refused.delete(recipient);
  }

  private forgetOldest(): void {
    const [oldest] = this.refused.keys();
    if (oldest !== undefined) this.refused.delete(oldest);
  }
}
