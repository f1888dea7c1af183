import { Body, Controller, Get, Post, Render } from '@nestjs/common';
import { z } from 'zod';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, drawn, goneTo } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { ticked, unlessLonger } from '../../platform/web/form_atoms.js';
import { ContactWords } from '../contact_words.js';
import { MAX_LIST_NAME } from '../lists/contact_lists.service.js';
import { BadLines, PastedContactsService } from './pasted_contacts.service.js';

const pastePeople = z.object({
  people: unlessLonger(2_000_000),
  name: z.string().catch(''),
  leaveOut: ticked,
});
type Typed = z.infer<typeof pastePeople>;

const NOTHING: Typed = { people: '', name: '', leaveOut: false };

/** Pasting people instead of a file. */
@Controller('contacts/paste')
@Can('directory:edit')
export class PastedContactsController {
  constructor(
    private readonly pasted: PastedContactsService,
    private readonly words: ContactWords,
  ) {}

  @Get()
  @Render('contacts/paste')
  show(): object {
    return this.model(NOTHING);
  }

  @Post()
  async create(@Me() actor: Actor, @Body(form(pastePeople)) typed: Typed): Promise<Answer> {
    try {
      const { list, optedOut } = await this.pasted.makeList(actor, typed, typed.leaveOut);
      return goneTo(addresses.contacts.list(this.words.shown('CG', list.id))).saying(
        this.madeWords(list.name, optedOut),
      );
    } catch (error) {
      if (!(error instanceof BadLines)) {
        throw error;
      }
      return drawn('contacts/paste', this.model(typed, error), 422);
    }
  }

  private madeWords(name: string, count: number): string {
    const made = this.words.say('paste.made', { name });
    return count === 0 ? made : `${made} ${this.words.say('paste.optOuts', { count, n: this.words.number(count) })}`;
  }

  private model({ people, name, leaveOut }: Typed, refused?: BadLines): object {
    const { say } = this.words;
    return {
      title: say('paste.title'),
      crumbs: this.words.crumbs({ text: say('paste.title') }),
      head: { title: say('paste.title'), lead: say('paste.lead') },
      errors: refused === undefined ? [] : [{ name: 'people', text: refused.message }],
      people: {
        name: 'people',
        label: say('paste.people'),
        help: say('paste.help'),
        value: people,
        rows: 12,
        mono: true,
        required: true,
        error: refused?.message,
      },
      name: {
        name: 'name',
        label: say('list.name'),
        help: say('paste.nameHelp'),
        value: name,
        maxlength: MAX_LIST_NAME,
      },
      ...refused?.shown(say, leaveOut),
      submit: say('list.create'),
    };
  }
}
