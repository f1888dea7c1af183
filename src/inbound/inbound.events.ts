/** Mails of a brand came back and were read; whoever keeps the ledger takes them over. Told after the commit. */
export class MailCameBack {
  constructor(readonly brandId: string) {}
}
