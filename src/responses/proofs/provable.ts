import type { Session } from '../sessions/session.js';
import { type RespondentBrand } from '../sessions/session_rows.js';

/** Who would have to prove what: the walk, and the address that was invited to it. */
export interface Provable {
  brand: RespondentBrand;
  session: Session;
  address: string;
  timeZone: string;
}
