import { Body, Controller, Get, Post, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, goneTo, orFormAgain } from '../platform/web/answers.js';
import { asTyped, parsed } from '../platform/web/form.js';
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
  update(@Me() actor: Actor, @Body(asTyped) typed: Record<string, string>): Promise<Answer> {
    return orFormAgain(
      async () => {
        await this.brands.changeSettings(actor, parsed(changeBrand, typed));
        return goneTo(addresses.brand.settings()).saying(this.words.say('settings.saved'));
      },
      async (faults) => ({ view: 'brands/settings', model: await this.page.show(actor, { typed, faults }) }),
    );
  }
}
