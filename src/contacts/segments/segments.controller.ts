import { Body, Controller, Get, HttpCode, Param, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { flash } from '../../platform/web/flash.js';
import { form } from '../../platform/web/form.js';
import { orAgain } from '../../platform/web/form_again.js';
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
  async create(
    @Me() actor: Actor,
    @Body(form(writeSegment)) written: WrittenSegment,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.keep(actor, undefined, written, { request, response });
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
  async show(@Me() actor: Actor, @Param('segment') shown: string): Promise<object> {
    return this.pages.show(actor, await this.find(actor, shown));
  }

  @Get(':segment/edit')
  @Can('directory:manage')
  @Render(FORM)
  async edit(@Me() actor: Actor, @Param('segment') shown: string): Promise<object> {
    return this.pages.form(actor, { segment: await this.find(actor, shown) });
  }

  @Post(':segment/edit')
  @Can('directory:manage')
  async update(
    @Me() actor: Actor,
    @Param('segment') shown: string,
    @Body(form(writeSegment)) written: WrittenSegment,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.keep(actor, await this.find(actor, shown), written, { request, response });
  }

  @Post(':segment/removal')
  @Can('directory:manage')
  async destroy(
    @Me() actor: Actor,
    @Param('segment') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { id, name } = await this.find(actor, shown);
    await this.segments.remove(actor, id);
    flash(request, 'success', this.pages.words.say('segment.removed', { name }));
    response.redirect(303, '/contacts/segments');
  }

  private async keep(
    actor: Actor,
    segment: Segment | undefined,
    written: WrittenSegment,
    { request, response }: { request: Request; response: Response },
  ): Promise<void> {
    const own = segment === undefined ? {} : { segment };
    if (written.go === 'more' || written.go === 'choose') {
      response.status(200).render(FORM, await this.pages.form(actor, { ...own, written }));
      return;
    }
    await orAgain(
      response,
      async () => {
        const { name, tree } = await this.pages.forms.read(actor, written);
        const id = await this.write(actor, segment, name, tree);
        flash(request, 'success', this.pages.words.say('segment.saved'));
        response.redirect(303, this.pages.words.segmentPath(id));
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

  private find(actor: Actor, shown: string): Promise<Segment> {
    return this.segments.mustFind(actor, this.pages.words.segmentId(shown));
  }
}
