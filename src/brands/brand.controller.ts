import { Body, Controller, Get, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { asTyped, parsed, refusedInput } from '../platform/web/form.js';
import { changeBrand } from './brand.forms.js';
import { BrandPage } from './brand_page.js';
import { BrandWords } from './brand_words.js';
import { BrandsService } from './brands.service.js';

@Controller('brand')
@Can('brand:admin')
export class BrandController {
  constructor(
    private readonly brands: BrandsService,
    private readonly page: BrandPage,
    private readonly words: BrandWords,
  ) {}

  @Get()
  @Render('brands/settings')
  async show(@Me() actor: Actor): Promise<object> {
    return this.page.show(actor);
  }

  @Post()
  async update(
    @Me() actor: Actor,
    @Body(asTyped) typed: Record<string, string>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const refusal = await refusedInput(() => this.brands.changeSettings(actor, parsed(changeBrand, typed)));
    if (refusal === undefined) {
      flash(request, 'success', this.words.say('settings.saved'));
      response.redirect(303, '/brand');
    } else {
      response.status(422).render('brands/settings', await this.page.show(actor, { typed, refusal }));
    }
  }
}
