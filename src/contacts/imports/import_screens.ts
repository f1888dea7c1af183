import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import type { Faults, FormAgain } from '../../platform/web/answers.js';
import { ContactListsService, type ListRow } from '../lists/contact_lists.service.js';
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

  async choose(actor: Actor, listId: string, pasted: string | undefined, faults: Faults): Promise<object> {
    return this.mapping.choose(await this.lists.mustFind(actor, listId), pasted, faults);
  }

  async show(actor: Actor, importId: string, faults: Faults): Promise<FormAgain> {
    const { one, list } = await this.find(actor, importId);
    if (one.isMapping) {
      const looks = {
        preview: await this.proposals.preview(one),
        samples: await this.proposals.samples(one),
        specimens: await specimens(one),
      };
      return { view: 'contacts/import_mapping', model: this.mapping.map(one, list, looks, faults) };
    }
    return { view: 'contacts/import', model: this.reports.show(actor, one, list, await this.rejectsOf(actor, one)) };
  }

  async progress(actor: Actor, importId: string): Promise<object> {
    const { one, list } = await this.find(actor, importId);
    return this.reports.part(actor, one, list, await this.rejectsOf(actor, one));
  }

  async preview(actor: Actor, importId: string): Promise<object> {
    const { one } = await this.find(actor, importId);
    return this.mapping.preview(one, await this.proposals.preview(one));
  }

  private async find(actor: Actor, importId: string): Promise<{ one: ContactImport; list: ListRow }> {
    const one = await this.imports.mustFind(actor, importId);
    return { one, list: await this.lists.mustFind(actor, one.listId) };
  }

  private async rejectsOf(actor: Actor, one: ContactImport): Promise<KeptReject[]> {
    return one.status === 'done' ? this.imports.rejects(actor, one.id, 0, REJECTS_SHOWN) : [];
  }
}
