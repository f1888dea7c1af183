import { Injectable } from '@nestjs/common';

/** Where PostgreSQL is: DATABASE_URL, or the embedded one once it runs. */
@Injectable()
export class DatabaseAddress {
  constructor(readonly url: string) {}
}
