import { Migration } from '@mikro-orm/migrations';
import { finder, wallAround } from './brand_tables.js';

/** What a mail is written with: preheader, versions in other languages, look, library, pictures; and how pages are shown. */
export class Migration20261124000600_mail_words extends Migration {
  override up(): void {
    for (const statement of [...mails, ...messageLibrary, ...pictures, ...choices]) {
      this.addSql(statement);
    }
  }
}

const mails = [
  `ALTER TABLE distributions
     ADD COLUMN preheader text NOT NULL DEFAULT '',
     -- The language of the words in subject and body; '' where nobody said it.
     ADD COLUMN language text NOT NULL DEFAULT '',
     -- The same mail in other languages, by language.
     ADD COLUMN versions jsonb NOT NULL DEFAULT '{}',
     ADD COLUMN design text NOT NULL DEFAULT 'plain' CHECK (design IN ('plain', 'brand')),
     ADD COLUMN counts_opens boolean NOT NULL DEFAULT false,
     -- A message of the library that programs named. No reference: it may be deleted, and then the mail is refused.
     ADD COLUMN library_message_id bigint`,
];

const messageLibrary = [
  `CREATE TABLE library_messages (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     owner_id bigint NOT NULL, category text NOT NULL, name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
     plain_name text GENERATED ALWAYS AS (lower(name)) STORED,
     is_shared boolean NOT NULL DEFAULT false, language text NOT NULL,
     -- Words by language, the default one's among them.
     words jsonb NOT NULL, created_at timestamptz NOT NULL, modified_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id),
     CHECK (category IN ('invite', 'reminder', 'thankYou', 'emailSubject', 'endOfSurvey', 'inactiveSurvey', 'general',
       'validation', 'lookAndFeel', 'smsInvite')),
     FOREIGN KEY (brand_id, owner_id) REFERENCES users)`,
  `CREATE INDEX library_messages_of_category ON library_messages (brand_id, category, id DESC)`,
  ...wallAround('library_messages'),
];

const pictures = [
  `CREATE TABLE mail_pictures (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     owner_id bigint NOT NULL, type text NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp')),
     bytes int NOT NULL, width int NOT NULL, height int NOT NULL, content bytea NOT NULL, created_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id),
     FOREIGN KEY (brand_id, owner_id) REFERENCES users)`,
  `ALTER TABLE mail_pictures ALTER COLUMN content SET STORAGE EXTERNAL`,
  `CREATE UNIQUE INDEX mail_pictures_by_id ON mail_pictures (id)`,
  ...wallAround('mail_pictures'),
  ...finder(
    'find_mail_picture(picture bigint)',
    'TABLE (brand_id bigint)',
    { mail_pictures: 'brand_id, id' },
    'SELECT brand_id FROM mail_pictures WHERE id = picture',
  ),
];

const choices = [
  `CREATE TABLE user_choices (
     brand_id bigint NOT NULL REFERENCES brands, user_id bigint NOT NULL, name text NOT NULL, value text NOT NULL,
     PRIMARY KEY (brand_id, user_id, name),
     FOREIGN KEY (brand_id, user_id) REFERENCES users ON DELETE CASCADE)`,
  ...wallAround('user_choices'),
];
