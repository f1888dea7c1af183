import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { Ids } from '../platform/ids.js';
import { LiveTopics } from '../live/live_topics.service.js';
import { Contact } from './contact.entity.js';
import { ContactList } from './lists/contact_list.entity.js';
import { ContactOptOutsController } from './contact_opt_outs.controller.js';
import { ContactPages } from './contact_pages.js';
import { ContactWords } from './contact_words.js';
import { ContactWrites } from './contact_writes.js';
import { ContactListsController } from './lists/contact_lists.controller.js';
import { ContactListsService } from './lists/contact_lists.service.js';
import { ContactsController } from './contacts.controller.js';
import { ContactsService } from './contacts.service.js';
import { DirectoriesApi } from './directories.api.js';
import { DirectoryService } from './directory.service.js';
import { DirectoryContactsApi } from './directory_contacts.api.js';
import { ContactImport } from './imports/contact_import.entity.js';
import { ContactImportsController } from './imports/contact_imports.controller.js';
import { ContactImportsService } from './imports/contact_imports.service.js';
import { importTopic } from './imports/import.topic.js';
import { ImportFiles } from './imports/import_files.js';
import { ImportScreens } from './imports/import_screens.js';
import { ImportProposals } from './imports/import_proposals.js';
import { KnownLinks } from './imports/known_links.service.js';
import { Importing } from './imports/importing.js';
import { Merging } from './imports/merging.js';
import { RunImportJob } from './imports/run_import.job.js';
import { ListExport } from './lists/list_export.js';
import { ListPages } from './lists/list_pages.js';
import { ListTables } from './lists/list_tables.js';
import { ListContactsApi } from './list_contacts.api.js';
import { MailingListsApi } from './mailing_lists.api.js';
import { PastedContactsController } from './pasting/pasted_contacts.controller.js';
import { PastedContactsService } from './pasting/pasted_contacts.service.js';
import { SegmentForms } from './segments/segment_forms.js';
import { SegmentPages } from './segments/segment_pages.js';
import { SegmentsController } from './segments/segments.controller.js';
import { SegmentsService } from './segments/segments.service.js';
import { OldMailingListsApi } from './old_mailing_lists.api.js';
import { WishesService } from './wishes.service.js';

@Module({
  imports: [MikroOrmModule.forFeature([Contact, ContactList, ContactImport])],
  controllers: [
    // Before the others: `paste` and `segments` are no contact's id.
    PastedContactsController,
    SegmentsController,
    ContactListsController,
    ContactImportsController,
    ContactOptOutsController,
    ContactsController,
    DirectoriesApi,
    MailingListsApi,
    ListContactsApi,
    DirectoryContactsApi,
    OldMailingListsApi,
  ],
  providers: [
    ContactWrites,
    ContactWords,
    ContactPages,
    ListPages,
    ListTables,
    ListExport,
    ImportScreens,
    ContactsService,
    ContactListsService,
    DirectoryService,
    ContactImportsService,
    ImportFiles,
    ImportProposals,
    KnownLinks,
    Importing,
    Merging,
    RunImportJob,
    PastedContactsService,
    SegmentsService,
    SegmentForms,
    SegmentPages,
    WishesService,
  ],
  exports: [
    ContactsService,
    ContactListsService,
    DirectoryService,
    ContactImportsService,
    PastedContactsService,
    SegmentsService,
    WishesService,
  ],
})
export class ContactsModule {
  constructor(topics: LiveTopics, imports: ContactImportsService, ids: Ids) {
    topics.add(importTopic(imports, ids));
  }
}
