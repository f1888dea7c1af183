import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { NotFound } from '../../platform/errors.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Faults, NO_FAULTS } from '../../platform/web/answers.js';
import { nameOf } from '../contact.entity.js';
import type { ListRow } from '../lists/contact_lists.service.js';
import { ContactWords } from '../contact_words.js';
import { settled, storedOperator } from './segment_comparisons.js';
import { MOST_CONDITIONS, type SegmentCondition, type SegmentTree, unfitPartsOf } from './segment_conditions.js';
import { headFields, lineFields } from './segment_fields.js';
import { SegmentForms } from './segment_forms.js';
import { NO_LINE, withRoom, type WrittenSegment } from './segments.forms.js';
import { MOST_COUNTED, type Segment, SegmentsService } from './segments.service.js';

const FIRST: WrittenSegment = { name: '', match: 'all', lines: [], go: '' };

/** The segments, one of them, its form and whom it means, as models of their templates. */
@Injectable()
export class SegmentPages {
  constructor(
    readonly words: ContactWords,
    readonly forms: SegmentForms,
    private readonly segments: SegmentsService,
  ) {}

  async index(actor: Actor): Promise<object> {
    const { say } = this.words;
    const segments = await this.segments.list(actor);
    const lists = await this.forms.lists(
      actor,
      segments.map(({ tree }) => tree),
    );
    const canEdit = actor.permissions.has('directory:manage');
    const add = { href: addresses.contacts.newSegment(), text: say('segment.new'), icon: 'plus' };
    const action = canEdit ? { action: add } : {};
    return {
      title: say('segment.title'),
      crumbs: this.words.crumbs({ text: say('segment.title') }),
      head: {
        title: say('segment.title'),
        lead: say('segment.lead'),
        actions: canEdit && segments.length > 0 ? [{ ...add, isPrimary: true }] : [],
      },
      segments: segments.map((segment) => ({
        url: addresses.contacts.segment(this.words.shown('SG', segment.id)),
        name: segment.name,
        conditions: this.sentence(segment.tree, lists),
        owner: segment.ownerId === actor.userId ? say('list.you') : segment.ownerName,
        modified: this.words.when(actor, segment.modifiedAt),
      })),
      empty:
        segments.length > 0
          ? undefined
          : { icon: 'filter', title: say('segment.emptyTitle'), text: say('segment.emptyText'), ...action },
    };
  }

  async show(actor: Actor, { id, name, tree, ownerName }: Segment): Promise<object> {
    const { say } = this.words;
    const lists = await this.forms.lists(actor, [tree]);
    const shown = this.words.shown('SG', id);
    return {
      title: name,
      crumbs: this.crumbs({ text: name }),
      name,
      owner: say('list.ownedBy', { name: ownerName }),
      match: say(`segment.matches.${tree.match}`),
      conditions: tree.conditions.map((one) => this.told(one, lists)),
      unfit: tree.conditions.some((one) => unfitPartsOf({ ...one, operator: storedOperator(one) }).length > 0),
      canEdit: actor.permissions.has('directory:manage'),
      sendUrl: this.words.sendUrl(actor, shown),
      editUrl: addresses.contacts.editSegment(shown),
      preview: await this.previewOf(actor, tree),
      removal: {
        id: 'remove_segment',
        title: say('segment.removeTitle', { name }),
        text: say('segment.removeText'),
        consequences: [say('segment.removePeople'), say('segment.removeDistributions')],
        action: addresses.contacts.segmentRemoval(shown),
        button: say('segment.remove'),
        danger: true,
      },
    };
  }

  /** A new segment, or one that is there; also when something in it was refused. */
  async form(
    actor: Actor,
    { segment, written, refused = NO_FAULTS }: { segment?: Segment; written?: WrittenSegment; refused?: Faults },
  ): Promise<object> {
    const kept = written === undefined ? this.kept(segment) : chosenIn(written);
    const lists = await this.forms.listsFor(actor, kept);
    const lines = withRoom(kept.lines, written === undefined || written.go === 'more' ? 1 : 0);
    const faults = written === undefined ? (await this.forms.understood(actor, kept)).faults : refused.fields;
    return {
      ...this.around(segment),
      errors: this.summary(faults),
      ...headFields(kept, this.words, faults),
      lines: lines.map((line, place) => lineFields(line, place, { words: this.words, lists, faults })),
      hasRoom: lines.length < MOST_CONDITIONS,
      preview: await this.preview(actor, kept),
    };
  }

