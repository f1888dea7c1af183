import { Body, Controller, Get, Post, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { Ids } from '../platform/ids.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, type Faults, goneTo, orFormAgain } from '../platform/web/answers.js';
import { asTyped, parsed } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
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
  create(@Me() actor: Actor, @Body(asTyped) typed: Typed): Promise<Answer> {
    return this.keep(actor, { typed }, async () => {
      await this.divisions.create(actor, parsed(changeDivision, typed));
      return this.back('divisions.added');
    });
  }

  @Post(':id')
  update(@Me() actor: Actor, @Id('DV') id: string, @Body(asTyped) typed: Typed): Promise<Answer> {
    return this.keep(actor, { typed, id }, async () => {
      const own = ownFields(typed, this.ids.show('DV', id));
      await this.divisions.change(actor, id, parsed(changeDivision, own));
      return this.back('divisions.saved');
    });
  }

  @Post(':id/remove')
  async destroy(@Me() actor: Actor, @Id('DV') id: string): Promise<Answer> {
    await this.divisions.remove(actor, id);
    return this.back('divisions.removed');
  }

  private back(news: string): Answer {
    return goneTo(addresses.brand.divisions()).saying(this.words.say(news));
  }

  private keep(actor: Actor, sent: Sent, act: () => Promise<Answer>): Promise<Answer> {
    return orFormAgain(act, async (faults) => {
      return { view: 'brands/divisions', model: await this.page(actor, { ...sent, faults }) };
    });
  }

  private async page(actor: Actor, tried?: Sent & { faults: Faults }): Promise<object> {
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
        error: again?.faults.fields[key],
      });
      return {
        name: { ...field('name', name), required: true, maxlength: '200' },
        limit: { ...field('weeklyEmailLimit', limit === null ? '' : String(limit)), inputmode: 'numeric', short: true },
      };
    };
    return {
      title: say('divisions.title'),
      crumbs: [{ href: addresses.brand.settings(), text: say('settings.title') }, { text: say('divisions.title') }],
      head: { title: say('divisions.title'), lead: say('divisions.lead') },
      errors: tried?.faults.errors ?? [],
      divisions: divisions.map(({ id, name, weeklyEmailLimit, people }) => ({
        title: name,
        people: say('divisions.people', { count: people }),
        url: addresses.brand.division(this.ids.show('DV', id)),
        removalUrl: addresses.brand.divisionRemoval(this.ids.show('DV', id)),
        sure: say('divisions.sure', { name }),
        fields: fields(id, name, weeklyEmailLimit),
      })),
      fresh: fields(undefined, '', null),
    };
  }
}

/** What a form of the page sent. @property id the division whose form it is; none for a new one */
interface Sent {
  typed: Typed;
  id?: string;
}

/** Fields of several forms on one page carry the id of their division; labels need names that are there once. */
function ownFields(typed: Typed, shown: string): Typed {
  const { [`name_${shown}`]: name = '', [`weeklyEmailLimit_${shown}`]: weeklyEmailLimit = '' } = typed;
  return { name, weeklyEmailLimit };
}
