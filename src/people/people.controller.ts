import { Body, Controller, Get, Param, Post, Query, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { asTyped, form, parsed, refusedInput } from '../platform/web/form.js';
import { PeopleWords } from './people_words.js';
import { addPerson, changePerson, type PeopleQuery, peopleQuery } from './people.forms.js';
import { PeoplePage } from './people_page.js';
import { PeopleService } from './people.service.js';
import { PeopleAccessService } from './people_access.service.js';
import { PersonPage } from './person_page.js';

type Typed = Record<string, string>;

@Controller('people')
@Can('brand:admin')
export class PeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly access: PeopleAccessService,
    private readonly list: PeoplePage,
    private readonly person: PersonPage,
    private readonly words: PeopleWords,
  ) {}

  @Get()
  @Render('people/index')
  async index(@Me() actor: Actor, @Query(form(peopleQuery)) { search, status, after }: PeopleQuery): Promise<object> {
    return this.list.show(actor, { search, status, after: after === '' ? undefined : this.words.personId(after) });
  }

  @Get('new')
  @Render('people/new')
  async new(@Me() actor: Actor): Promise<object> {
    return this.person.blank(actor);
  }

  /** The answer itself shows the link, once: a redirect would have to keep it somewhere in the clear. */
  @Post()
  async create(@Me() actor: Actor, @Body(asTyped) typed: Typed, @Res() response: Response): Promise<void> {
    let page: object = {};
    const refusal = await refusedInput(async () => {
      const { type, ...details } = parsed(addPerson, typed);
      const added = await this.people.add(actor, { ...details, userTypeId: this.words.readTypeId(type) });
      page = this.person.added(await this.access.makeLink(actor, added.id));
    });
    if (refusal === undefined) {
      response.status(201).setHeader('Cache-Control', 'no-store').render('people/added', page);
    } else {
      response.status(422).render('people/new', await this.person.blank(actor, { typed, refusal }));
    }
  }

  @Get(':id')
  @Render('people/show')
  async show(@Me() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.person.show(actor, this.words.personId(id));
  }

  @Post(':id')
  async update(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Body(asTyped) typed: Typed,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const userId = this.words.personId(id);
    const refusal = await refusedInput(async () => {
      const { type, division, ...details } = parsed(changePerson, typed);
      const user = await this.people.change(actor, userId, {
        ...details,
        userTypeId: this.words.readTypeId(type),
        divisionId: this.words.readDivisionId(division),
      });
      flash(request, 'success', this.words.say('person.saved', { name: user.name }));
    });
    if (refusal === undefined) {
      response.redirect(303, this.words.personPath(userId));
    } else {
      const page = await this.person.show(actor, userId, { tried: { typed, refusal } });
      response.status(422).render('people/show', page);
    }
  }
}
