import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { type FormErrors, NO_ERRORS } from '../../platform/web/form_again.js';
import { nameOf } from '../contact.entity.js';
import type { ListRow } from '../contact_lists.service.js';
import { ContactWords } from '../contact_words.js';
import { MOST_CONDITIONS, type SegmentCondition, type SegmentTree } from './segment_conditions.service.js';
import { headFields, lineFields } from './segment_fields.js';
import { SegmentForms } from './segment_forms.js';
import { withRoom, type WrittenSegment } from './segments.forms.js';
import { MOST_COUNTED, type Segment, SegmentsService } from './segments.service.js';

const BASE = '/contacts/segments';
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
    const [segments, lists] = await Promise.all([this.segments.list(actor), this.forms.lists(actor)]);
    const canEdit = actor.permissions.has('directory:manage');
    const add = { href: `${BASE}/new`, text: say('segment.new'), icon: 'plus' };
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
        url: this.words.segmentPath(segment.id),
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
    const lists = await this.forms.lists(actor);
    const path = this.words.segmentPath(id);
    return {
      title: name,
      crumbs: this.crumbs({ text: name }),
      name,
      owner: say('list.ownedBy', { name: ownerName }),
      match: say(`segment.matches.${tree.match}`),
      conditions: tree.conditions.map((one) => this.condition(one, lists)),
      canEdit: actor.permissions.has('directory:manage'),
      sendUrl: this.words.sendUrl(actor, this.words.shown('SG', id)),
      editUrl: `${path}/edit`,
      preview: await this.previewOf(actor, tree),
      removal: {
        id: 'remove_segment',
        title: say('segment.removeTitle', { name }),
        text: say('segment.removeText'),
        consequences: [say('segment.removePeople'), say('segment.removeDistributions')],
        action: `${path}/removal`,
        button: say('segment.remove'),
        danger: true,
      },
    };
  }

  /** A new segment, or one that is there; also when something in it was refused. */
  async form(
    actor: Actor,
    { segment, written, refused = NO_ERRORS }: { segment?: Segment; written?: WrittenSegment; refused?: FormErrors },
  ): Promise<object> {
    const kept = written ?? (segment === undefined ? FIRST : this.forms.written(segment));
    const lists = await this.forms.lists(actor);
    const lines = withRoom(kept.lines, written === undefined || written.go === 'more' ? 1 : 0);
    return {
      ...this.around(segment),
      errors: refused.errors,
      ...headFields(kept, this.words, refused.fields),
      lines: lines.map((line, place) => lineFields(line, place, { words: this.words, lists, faults: refused.fields })),
      hasRoom: lines.length < MOST_CONDITIONS,
      preview: await this.preview(actor, kept),
    };
  }

  private around(segment: Segment | undefined): object {
    const { say } = this.words;
    if (segment === undefined) {
      const title = say('segment.new');
      const ways = { action: BASE, cancelUrl: BASE, submit: say('segment.create') };
      return { title, crumbs: this.crumbs({ text: title }), head: { title }, ...ways };
    }
    const title = say('segment.edit');
    const path = this.words.segmentPath(segment.id);
    const ways = { action: `${path}/edit`, cancelUrl: path, submit: say('segment.save') };
    return {
      title,
      crumbs: this.crumbs({ href: path, text: segment.name }, { text: title }),
      head: { title },
      ...ways,
    };
  }

  /** Whom the lines mean that are complete. */
  async preview(actor: Actor, written: WrittenSegment): Promise<object> {
    const { tree } = await this.forms.understood(actor, written);
    return tree.conditions.length === 0
      ? { incomplete: this.words.say('segment.incomplete') }
      : this.previewOf(actor, tree);
  }

  private async previewOf(actor: Actor, tree: SegmentTree): Promise<object> {
    const { say } = this.words;
    const { count, members } = await this.segments.preview(actor, tree);
    const n = this.words.number(count);
    return {
      counted: count >= MOST_COUNTED ? say('segment.atLeast', { n }) : say('segment.counted', { count, n }),
      isEmpty: count === 0,
      members: members.map((member) => ({
        url: this.words.contactPath(member.id),
        name: nameOf(member),
        email: member.email,
        out: member.optedOutAt === null ? undefined : { tone: 'idle', icon: 'ban', text: say('optOut.brand') },
      })),
    };
  }

  private sentence({ match, conditions }: SegmentTree, lists: readonly ListRow[]): string {
    return conditions.map((one) => this.condition(one, lists)).join(this.words.say(`segment.joined.${match}`));
  }

  private condition({ field, name, operator, value }: SegmentCondition, lists: readonly ListRow[]): string {
    const { say } = this.words;
    const word = say(`segment.operators.${operator}`);
    if (field === 'list') {
      const list = lists.find((one) => one.id === value);
      const what = list === undefined ? say('segment.goneList') : say('segment.onList', { list: list.name });
      return say(`segment.where.${operator}`, { what });
    }
    const what = field === 'embedded' ? name : say(`segment.fields.${field}`);
    const isPlain = ['yes', 'no', 'within', 'not_within'].includes(operator);
    const kind = isPlain ? operator : operator.endsWith('empty') ? 'empty' : 'text';
    return say(`segment.where.${kind}`, { what, operator: word, value });
  }

  private crumbs(...steps: { href?: string; text: string }[]): object[] {
    return this.words.crumbs({ href: BASE, text: this.words.say('segment.title') }, ...steps);
  }
}
