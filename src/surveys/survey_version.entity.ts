import { BigIntType } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { SurveyDefinition } from '../engine/definition.js';

/** An immutable published definition; each session and each response points at one. */
@Entity({ tableName: 'survey_versions' })
export class SurveyVersion {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'bigint' })
  surveyId!: string;

  /** Counts the versions of one survey from 1. */
  @Property({ type: 'int' })
  number!: number;

  @Property({ type: 'json', lazy: true })
  definition!: SurveyDefinition;

  @Property({ type: new BigIntType('string'), nullable: true })
  publishedBy: string | null = null;

  @Property({ type: 'timestamptz' })
  publishedAt!: Date;
}
