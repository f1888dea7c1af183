import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { Config } from '../platform/config.js';
import { Contact } from './contact.entity.js';
import { ContactList } from './contact_list.entity.js';
import { ContactWrites } from './contact_writes.js';
import { ContactListsService } from './contact_lists.service.js';
import { ContactsService } from './contacts.service.js';
import { DirectoriesApi } from './directories.api.js';
import { DirectoryService } from './directory.service.js';
import { DirectoryContactsApi } from './directory_contacts.api.js';
import { ContactImport } from './imports/contact_import.entity.js';
import { ContactImportsService } from './imports/contact_imports.service.js';
import { folderOf, ImportFiles, MAX_FILE_BYTES } from './imports/import_files.js';
import { ImportProposals } from './imports/import_proposals.js';
import { Importing } from './imports/importing.js';
import { Merging } from './imports/merging.js';
import { RunImportJob } from './imports/run_import.job.js';
import { ListContactsApi } from './list_contacts.api.js';
import { MailingListsApi } from './mailing_lists.api.js';
import { OldMailingListsApi } from './old_mailing_lists.api.js';

@Module({
  imports: [
    MikroOrmModule.forFeature([Contact, ContactList, ContactImport]),
    MulterModule.registerAsync({
      inject: [Config],
      useFactory: (config: Config) => ({
        dest: folderOf(config),
        limits: { fileSize: MAX_FILE_BYTES, files: 1, fields: 20, fieldSize: 2_000_000 },
        defParamCharset: 'utf8',
      }),
    }),
  ],
  controllers: [DirectoriesApi, MailingListsApi, ListContactsApi, DirectoryContactsApi, OldMailingListsApi],
  providers: [
    ContactWrites,
    ContactsService,
    ContactListsService,
    DirectoryService,
    ContactImportsService,
    ImportFiles,
    ImportProposals,
    Importing,
    Merging,
    RunImportJob,
  ],
  exports: [ContactsService, ContactListsService, DirectoryService, ContactImportsService],
})
export class ContactsModule {}
