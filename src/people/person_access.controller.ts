import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { form } from '../platform/web/form.js';
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
    @Param('id') id: string,
    @Body(form(setPermission)) { permission, state }: z.infer<typeof setPermission>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const userId = this.words.personId(id);
    const entry = await this.permissions.set(actor, userId, permission, state);
    const row = this.rows.row(actor, userId, entry, true);
    if (request.get('HX-Request-Type') === 'partial') {
      response.status(200).render('people/_permission', row);
    } else {
      flash(request, 'success', this.words.say('permissions.savedPlain'));
      response.redirect(303, this.words.personPath(userId));
    }
  }

  @Post('sign-in-links')
  async makeLink(@Me() actor: Actor, @Param('id') id: string, @Res() response: Response): Promise<void> {
    const made = await this.access.makeLink(actor, this.words.personId(id));
    response.status(201).setHeader('Cache-Control', 'no-store');
    response.render('people/show', await this.person.show(actor, made.user.id, { made }));
  }

  @Post('disabling')
  async disable(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const user = await this.access.disable(actor, this.words.personId(id));
    flash(request, 'success', this.words.say('disabling.done', { name: user.name }));
    response.redirect(303, this.words.personPath(user.id));
  }

  @Post('enabling')
  async enable(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const user = await this.access.enable(actor, this.words.personId(id));
    flash(request, 'success', this.words.say('disabling.undone', { name: user.name }));
    response.redirect(303, this.words.personPath(user.id));
  }
}
