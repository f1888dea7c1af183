/**
 * The five refusals of the product. Services and entities throw only these; one filter turns them into a status and a
 * page, a part or an API envelope. The message is written for the person at the screen.
 */
export abstract class DomainError extends Error {
  /** Machine-readable code that API clients and tests rely on, e.g. `EQD03`. */
  code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** 404: there is no such thing, or it belongs to somebody else. */
export class NotFound extends DomainError {}

/** 403: it exists, the person may not. `whom` names who can change that. */
export class NotAllowed extends DomainError {
  constructor(
    message: string,
    readonly whom?: string,
    code?: string,
  ) {
    super(message, code);
  }
}

/** 422 on pages, 400 by API: bad input, with one message per field. */
export class Invalid extends DomainError {
  constructor(
    message: string,
    readonly fields: Record<string, string> = {},
    code?: string,
  ) {
    super(message, code);
  }
}

/** 409: right thing, wrong moment. */
export class WrongState extends DomainError {}

/** 429: an allowance or a rate is spent. */
export class LimitReached extends DomainError {
  constructor(
    message: string,
    /** Seconds until it is worth trying again. */
    readonly retryAfter?: number,
    code?: string,
  ) {
    super(message, code);
  }
}
