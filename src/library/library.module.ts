import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { LibraryApi } from './library.api.js';
import { LibraryController } from './library.controller.js';
import { LibraryPages } from './library_pages.js';
import { LibraryService } from './library.service.js';
import { LibraryMessage } from './library_message.entity.js';

/** Words to use again, by category and language. */
@Module({
  imports: [MikroOrmModule.forFeature([LibraryMessage])],
  controllers: [LibraryApi, LibraryController],
  providers: [LibraryPages, LibraryService],
  exports: [LibraryService],
})
export class LibraryModule {}
