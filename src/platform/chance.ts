import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** 2^61: no sequence of a table ever gets there, and public ids have room for twice as much. */
const FAR = 1n << 61n;

/** Chance that nobody can foresee, for what must not follow any order. Tests put their own in its place. */
@Injectable()
export class Chance {
  /** A whole number from 0 to less than `limit`. */
  below(limit: number): number {
    return randomInt(limit);
  }

  uuid(): string {
    return randomUUID();
  }

  /** The number of a row that says nothing of when it was made. */
  rowNumber(): string {
    return String(FAR + (randomBytes(8).readBigUInt64BE() & (FAR - 1n)));
  }
}
