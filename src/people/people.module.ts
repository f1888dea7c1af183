import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { MailerModule } from '../mailer/mailer.module.js';
import { AskedLinksController } from './asked_links.controller.js';
import { AskedLinks } from './asked_links.js';
import { PeopleController } from './people.controller.js';
import { PeopleService } from './people.service.js';
import { PeopleAccessService } from './people_access.service.js';
import { PeopleList } from './people_list.js';
import { PeoplePage } from './people_page.js';
import { PeopleWords } from './people_words.js';
import { PermissionRows } from './permission_rows.js';
import { PersonAccessController } from './person_access.controller.js';
import { PersonForm } from './person_form.js';
import { PersonPage } from './person_page.js';
import { SignInMails } from './sign_in_mails.js';

@Module({
  imports: [AccountsModule, MailerModule],
  controllers: [AskedLinksController, PeopleController, PersonAccessController],
  providers: [
    AskedLinks,
    PeopleAccessService,
    PeopleList,
    PeoplePage,
    PeopleService,
    PeopleWords,
    PermissionRows,
    PersonForm,
    PersonPage,
    SignInMails,
  ],
})
export class PeopleModule {}