  /**
   * One condition of the form, after its field or comparison was chosen.
   * @param shown its place, from 0 to 9
   * @throws {NotFound} for any other place
   */
  async condition(actor: Actor, written: WrittenSegment, shown: string): Promise<object> {
    if (!/^\d$/.test(shown)) {
      throw new NotFound('There is no such condition.');
    }
    const place = Number(shown);
    const line = written.lines[place] ?? NO_LINE;
    const lists = await this.forms.listsFor(actor, written);
    return lineFields(settled(line), place, { words: this.words, lists, faults: {} });
  }

  private kept(segment: Segment | undefined): WrittenSegment {
    return segment === undefined ? FIRST : this.forms.written(segment);
  }

  /** The faults as the top of the page lists them, each by the condition and the heading that it stands under. */
  private summary(faults: Record<string, string>): { name: string; text: string }[] {
    return Object.entries(faults).map(([name, text]) => {
      const place = /_(\d+)$/.exec(name)?.[1];
      return { name, text: place === undefined ? text : this.words.say('segment.at', { n: Number(place) + 1, text }) };
    });
  }

  private around(segment: Segment | undefined): object {
    const { say } = this.words;
    if (segment === undefined) {
      const title = say('segment.new');
      const ways = {
        action: addresses.contacts.segments(),
        cancelUrl: addresses.contacts.segments(),
        submit: say('segment.create'),
      };
      return { title, crumbs: this.crumbs({ text: title }), head: { title }, ...ways };
    }
    const title = say('segment.edit');
    const shown = this.words.shown('SG', segment.id);
    const path = addresses.contacts.segment(shown);
    const ways = { action: addresses.contacts.editSegment(shown), cancelUrl: path, submit: say('segment.save') };
    return {
      title,
      crumbs: this.crumbs({ href: path, text: segment.name }, { text: title }),
      head: { title },
      ...ways,
    };
  }

  /** Whom the lines mean that are complete. */
  async preview(actor: Actor, written: WrittenSegment): Promise<object> {
    const { tree, faults } = await this.forms.understood(actor, written);
    if (tree.conditions.length === 0) {
      return { incomplete: this.words.say('segment.incomplete') };
    }
    const isPartly = Object.keys(faults).length > 0;
    return { ...(await this.previewOf(actor, tree)), partly: isPartly && this.words.say('segment.partly') };
  }

  private async previewOf(actor: Actor, tree: SegmentTree): Promise<object> {
    const { say } = this.words;
    const { count, members } = await this.segments.preview(actor, tree);
    const n = this.words.number(count);
    return {
      counted: count >= MOST_COUNTED ? say('segment.atLeast', { n }) : say('segment.counted', { count, n }),
      isEmpty: count === 0,
      members: members.map((member) => ({
        url: addresses.contacts.page(this.words.shown('CID', member.id)),
        name: nameOf(member),
        email: member.email,
        out: member.optedOutAt === null ? undefined : { tone: 'idle', icon: 'ban', text: say('optOut.brand') },
      })),
    };
  }

  private sentence({ match, conditions }: SegmentTree, lists: readonly ListRow[]): string {
    return conditions.map((one) => this.told(one, lists)).join(this.words.say(`segment.joined.${match}`));
  }

  private told({ field, name, operator, value }: SegmentCondition, lists: readonly ListRow[]): string {
    const { say } = this.words;
    const word = say(`segment.operators.${operator}`);
    if (field === 'list') {
      const list = lists.find((one) => one.id === value);
      const what = list === undefined ? say('segment.goneList') : say('segment.onList', { list: list.name });
      return say(`segment.where.${operator === 'yes' ? 'yes' : 'no'}`, { what });
    }
    const what = field === 'embedded' ? name : say(`segment.fields.${field}`);
    const isPlain = ['yes', 'no', 'within', 'not_within'].includes(operator);
    const kind = isPlain ? operator : operator.endsWith('empty') ? 'empty' : 'text';
    return say(`segment.where.${kind}`, { what, operator: word, value });
  }

  private crumbs(...steps: { href?: string; text: string }[]): object[] {
    return this.words.crumbs({ href: addresses.contacts.segments(), text: this.words.say('segment.title') }, ...steps);
  }
}

/** A field that was just chosen gets the first comparison that fits; what was refused or is not asked about yet stays. */
function chosenIn(written: WrittenSegment): WrittenSegment {
  const isNew = written.go === 'more' || written.go === 'choose';
  const asksAll = written.go === 'choose';
  const lines = written.lines.map((line) => (isNew && (asksAll || line.operator === '') ? settled(line) : line));
  return { ...written, lines };
}
