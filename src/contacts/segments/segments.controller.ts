import { Body, Controller, Get, HttpCode, Param, Post, Render } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, drawn, goneTo, orFormAgain } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { SegmentPages } from './segment_pages.js';
import { writeSegment, type WrittenSegment } from './segments.forms.js';
import { type Segment, SegmentsService } from './segments.service.js';

const FORM = 'contacts/segments/form';

@Controller('contacts/segments')
export class SegmentsController {
  constructor(
    private readonly segments: SegmentsService,
    private readonly pages: SegmentPages,
  ) {}

  @Get()
  @Can('contacts:view')
  @Render('contacts/segments/index')
  index(@Me() actor: Actor): Promise<object> {
    return this.pages.index(actor);
  }

  @Get('new')
  @Can('directory:manage')
  @Render(FORM)
  new(@Me() actor: Actor): Promise<object> {
    return this.pages.form(actor, {});
  }

  @Post()
  @Can('directory:manage')
  create(@Me() actor: Actor, @Body(form(writeSegment)) written: WrittenSegment): Promise<Answer> {
    return this.keep(actor, undefined, written);
  }

  /** Whom the conditions mean while they are being written. */
  @Post('preview')
  @HttpCode(200)
  @Can('contacts:view')
  @Render('contacts/_segment_preview')
  preview(@Me() actor: Actor, @Body(form(writeSegment)) written: WrittenSegment): Promise<object> {
    return this.pages.preview(actor, written);
  }

  /** One condition again, with the comparisons and the input that fit what was just chosen in it. */
  @Post('conditions/:place')
  @HttpCode(200)
  @Can('directory:manage')
  @Render('contacts/_condition')
  condition(
    @Me() actor: Actor,
    @Param('place') place: string,
    @Body(form(writeSegment)) written: WrittenSegment,
  ): Promise<object> {
    return this.pages.condition(actor, written, place);
  }

  @Get(':segment')
  @Can('contacts:view')
  @Render('contacts/segments/show')
  async show(@Me() actor: Actor, @Id('SG', 'segment') segmentId: string): Promise<object> {
    return this.pages.show(actor, await this.segments.mustFind(actor, segmentId));
  }

  @Get(':segment/edit')
  @Can('directory:manage')
  @Render(FORM)
  async edit(@Me() actor: Actor, @Id('SG', 'segment') segmentId: string): Promise<object> {
    return this.pages.form(actor, { segment: await this.segments.mustFind(actor, segmentId) });
  }

  @Post(':segment/edit')
  @Can('directory:manage')
  async update(
    @Me() actor: Actor,
    @Id('SG', 'segment') segmentId: string,
    @Body(form(writeSegment)) written: WrittenSegment,
  ): Promise<Answer> {
    return this.keep(actor, await this.segments.mustFind(actor, segmentId), written);
  }

  @Post(':segment/removal')
  @Can('directory:manage')
  async destroy(@Me() actor: Actor, @Id('SG', 'segment') segmentId: string): Promise<Answer> {
    const { name } = await this.segments.mustFind(actor, segmentId);
    await this.segments.remove(actor, segmentId);
    return goneTo(addresses.contacts.segments()).saying(this.pages.words.say('segment.removed', { name }));
  }

  private async keep(actor: Actor, segment: Segment | undefined, written: WrittenSegment): Promise<Answer> {
    const own = segment === undefined ? {} : { segment };
    if (written.go === 'more' || written.go === 'choose') {
      return drawn(FORM, await this.pages.form(actor, { ...own, written }));
    }
    return orFormAgain(
      async () => {
        const { name, tree } = await this.pages.forms.read(actor, written);
        const id = await this.write(actor, segment, name, tree);
        return goneTo(addresses.contacts.segment(this.pages.words.shown('SG', id))).saying(
          this.pages.words.say('segment.saved'),
        );
      },
      async (refused) => ({ view: FORM, model: await this.pages.form(actor, { ...own, written, refused }) }),
    );
  }

  private async write(
    actor: Actor,
    segment: Segment | undefined,
    name: string,
    tree: Segment['tree'],
  ): Promise<string> {
    if (segment === undefined) {
      return this.segments.create(actor, name, tree);
    }
    await this.segments.update(actor, segment.id, name, tree);
    return segment.id;
  }
}
