import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { MethodsService } from '../surveys/methods.service.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { anonymousLink } from './anonymous_link.method.js';
import { AnonymousLinkController } from './anonymous_link.controller.js';
import { Link } from './link.entity.js';
import { anonymous } from './entries/anonymous.entry.js';
import { EntriesService } from './entries/entries.service.js';
import { individual } from './entries/individual.entry.js';
import { multiple } from './entries/multiple.entry.js';
import { preview } from './entries/preview.entry.js';
import { LinksService } from './links.service.js';
import { SignedParametersService } from './signed_parameters.service.js';

/** The ways into surveys. */
@Module({
  imports: [MikroOrmModule.forFeature([Link]), SurveysModule],
  controllers: [AnonymousLinkController],
  providers: [EntriesService, LinksService, SignedParametersService],
  exports: [EntriesService, LinksService, SignedParametersService],
})
export class LinksModule {
  constructor(entries: EntriesService, methods: MethodsService) {
    [individual, multiple, anonymous, preview].forEach((entry) => entries.add(entry));
    methods.add(anonymousLink);
  }
}
