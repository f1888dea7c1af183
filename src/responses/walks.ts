import type { SurveyDefinition } from '../engine/definition.js';
import type { Contact, EndView, PageView, Submitted, WalkState } from '../engine/page.js';
import { embeddedNames, recordedAnswers } from '../engine/recorded.js';
import { goBack, pageOf, startWalk, submitPage, withTyped } from '../engine/walk.js';
import { hoursToFinish } from '../surveys/survey.entity.js';
import { givenFields } from './given_fields.js';
import { contentLanguage } from './pages/languages.js';
import { embeddedOfNobody } from './personal_fields.js';
import type { Leaving, SessionState } from './sessions/session.js';
import { type Post, type Start, type Visit, wishesOf } from './visit.js';

const DAY = 86_400_000;
const TRIAL_HOURS = 24;

/** The walk at its very beginning, with all that the link and its address say. */
export function firstState(
  definition: SurveyDefinition,
  visit: Visit,
  start: Start,
  isCounted = !visit.way.entry.isTrial,
): WalkState {
  const language = contentLanguage(definition, [...wishesOf(visit)]);
  const contact = contactOf(visit);
  return startWalk(definition, {
    seed: start.seed,
    now: start.at.getTime(),
    language,
    contact,
    device: visit.device,
    isCounted,
    embedded: givenFields(definition, visit, contact),
  });
}

/**
 * The first page with the choice that a button in a mail stands for. It is drawn and no more: whoever follows a link,
 * such as a scanner of mails, records nothing; only the posted page does.
 */
export function withAnswerOfAddress(definition: SurveyDefinition, state: WalkState, { query }: Visit): WalkState {
  const [, question, choice] = /^([A-Za-z0-9.-]{1,64}):([A-Za-z0-9.-]{1,64})$/.exec(query['Q_Answer'] ?? '') ?? [];
  return question === undefined || choice === undefined || state.passed > 0
    ? state
    : withTyped(definition, state, question, { [question]: choice });
}

/** The walk with the language that the address asks for, where the survey has it. */
export function inChosenLanguage(definition: SurveyDefinition, state: WalkState, { query }: Visit): WalkState {
  const wish = query['Q_Language'];
  return wish === undefined ? state : { ...state, language: contentLanguage(definition, [wish, state.language]) };
}

/** Takes a posted page: forward with its answers, or back without losing them. */
export function turned(definition: SurveyDefinition, state: WalkState, { fields }: Post): Submitted {
  const key = String(fields['page'] ?? '');
  if (fields['go'] !== 'back') {
    return submitPage(definition, state, key, fields);
  }
  const standing = pageOf(definition, state);
  return standing.kind === 'page' && standing.key === key
    ? { kind: 'moved', state: goBack(definition, state, fields) }
    : { kind: 'stale', state };
}

/** Where the walk stands, and what it leaves if it is over. */
export function outcome(
  definition: SurveyDefinition,
  state: WalkState,
  options: Record<string, unknown>,
  left: { as?: SessionState; address?: string; hasLink: boolean; isAnonymous: boolean },
): { progress: number; leaving: Leaving; isEmpty: boolean } {
  const recorded = recordedAnswers(definition, state);
  const standing = left.as ?? (recorded.finished ? 'finished' : 'open');
  return {
    progress: recorded.progress,
    isEmpty: Object.keys(recorded.answers).length === 0,
    leaving: {
      state: standing,
      ending: standing === 'finished' ? endingOf(pageOf(definition, state)) : '',
      answers: recorded.answers,
      embedded: inFlow(
        definition,
        left.isAnonymous ? embeddedOfNobody(definition, state, left.hasLink) : recorded.embedded,
      ),
      person: left.isAnonymous ? {} : personOf(state.contact, options['collectIp'] === true ? left.address : undefined),
    },
  };
}

/** When an open session closes by itself. */
export function expiryOf(options: Record<string, unknown>, now: Date, isTrial: boolean): Date {
  const hours = isTrial ? TRIAL_HOURS : hoursToFinish(options);
  return new Date(now.getTime() + (hours / 24) * DAY);
}

function endingOf(view: PageView | EndView): string {
  return view.kind === 'end' ? (view.flags[0] ?? view.ending) : '';
}

function contactOf({ way }: Visit): Contact {
  const {
    firstName = '',
    lastName = '',
    email = '',
    phone = '',
    extRef = '',
    language = '',
  } = (way.entry.knows === 'contact' ? way.link?.contact : undefined) ?? {};
  const known = {
    FirstName: firstName,
    LastName: lastName,
    Email: email,
    Phone: phone,
    ExternalDataReference: extRef,
    Language: language,
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== ''));
}

function personOf(contact: Contact, address: string | undefined): object {
  const person = {
    firstName: contact.FirstName,
    lastName: contact.LastName,
    email: contact.Email,
    extRef: contact.ExternalDataReference,
    ip: address,
  };
  return Object.fromEntries(Object.entries(person).filter(([, value]) => value !== undefined));
}

/** A contact may know more than the survey asks for: only fields that the flow names are stored with the response. */
function inFlow(definition: SurveyDefinition, embedded: Record<string, string>): Record<string, string> {
  const named = embeddedNames(definition);
  return Object.fromEntries(Object.entries(embedded).filter(([name]) => named.has(name)));
}
