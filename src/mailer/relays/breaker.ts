import type { RelayDown } from '../connection.js';

const FIRST_WAIT = 15_000;
const LONGEST_WAIT = 300_000;
/** After a refused sign-in: a password does not mend itself, and servers lock accounts that knock too often. */
const SIGN_IN_WAIT = 300_000;

/**
 * Keeps a relay that is down from being asked again and again. Opens with the first failure; after a wait, which
 * doubles, the next mail tries (`Connections` opens a first connection alone), and its success closes it.
 */
export class Breaker {
  private down: RelayDown | undefined;
  private openUntil = 0;
  private failures = 0;

  /** @param heard is told each new failure, and each connection that worked by `undefined` */
  constructor(
    private readonly now: () => number,
    private readonly heard: (down: RelayDown | undefined) => void = () => undefined,
  ) {}

  /** Why nothing is let through now. */
  get reason(): RelayDown | undefined {
    return this.now() < this.openUntil ? this.down : undefined;
  }

  /** Everybody who waited for the same try tells the same failure: it counts once. */
  failed(down: RelayDown): void {
    if (down === this.down) return;
    this.down = down;
    this.failures += 1;
    const wait =
      down.step === 'sign_in'
        ? SIGN_IN_WAIT
        : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(10, this.failures - 1));
    this.openUntil = this.now() + wait;
    this.heard(down);
  }

  worked(): void {
    this.down = undefined;
    this.failures = 0;
    this.openUntil = 0;
    this.heard(undefined);
  }
}
