import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config.js';
import { Database } from '../platform/db/database.js';
import { Ids } from '../platform/ids.js';
import { addresses } from '../platform/web/addresses.js';
import type { Channel } from './channels.js';
import type { LinkKind } from './link.entity.js';

/** A link with what is known of its contact, as a respondent's page needs it. */
export interface WalkableLink {
  id: string;
  brandId: string;
  surveyId: string;
  kind: LinkKind;
  channel: Channel;
  distributionId: string | null;
  contactId: string | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** Empty strings where nothing is known, also when the contact was deleted. */
  contact: { firstName: string; lastName: string; email: string; phone: string; extRef: string; language: string };
  /** Of the contact, the membership in the list and the link; the nearer one wins. */
  embedded: Record<string, string>;
}

interface LinkRow {
  survey_id: string;
  kind: LinkKind;
  channel: Channel;
  distribution_id: string | null;
  contact_id: string | null;
  expires_at: Date | null;
  revoked_at: Date | null;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  phone: string | null;
  ext_ref: string | null;
  language: string | null;
  embedded: Record<string, unknown>;
}

/** A link's brand never changes; a respondent asks for the same one again with every page. */
const KEPT_BRANDS = 20_000;

const LINK = `SELECT l.survey_id, l.kind, l.channel, l.distribution_id, l.contact_id, l.expires_at, l.revoked_at,
    c.first_name, c.last_name, c.email, c.phone, c.ext_ref, c.language,
    coalesce(c.embedded, '{}') || coalesce(m.embedded, '{}') || l.embedded AS embedded
  FROM links l
  LEFT JOIN contacts c ON c.brand_id = l.brand_id AND c.id = l.contact_id
  LEFT JOIN contact_list_members m ON m.brand_id = l.brand_id AND m.list_id = l.list_id AND m.contact_id = l.contact_id
  WHERE l.id = $1`;

/** The ways into surveys: addresses out of numbers, and back. */
@Injectable()
export class LinksService {
  private readonly brands = new Map<string, string>();

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly ids: Ids,
  ) {}

  /** The address of one person's link. */
  addressOf(linkId: string): string {
    return this.config.baseUrl + addresses.respondents.link(this.ids.token('link', linkId));
  }

  /** The one open address of a survey. */
  anonymousAddress(surveyId: string): string {
    return this.config.baseUrl + addresses.respondents.anonymous(this.ids.show('SV', surveyId));
  }

  /** Where the recipient of a message says that they want no more. */
  optOutAddress(messageId: string): string {
    return this.config.baseUrl + addresses.respondents.optOut(this.ids.token('opt-out', messageId));
  }

  /** The invisible picture that tells that the mail of a personal link was opened. */
  openAddress(linkId: string): string {
    return this.config.baseUrl + addresses.respondents.opening(this.ids.token('open', linkId));
  }

  /** Where a survey's owner tries the draft; nothing is counted. */
  previewAddress(surveyId: string): string {
    return this.config.baseUrl + addresses.respondents.preview(this.ids.token('preview', surveyId));
  }

  /** The link that a token means, or undefined for a token that we did not make or whose link is gone. */
  async resolve(token: string): Promise<{ brandId: string; link: WalkableLink } | undefined> {
    const id = this.ids.readToken('link', token);
    const brandId = id === undefined ? undefined : await this.brandOf('link', id);
    const link = id === undefined || brandId === undefined ? undefined : await this.find(brandId, id);
    return brandId === undefined || link === undefined ? undefined : { brandId, link };
  }

  /** The brand of a link's token, mostly from memory; undefined for one that we did not make. */
  async brandOfLink(token: string): Promise<string | undefined> {
    const id = this.ids.readToken('link', token);
    return id === undefined ? undefined : this.brandOf('link', id);
  }

  /** The survey behind a public id, found before a brand is known. */
  async resolveSurvey(shownId: string): Promise<{ brandId: string; surveyId: string } | undefined> {
    return this.surveyWithBrand(this.ids.tryRead('SV', shownId));
  }

  /** The survey behind a preview's token. */
  async resolvePreview(token: string): Promise<{ brandId: string; surveyId: string } | undefined> {
    return this.surveyWithBrand(this.ids.readToken('preview', token));
  }

  private async surveyWithBrand(
    surveyId: string | undefined,
  ): Promise<{ brandId: string; surveyId: string } | undefined> {
    const brandId = surveyId === undefined ? undefined : await this.brandOf('survey', surveyId);
    return surveyId === undefined || brandId === undefined ? undefined : { brandId, surveyId };
  }

  private async find(brandId: string, id: string): Promise<WalkableLink | undefined> {
    const [row] = await this.database.inBrand(brandId, (unit) => unit.prepared<LinkRow>('link-walkable', LINK, [id]));
    return row === undefined ? undefined : walkable(brandId, id, row);
  }

  private async brandOf(kind: 'link' | 'survey', id: string): Promise<string | undefined> {
    const key = `${kind} ${id}`;
    const known = this.brands.get(key);
    if (known !== undefined) {
      return known;
    }
    const [row] = await this.database.outsideBrands((unit) =>
      unit.prepared<{ brand_id: string }>(`find-${kind}`, `SELECT brand_id FROM find_${kind}($1)`, [id]),
    );
    if (row !== undefined) {
      this.keep(key, row.brand_id);
    }
    return row?.brand_id;
  }

  private keep(key: string, brandId: string): void {
    if (this.brands.size >= KEPT_BRANDS) {
      this.brands.clear();
    }
    this.brands.set(key, brandId);
  }
}

function walkable(brandId: string, id: string, row: LinkRow): WalkableLink {
  return {
    id,
    brandId,
    surveyId: row.survey_id,
    kind: row.kind,
    channel: row.channel,
    distributionId: row.distribution_id,
    contactId: row.contact_id,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    contact: {
      firstName: row.first_name ?? '',
      lastName: row.last_name ?? '',
      email: row.email ?? '',
      phone: row.phone ?? '',
      extRef: row.ext_ref ?? '',
      language: row.language ?? '',
    },
    embedded: texts(row.embedded),
  };
}

/** Embedded data are texts; a number that an import or a program wrote is shown as one. */
function texts(embedded: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(embedded).filter(([, value]) => value !== null && typeof value !== 'object');
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
