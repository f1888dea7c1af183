const FIRST = 16_384;

/** The first bytes of something long, in one piece of memory that grows with it; the rest is only counted. */
export class StartOfMail {
  private room = Buffer.alloc(0);
  private held = 0;
  /** Of all, kept or not. */
  bytes = 0;

  constructor(private readonly most: number) {}

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    const taken = chunk.subarray(0, this.most - this.held);
    if (taken.length > 0) {
      this.makeRoom(this.held + taken.length);
      taken.copy(this.room, this.held);
      this.held += taken.length;
    }
  }

  kept(): Buffer {
    return this.room.subarray(0, this.held);
  }

  private makeRoom(wanted: number): void {
    if (wanted > this.room.length) {
      const larger = Buffer.alloc(Math.min(this.most, Math.max(wanted, this.room.length * 2, FIRST)));
      this.room.copy(larger);
      this.room = larger;
    }
  }
}
