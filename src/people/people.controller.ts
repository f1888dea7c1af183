import { Body, Controller, Get, Post, Query, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, drawn, goneTo, orFormAgain } from '../platform/web/answers.js';
import { asTyped, form, parsed } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
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
  create(@Me() actor: Actor, @Body(asTyped) typed: Typed): Promise<Answer> {
    return orFormAgain(
      async () => {
        const { type, ...details } = parsed(addPerson, typed);
        const added = await this.people.add(actor, { ...details, userTypeId: this.words.readTypeId(type) });
        return drawn('people/added', this.person.added(await this.access.makeLink(actor, added.id)), 201);
      },
      async (faults) => ({ view: 'people/new', model: await this.person.blank(actor, { typed, faults }) }),
    );
  }

  @Get(':id')
  @Render('people/show')
  async show(@Me() actor: Actor, @Id('UR') userId: string): Promise<object> {
    return this.person.show(actor, userId);
  }

  @Post(':id')
  update(@Me() actor: Actor, @Id('UR') userId: string, @Body(asTyped) typed: Typed): Promise<Answer> {
    return orFormAgain(
      async () => {
        const { type, division, ...details } = parsed(changePerson, typed);
        const user = await this.people.change(actor, userId, {
          ...details,
          userTypeId: this.words.readTypeId(type),
          divisionId: this.words.readDivisionId(division),
        });
        return goneTo(addresses.people.page(this.words.shown(userId))).saying(
          this.words.say('person.saved', { name: user.name }),
        );
      },
      async (faults) => {
        return { view: 'people/show', model: await this.person.show(actor, userId, { tried: { typed, faults } }) };
      },
    );
  }
}
