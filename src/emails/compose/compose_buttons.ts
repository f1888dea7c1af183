import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { type Detour, wayBackTo } from '../detours/leaving.js';
import { addresses } from '../../platform/web/addresses.js';
import { Autosaves } from './autosaves.service.js';
import { ComposeLibrary } from './compose_library.js';
import type { Pressed, Written } from './compositions.forms.js';
import type { DrawnForm } from './drawn_form.js';
import { languageName, languageTag } from '../../platform/language_tags.js';
import { addedLanguage, droppedLanguage } from './written_versions.js';

/** The form after a button that changes what stands in it and keeps nothing yet. */
export interface Changed {
  written: Written;
  notice: string;
}

/** Buttons of the form that are not about keeping the draft: languages, and the library. */
@Injectable()
export class ComposeButtons {
  constructor(
    private readonly messageLibrary: ComposeLibrary,
    private readonly words: DistributionWords,
    private readonly surveys: SurveysService,
    private readonly autosaves: Autosaves,
  ) {}

  /** Opens the survey, publishing it first where nothing is published; where it is open nothing happens. */
  activate(actor: Actor, surveyId: string): Promise<void> {
    return this.surveys.change(actor, surveyId, { isActive: true });
  }

  /**
   * Keeps the mail as it stands for a button that leads elsewhere.
   * @returns undefined for every other one; @throws what {@link Autosaves.keep} throws
   */
  async leaving(
    actor: Actor,
    { surveyId, written, drawn }: { surveyId: string; written: Written; drawn: DrawnForm },
    button: string,
  ): Promise<Detour | undefined> {
    if (button !== 'people' && button !== 'domain') {
      return undefined;
    }
    const draft = await this.autosaves.keep(actor, surveyId, written, drawn);
    return button === 'people'
      ? { path: addresses.mails.newList(...this.words.at(draft)) }
      : { path: addresses.mailer.newDomain(), wayBack: wayBackTo(draft, this.words) };
  }

  /** @returns undefined for a button that keeps the draft; @throws {NotFound} with EQD13 for a message that is gone */
  async changed(actor: Actor, written: Written, pressed: Pressed): Promise<Changed | undefined> {
    const { say } = this.words;
    const { go, libraryMessage } = pressed;
    const [button = ''] = go.split(':');
    switch (button) {
      case 'language':
        return { written: addedLanguage(written, pressed.newLanguage), notice: this.addedWords(pressed.newLanguage) };
      case 'drop': {
        const language = go.slice('drop:'.length);
        return { written: droppedLanguage(written, language), notice: say('form.dropped') };
      }
      case 'load':
        return {
          written: await this.messageLibrary.loaded(actor, written, libraryMessage),
          notice: say('messageLibrary.loaded'),
        };
      case 'library':
        return {
          written,
          notice: say('messageLibrary.kept', { name: (await this.messageLibrary.keep(actor, written, pressed)).name }),
        };
      default:
        return undefined;
    }
  }

  private addedWords(wish: string): string {
    const tag = languageTag(wish);
    return tag === undefined
      ? this.words.say('form.noLanguage')
      : this.words.say('form.added', { language: languageName(tag) });
  }
}
