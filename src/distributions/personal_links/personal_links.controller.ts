import { Body, Controller, Get, Param, Post, Query, Render, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, goneTo, orFormAgain } from '../../platform/web/answers.js';
import { sendCsv } from '../../platform/web/csv_download.js';
import { form } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { SteeringService } from '../steering.service.js';
import { LinksFile } from './links_file.js';
import { Generating } from './generating.js';
import { generateLinks, showPeople, type WrittenLinks } from './personal_links.forms.js';
import { PersonalLinksPage } from './personal_links_page.js';

/** Which generation of links of which survey, as public ids of the address. */
export interface LinksAddress {
  id: string;
  links: string;
}

/** Personal links of a survey: earlier generations, a new one, the file. */
@Controller('surveys/:id/distributions/personal-links')
export class PersonalLinksController {
  constructor(
    private readonly page: PersonalLinksPage,
    private readonly generating: Generating,
    private readonly file: LinksFile,
    private readonly steering: SteeringService,
  ) {}

  @Get()
  @Can('distributions:access')
  @Render('distributions/personal/index')
  index(@Me() actor: Actor, @Id('SV') surveyId: string, @Query('after') after?: string): Promise<object> {
    return this.page.index(actor, surveyId, after);
  }

  @Get('new')
  @Can('distributions:send')
  @Render('distributions/personal/new')
  create(@Me() actor: Actor, @Id('SV') surveyId: string): Promise<object> {
    return this.page.fresh(actor, surveyId);
  }

  @Post()
  @Can('distributions:send')
  make(
    @Me() actor: Actor,
    @Id('SV') surveyId: string,
    @Body(form(generateLinks)) written: WrittenLinks,
  ): Promise<Answer> {
    return orFormAgain(
      async () => {
        const made = await this.generating.make(actor, surveyId, written);
        return goneTo(addresses.personalLinks.page(...this.page.words.at(made)));
      },
      async (refused) => ({
        view: 'distributions/personal/new',
        model: await this.page.fresh(actor, surveyId, written, refused),
      }),
    );
  }

  @Get(':links')
  @Can('distributions:access')
  @Render('distributions/personal/show')
  async show(
    @Me() actor: Actor,
    @Param() address: LinksAddress,
    @Query(form(showPeople)) wish: { q: string; after?: string | undefined },
  ): Promise<object> {
    return this.page.show(actor, await this.page.mustFind(actor, address), wish);
  }

  /** What an open page asks for while the links are made. */
  @Get(':links/now')
  @Can('distributions:access')
  @Render('distributions/personal/_generation')
  async now(@Me() actor: Actor, @Param() address: LinksAddress): Promise<object> {
    return this.page.generation(actor, await this.page.mustFind(actor, address));
  }

  /** Streams, also while the links are still being made. */
  @Get(':links/links.csv')
  @Can('distributions:access')
  async download(@Me() actor: Actor, @Param() address: LinksAddress, @Res() response: Response): Promise<void> {
    const found = await this.page.mustFind(actor, address);
    await sendCsv(response, `links_${address.links}.csv`, this.file.lines(actor, found));
  }

  @Post(':links/remove')
  @Can('distributions:send')
  async destroy(@Me() actor: Actor, @Param() address: LinksAddress): Promise<Answer> {
    const { distribution } = await this.page.mustFind(actor, address);
    await this.steering.remove(actor, distribution.id);
    return goneTo(addresses.personalLinks.list(this.page.words.shownSurvey(distribution.surveyId))).saying(
      this.page.words.say('personal.removed'),
    );
  }
}
