import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import type { FormErrors } from '../../platform/web/form_again.js';
import { ContactListsService, type ListRow } from '../contact_lists.service.js';
import { ContactWords } from '../contact_words.js';
import type { ContactImport } from './contact_import.entity.js';
import { ContactImportsService, type KeptReject } from './contact_imports.service.js';
import { ImportFiles } from './import_files.js';
import { ImportMappingPages } from './import_mapping_pages.js';
import { ImportProposals } from './import_proposals.js';
import { ImportReportPages } from './import_report_pages.js';
import { specimens } from './specimens.js';

const REJECTS_SHOWN = 51;

/** Fetches what the pages of an import show, by how far the import is. */
@Injectable()
export class ImportScreens {
  private readonly mapping: ImportMappingPages;
  private readonly reports: ImportReportPages;

  constructor(
    readonly words: ContactWords,
    readonly files: ImportFiles,
    private readonly imports: ContactImportsService,
    private readonly lists: ContactListsService,
    private readonly proposals: ImportProposals,
  ) {
    this.mapping = new ImportMappingPages(words);
    this.reports = new ImportReportPages(words);
  }

  async choose(actor: Actor, list: string, pasted: string | undefined, errors: FormErrors): Promise<object> {
    return this.mapping.choose(await this.lists.mustFind(actor, this.words.listId(list)), pasted, errors);
  }

  async show(actor: Actor, shown: string, errors: FormErrors): Promise<{ view: string; model: object }> {
    const { one, list } = await this.find(actor, shown);
    if (one.isMapping) {
      const looks = {
        preview: await this.proposals.preview(one),
        samples: await this.proposals.samples(one),
        specimens: await specimens(one),
      };
      return { view: 'contacts/import_mapping', model: this.mapping.map(one, list, looks, errors) };
    }
    return { view: 'contacts/import', model: this.reports.show(actor, one, list, await this.rejectsOf(actor, one)) };
  }

  async progress(actor: Actor, shown: string): Promise<object> {
    const { one, list } = await this.find(actor, shown);
    return this.reports.part(actor, one, list, await this.rejectsOf(actor, one));
  }

  async preview(actor: Actor, shown: string): Promise<object> {
    const { one } = await this.find(actor, shown);
    return this.mapping.preview(one, await this.proposals.preview(one));
  }

  private async find(actor: Actor, shown: string): Promise<{ one: ContactImport; list: ListRow }> {
    const one = await this.imports.mustFind(actor, this.words.importId(shown));
    return { one, list: await this.lists.mustFind(actor, one.listId) };
  }

  private async rejectsOf(actor: Actor, one: ContactImport): Promise<KeptReject[]> {
    return one.status === 'done' ? this.imports.rejects(actor, one.id, 0, REJECTS_SHOWN) : [];
  }
}
