import { z } from 'zod';
import { orElse, upTo } from '../platform/web/form_atoms.js';
import { MOST_FINISHED, MOST_HOURS, MOST_PORTIONS } from '../planning/when_form.js';
import { MAIL_BOUNDS } from '../platform/web/html/mail_bounds.js';

const optional = (limit = 1000) => orElse(upTo(limit), '');

const SUBJECT = 998;
const BODY = MAIL_BOUNDS.characters;

const embeddedPairs = orElse(
  z
    .record(z.string().max(200), z.string().max(1024))
    .refine((pairs) => Object.keys(pairs).length <= 10, 'At most 10 pairs.'),
  {},
);

const REQUEST_TYPES = ['Invite', 'Reminder', 'ThankYou', 'Email', 'GeneratedInvite'] as const;

/** `GET /distributions`; an empty parameter asks for nothing. */
export const listDistributions = z.object({
  surveyId: z.preprocess((value) => (value === '' ? undefined : value), z.string()),
  distributionRequestType: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.enum(REQUEST_TYPES).optional(),
  ),
  mailingListId: optional(),
  sendStartDate: optional(),
  sendEndDate: optional(),
});

/** `POST /distributions` with a mail. */
export const createEmailDistribution = z.object({
  message: z.object({
    libraryId: optional(),
    messageId: optional(),
    messageText: optional(BODY),
  }),
  recipients: z.object({
    mailingListId: optional(),
    contactId: optional(),
    transactionBatchId: optional(),
  }),
  header: z.object({
    fromEmail: optional(320),
    fromName: optional(200),
    replyToEmail: optional(320),
    subject: upTo(SUBJECT).min(1, 'A mail needs a subject.'),
  }),
  surveyLink: z
    .object({
      surveyId: z.string().min(1, 'Name the survey.'),
      expirationDate: optional(),
      type: z
        .enum(['Individual', 'Multiple', 'Anonymous'], { error: 'Individual, Multiple or Anonymous.' })
        .default('Individual'),
    })
    .nullish(),
  sendDate: optional(),
  /** Ours: portions of the audience, one after the other, until so many people have finished. */
  waves: z
    .object({
      portions: z.int().min(2).max(MOST_PORTIONS),
      everyHours: z.int().min(1).max(MOST_HOURS),
      untilFinished: z.int().min(1).max(MOST_FINISHED).nullish(),
    })
    .nullish(),
  embeddedData: embeddedPairs,
  /** An extra of ours: whoever has finished the survey is left out. */
  skipFinished: orElse(z.boolean({ error: 'skipFinished: true or false.' }), false),
});
export type CreateEmailDistribution = z.infer<typeof createEmailDistribution>;

/** `POST /distributions` with an action: links only. */
export const createLinks = z.object({
  surveyId: z.string().min(1, 'Name the survey.'),
  linkType: z.enum(['Individual', 'Multiple', 'Anonymous'], { error: 'Individual, Multiple or Anonymous.' }),
  description: optional(),
  action: z.enum(['CreateDistribution'], { error: 'The action that is known is CreateDistribution.' }),
  expirationDate: optional(),
  mailingListId: z.string({ error: 'Name the mailing list.' }).min(1, 'Name the mailing list.'),
  contactId: optional(),
  embeddedData: embeddedPairs,
});
export type CreateLinks = z.infer<typeof createLinks>;
