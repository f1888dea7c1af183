import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import type { Invalid } from '../platform/errors.js';
import { Ids } from '../platform/ids.js';
import { flash } from '../platform/web/flash.js';
import { asTyped, errorList, parsed, refusedInput } from '../platform/web/form.js';
import { changeDivision } from './brand.forms.js';
import { BrandWords } from './brand_words.js';
import { DivisionsService } from './divisions.service.js';

type Typed = Record<string, string>;

/** Divisions with their weekly limits; who is in which stands on the page of each person. */
@Controller('brand/divisions')
@Can('brand:admin')
export class DivisionsController {
  constructor(
    private readonly divisions: DivisionsService,
    private readonly ids: Ids,
    private readonly words: BrandWords,
  ) {}

  @Get()
  @Render('brands/divisions')
  index(@Me() actor: Actor): Promise<object> {
    return this.page(actor);
  }

  @Post()
  async create(@Me() actor: Actor, @Body(asTyped) typed: Typed, @Req() request: Request, @Res() response: Response) {
    const refusal = await refusedInput(() => this.divisions.create(actor, parsed(changeDivision, typed)));
    await this.answer(actor, { request, response, refusal, typed }, 'divisions.added');
  }

  @Post(':id')
  async update(
    @Me() actor: Actor,
    @Param('id') shown: string,
    @Body(asTyped) typed: Typed,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const id = this.ids.read('DV', shown);
    const refusal = await refusedInput(() =>
      this.divisions.change(actor, id, parsed(changeDivision, ownFields(typed, shown))),
    );
    await this.answer(actor, { request, response, refusal, typed, id }, 'divisions.saved');
  }

  @Post(':id/remove')
  async destroy(@Me() actor: Actor, @Param('id') shown: string, @Req() request: Request, @Res() response: Response) {
    await this.divisions.remove(actor, this.ids.read('DV', shown));
    flash(request, 'success', this.words.say('divisions.removed'));
    response.redirect(303, '/brand/divisions');
  }

  private async answer(actor: Actor, { request, response, refusal, typed, id }: Answered, news: string): Promise<void> {
    if (refusal === undefined) {
      flash(request, 'success', this.words.say(news));
      response.redirect(303, '/brand/divisions');
    } else {
      response.status(422).render('brands/divisions', await this.page(actor, { typed, refusal, id }));
    }
  }

  private async page(
    actor: Actor,
    tried?: { typed: Typed; refusal: Invalid; id?: string | undefined },
  ): Promise<object> {
    const { say } = this.words;
    const divisions = await this.divisions.list(actor.brandId);
    const nameOf = (key: string, own: string | undefined): string =>
      own === undefined ? key : `${key}_${this.ids.show('DV', own)}`;
    const fields = (own: string | undefined, name: string, limit: number | null): object => {
      const again = tried !== undefined && tried.id === own ? tried : undefined;
      const field = (key: string, value: string): object => ({
        name: nameOf(key, own),
        label: say(`divisions.${key}`),
        value: again?.typed[nameOf(key, own)] ?? value,
        error: again?.refusal.fields[key],
      });
      return {
        name: { ...field('name', name), required: true, maxlength: '200' },
        limit: { ...field('weeklyEmailLimit', limit === null ? '' : String(limit)), inputmode: 'numeric', short: true },
      };
    };
    return {
      title: say('divisions.title'),
      crumbs: [{ href: '/brand', text: say('settings.title') }, { text: say('divisions.title') }],
      head: { title: say('divisions.title'), lead: say('divisions.lead') },
      errors: errorList(tried?.refusal),
      divisions: divisions.map(({ id, name, weeklyEmailLimit, people }) => ({
        title: name,
        people: say('divisions.people', { count: people }),
        url: `/brand/divisions/${this.ids.show('DV', id)}`,
        sure: say('divisions.sure', { name }),
        fields: fields(id, name, weeklyEmailLimit),
      })),
      fresh: fields(undefined, '', null),
    };
  }
}

interface Answered {
  request: Request;
  response: Response;
  refusal: Invalid | undefined;
  typed: Typed;
  id?: string | undefined;
}

/** Fields of several forms on one page carry the id of their division; labels need names that are there once. */
function ownFields(typed: Typed, shown: string): Typed {
  const { [`name_${shown}`]: name = '', [`weeklyEmailLimit_${shown}`]: weeklyEmailLimit = '' } = typed;
  return { name, weeklyEmailLimit };
}
