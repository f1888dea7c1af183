import { Controller, Get, Query, Render } from '@nestjs/common';
import { z } from 'zod';
import { CATEGORIES } from '../../library/library_message.entity.js';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { form } from '../../platform/web/form.js';
import { unlessLonger } from '../../platform/web/form_atoms.js';
import { Id } from '../../platform/web/id_param.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import { ComposeLibrary } from './compose_library.js';

const category = z.enum(CATEGORIES);

const seekMessage = z.object({
  librarySearch: unlessLonger(200),
  libraryCategory: category.optional().catch(undefined),
  libraryFolder: unlessLonger(200),
  kind: category.catch('invite').default('invite'),
});

/** What the dialog of a mail's form finds in the library. */
@Controller('surveys/:id/distributions/emails/library')
@Can('distributions:send')
export class LibraryChoicesController {
  constructor(
    private readonly messageLibrary: ComposeLibrary,
    private readonly distributions: FoundDistributions,
  ) {}

  @Get()
  @Render('distributions/_library_choices')
  async index(
    @Me() actor: Actor,
    @Id('SV') surveyId: string,
    @Query(form(seekMessage)) query: z.infer<typeof seekMessage>,
  ): Promise<object> {
    await this.distributions.mustMaySend(actor, surveyId);
    const { librarySearch: search, libraryCategory, libraryFolder: folder, kind } = query;
    return this.messageLibrary.choices(actor, { search, category: libraryCategory, folder, kind });
  }
}
