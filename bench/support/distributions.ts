import type { MailComposition } from '../../src/emails/content/mail_content.entity.js';
import { FROM, HTML } from './mails.js';

const BODY = `${HTML[0]}\${m://FirstName}${HTML[1]}\${l://SurveyURL}${HTML[2]}<p>\${l://OptOutLink?d=No more mails}</p>`;

/** The measured mail to everybody of a list. @param mark makes it another mail: the same one twice a day is refused */
export function theMail(listId: string, mark: string): MailComposition {
  return {
    name: '',
    listId,
    contactId: null,
    listName: '',
    linkType: 'Individual',
    linkDays: 60,
    linkExpiresAt: null,
    content: {
      fromName: FROM.name,
      fromEmail: FROM.address,
      replyTo: '',
      subject: `A question for \${m://FirstName} (${mark})`,
      bodyHtml: BODY,
      bodyText: '',
    },
    skipFinished: true,
    sendAt: null,
    timeZone: 'UTC',
    embedded: {},
  };
}
