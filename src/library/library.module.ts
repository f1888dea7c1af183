import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { LibraryApi } from './library.api.js';
import { LibraryController } from './library.controller.js';
import { LibrarySharesController } from './library_shares.controller.js';
import { LibrarySharesPage } from './library_shares_page.js';
import { LibrarySharesService } from './library_shares.service.js';
import { LibraryPages } from './library_pages.js';
import { LibraryService } from './library.service.js';
import { LibraryMessage } from './library_message.entity.js';

/** Words to use again, by category and language. */
@Module({
  imports: [MikroOrmModule.forFeature([LibraryMessage])],
  controllers: [LibraryApi, LibraryController, LibrarySharesController],
  providers: [LibraryPages, LibraryService, LibrarySharesPage, LibrarySharesService],
  exports: [LibraryService],
})
export class LibraryModule {}
