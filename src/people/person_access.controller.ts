import { Body, Controller, Headers, Post } from '@nestjs/common';
import type { z } from 'zod';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, drawn, goneTo } from '../platform/web/answers.js';
import { form } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
import { PeopleWords } from './people_words.js';
import { setPermission } from './people.forms.js';
import { PeopleAccessService } from './people_access.service.js';
import { PermissionRows } from './permission_rows.js';
import { PermissionsService } from '../brands/permissions.service.js';
import { PersonPage } from './person_page.js';

/** What a person may do, and whether they come in at all. */
@Controller('people/:id')
@Can('brand:admin')
export class PersonAccessController {
  constructor(
    private readonly access: PeopleAccessService,
    private readonly permissions: PermissionsService,
    private readonly rows: PermissionRows,
    private readonly person: PersonPage,
    private readonly words: PeopleWords,
  ) {}

  /** Answers htmx with the one row that changed; without scripts the whole page comes back. */
  @Post('permissions')
  async setPermission(
    @Me() actor: Actor,
    @Id('UR') userId: string,
    @Body(form(setPermission)) { permission, state }: z.infer<typeof setPermission>,
    @Headers('HX-Request-Type') wanted: string | undefined,
  ): Promise<Answer> {
    const entry = await this.permissions.set(actor, userId, permission, state);
    const row = this.rows.row(actor, userId, entry, true);
    return wanted === 'partial'
      ? drawn('people/_permission', row)
      : goneTo(addresses.people.page(this.words.shown(userId))).saying(this.words.say('permissions.savedPlain'));
  }

  @Post('sign-in-links')
  async makeLink(@Me() actor: Actor, @Id('UR') userId: string): Promise<Answer> {
    const made = await this.access.makeLink(actor, userId);
    return drawn('people/show', await this.person.show(actor, userId, { made }), 201);
  }

  @Post('disabling')
  async disable(@Me() actor: Actor, @Id('UR') userId: string): Promise<Answer> {
    const { name } = await this.access.disable(actor, userId);
    return goneTo(addresses.people.page(this.words.shown(userId))).saying(this.words.say('disabling.done', { name }));
  }

  @Post('enabling')
  async enable(@Me() actor: Actor, @Id('UR') userId: string): Promise<Answer> {
    const { name } = await this.access.enable(actor, userId);
    return goneTo(addresses.people.page(this.words.shown(userId))).saying(this.words.say('disabling.undone', { name }));
  }
}
