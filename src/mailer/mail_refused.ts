/** These words can't become a mail: a header with a line break, an address that is none, a subject without end. */
export class MailRefused extends Error {}

/** Putting it together takes more than any mail that people write may take. */
export class MailTooLarge extends MailRefused {}
