import type { Actor } from '../../platform/auth/actor.js';
import type { ListRow } from '../lists/contact_lists.service.js';
import type { ContactWords } from '../contact_words.js';
import { addresses } from '../../platform/web/addresses.js';
import type { ContactImport } from './contact_import.entity.js';
import type { KeptReject } from './contact_imports.service.js';

type Say = (key: string, values?: Record<string, unknown>) => string;

const REJECTS_SHOWN = 50;

/** An import while it runs, and its report when it is over: one part, which asks for itself whenever the import says so. */
export class ImportReportPages {
  constructor(private readonly words: ContactWords) {}

  show(actor: Actor, one: ContactImport, list: ListRow, rejects: KeptReject[]): object {
    return {
      title: `${this.words.say('import.one')} · ${one.fileName}`,
      crumbs: this.words.crumbs(
        { href: addresses.contacts.list(this.words.shown('CG', list.id)), text: list.name },
        { text: this.words.say('import.one') },
      ),
      head: { title: one.fileName, lead: this.words.say('import.into', { list: list.name }) },
      part: this.part(actor, one, list, rejects),
      liveUrl: one.isUnderWay ? addresses.live.import(this.words.shown('IM', one.id)) : undefined,
    };
  }

  part(actor: Actor, one: ContactImport, list: ListRow, rejects: KeptReject[]): object {
    return {
      id: this.words.shown('IM', one.id),
      progressUrl: addresses.contacts.importProgress(this.words.shown('IM', one.id)),
      pill: importPill(one, this.words.say),
      when: this.words.when(actor, one.finishedAt ?? one.createdAt),
      listUrl: addresses.contacts.list(this.words.shown('CG', list.id)),
      listName: list.name,
      againUrl: addresses.contacts.newImport(this.words.shown('CG', list.id)),
      error: one.error,
      isCancelled: one.status === 'cancelled',
      ...(one.isUnderWay ? this.underWay(actor, one) : {}),
      ...(one.status === 'done' ? this.report(one, rejects) : {}),
    };
  }

  private underWay(actor: Actor, one: ContactImport): object {
    const shown = this.words.shown('IM', one.id);
    const canCancel = !one.cancelAsked && actor.permissions.has('directory:edit');
    return {
      progress: this.progress(one),
      cancelUrl: canCancel ? addresses.contacts.importCancellation(shown) : undefined,
      isStopping: one.cancelAsked,
    };
  }

  private report(one: ContactImport, rejects: KeptReject[]): object {
    const shown = rejects.slice(0, REJECTS_SHOWN);
    const all = one.invalid + one.duplicates;
    const more = { count: shown.length, all: this.words.number(all) };
    return {
      stats: this.stats(one),
      optOuts:
        one.keptOptOuts > 0
          ? this.words.say('import.optOuts', { count: one.keptOptOuts, n: this.words.number(one.keptOptOuts) })
          : undefined,
      rejects: shown.map((reject) => ({ ...reject, pill: rejectPill(reject, this.words.say) })),
      rejectsUrl: one.invalid > 0 ? addresses.contacts.importRejects(this.words.shown('IM', one.id)) : undefined,
      more: all > shown.length ? this.words.say('import.moreRejects', more) : undefined,
    };
  }

  private progress(one: ContactImport): object {
    const { say } = this.words;
    const [read, all] = [Number(one.bytesRead), Number(one.bytes)];
    const seconds = one.startedAt === null ? 0 : (this.words.now().getTime() - one.startedAt.getTime()) / 1000;
    const isReading = one.status === 'running' && read > 0 && seconds > 1;
    const left = isReading ? Math.ceil(((all - read) * seconds) / read) : 0;
    const rate = say('import.rate', { rate: this.words.number(Math.round(one.rowsRead / Math.max(seconds, 1))) });
    return {
      label: say(`import.status.${one.status}`),
      count: say('import.rows', { count: one.rowsRead, n: this.words.number(one.rowsRead) }),
      value: Math.min(read, all),
      max: all,
      unknown: one.status !== 'running',
      note: isReading ? `${rate} · ${say('import.left', { count: left })}` : '',
    };
  }

  private stats(one: ContactImport): object[] {
    const { say } = this.words;
    const stat = (name: 'created' | 'updated' | 'unchanged' | 'duplicates' | 'invalid', tone?: string): object => ({
      label: say(`import.figures.${name}`),
      value: this.words.number(one[name]),
      note: say(`import.notes.${name}`),
      ...(tone !== undefined && one[name] > 0 ? { tone } : {}),
    });
    return [
      stat('created', 'done'),
      stat('updated', 'run'),
      stat('unchanged'),
      stat('duplicates', 'hold'),
      stat('invalid', 'fail'),
    ];
  }
}

/** Status of an import: colour, icon and word. */
export function importPill({ status, cancelAsked }: ContactImport, say: Say): object {
  const tones = {
    mapping: 'idle',
    queued: 'run',
    running: 'run',
    merging: 'run',
    done: 'done',
    cancelled: 'idle',
    failed: 'fail',
  };
  const isStopping = cancelAsked && tones[status] === 'run';
  return { tone: tones[status], text: say(isStopping ? 'import.status.stopping' : `import.status.${status}`) };
}

function rejectPill({ kind }: KeptReject, say: Say): object {
  return kind === 'duplicate'
    ? { tone: 'hold', text: say('import.duplicate') }
    : { tone: 'fail', text: say('import.invalid') };
}
