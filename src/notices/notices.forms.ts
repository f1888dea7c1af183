import { z } from 'zod';
import { NOTICE_KINDS } from './notice_kinds.js';
import type { NoticeChoice } from './notices.service.js';

/** A box that is not ticked is not sent. */
export const chooseNotices = z
  .record(z.string(), z.unknown())
  .transform((body): NoticeChoice[] =>
    NOTICE_KINDS.map((kind) => ({ kind, bell: body[`bell_${kind}`] === 'on', mail: body[`mail_${kind}`] === 'on' })),
  );

export const seekNotices = z.object({ after: z.string().max(100).optional().catch(undefined) });
