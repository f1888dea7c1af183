import { Controller, Get, Header, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { PREFIXES } from '../links/entries/entry.js';
import { Public } from '../platform/auth/guard.js';
import { Config } from '../platform/config.js';
import { NotFound } from '../platform/errors.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, type Cookie, drawn, goneTo } from '../platform/web/answers.js';
import { WithoutForeignPictures } from '../platform/web/security.js';
import { escapeHtml } from '../engine/text.js';
import { PageTooLarge } from '../engine/page-size.js';
import { pageOf } from '../engine/walk.js';
import type { EndView, Fields } from '../engine/page.js';
import type { Begun } from './sessions/begun.js';
import { begunModel, endModel, pageModel, type PageWords, refusalModel, startModel } from './pages/pages.views.js';
import { type Refused, refused, STATUS_OF } from './pages/refusals.js';
import { Tickets } from './sessions/tickets.js';
import { untouchedOf } from './sessions/untouched.js';
import { mayAsk, type Post as PostedPage, UNDER_WAY, type Visit, type Way } from './visit.js';
import { strangerOf, Visits } from './visits.js';
import { WalkCookies } from './sessions/walk_cookies.js';
import type { Moved } from './moved.js';
import { newBrowser } from './proofs/walk_browsers.js';
import { type Standing, Walking } from './walking.js';

const PAGES = PREFIXES.map((prefix) => `${prefix}/:token`);
const ENDS = PAGES.map((page) => `${page}/end/:ticket`);

/** The respondent's pages, by whichever way in; the entry says what is particular to it. */
@Controller()
@WithoutForeignPictures()
export class RespondentsController {
  constructor(
    private readonly visits: Visits,
    private readonly walking: Walking,
    private readonly tickets: Tickets,
    private readonly config: Config,
    private readonly cookies: WalkCookies,
  ) {}

  /** Changes nothing, whoever follows the link. */
  @Get(PAGES)
  @Public()
  @Header('Cache-Control', 'no-store')
  show(@Req() request: Request): Promise<Answer> {
    return this.answer(request, (visit) => this.walking.look(visit));
  }

  @Post(PAGES)
  @Public()
  @Header('Cache-Control', 'no-store')
  turn(@Req() request: Request): Promise<Answer> {
    return this.answer(request, (visit) => this.walking.turn(visit, this.posted(visit, request)));
  }

  @Get(ENDS)
  @Public()
  @Header('Cache-Control', 'no-store')
  showEnd(@Req() request: Request, @Param('ticket') ticket: string): Promise<Answer> {
    return this.answer(request, (visit) => {
      const session = this.tickets.readSession(visit.way, ticket);
      return session === undefined ? Promise.resolve(refused('unknown')) : this.walking.look(visit, session);
    });
  }

  private async answer(
    request: Request,
    act: (visit: Visit) => Promise<Standing | Begun | Moved | Refused>,
  ): Promise<Answer> {
    const visit = await this.visits.of(request);
    if (visit === undefined) {
      this.visits.missed(request);
      return refusalTo(strangerOf(request), refused('unknown'));
    }
    try {
      return await this.answerTo(request, visit, await act(visit).catch(unknownIfGone));
    } catch (error) {
      if (!(error instanceof PageTooLarge)) {
        throw error;
      }
      return refusalTo(visit, refused('tooLarge'));
    }
  }

  private async answerTo(request: Request, visit: Visit, result: Standing | Begun | Moved | Refused): Promise<Answer> {
    if (result.kind === 'refused') {
      if (result.reason === 'unknown') {
        this.visits.missed(request);
      }
      return refusalTo(visit, result);
    }
    if (result.kind === 'moved') {
      return this.leadOn(visit, result);
    }
    if (result.kind === 'begun') {
      const ticket = this.tickets.ofSession(visit.way, result.sessionId);
      const action = visit.way.path + restOfQuery(visit);
      return drawn('responses/begun', begunModel(visit, result, { action, ticket }));
    }
    return this.draw(request, visit, result);
  }

  private posted(visit: Visit, { body }: Request): PostedPage {
    const fields = (body ?? {}) as Fields;
    const session = this.tickets.readSession(visit.way, fields['session']);
    const start = this.tickets.readStart(visit.way, fields['start']);
    const browser = this.tickets.readBrowser(visit.way, fields['browser']);
    const untouched = session === undefined ? undefined : this.tickets.readUntouched(visit.way, fields['untouched']);
    return {
      fields,
      ...(session === undefined ? {} : { session }),
      ...(start === undefined ? {} : { start }),
      ...(browser === undefined ? {} : { browser }),
      ...(untouched === undefined ? {} : { untouched }),
    };
  }

  private async draw(request: Request, visit: Visit, standing: Standing): Promise<Answer> {
    const { definition, state, drawn: shown, session, start, hiddenAnswers } = standing;
    const link = linkTo(this.config.baseUrl + visit.way.path);
    const view = standing.end ?? pageOf(definition, state, { ...shown, link, hiddenAnswers });
    if (view.kind === 'end') {
      return this.drawEnd(visit, standing, view);
    }
    if (request.params['ticket'] !== undefined) {
      return goneTo(this.placeOf(visit, session?.id));
    }
    const model = standing.isBeforeStart ? startModel : pageModel;
    const page = model(visit, standing, view, this.wordsOf(visit, { session, start }));
    return drawn('responses/page', page, view.errors.length > 0 ? 422 : 200);
  }

  /** The last page; it leads out of the survey where the entry says so. */
  private async drawEnd(visit: Visit, standing: Standing, end: EndView): Promise<Answer> {
    const { url: _, ...page } = end;
    const url = await visit.way.entry.wayOut({ ...visit.way, sessionId: standing.session?.id, end });
    const view = url === undefined ? page : { ...page, url };
    // A redirect as the answer to a form would be stopped by our own form-action; this one follows a page.
    const headers: Record<string, string> = url === undefined ? {} : { Refresh: `0;url=${new URL(url).href}` };
    return drawn('responses/end', endModel(visit, standing, view), 200, headers);
  }

  private wordsOf(visit: Visit, { session, start }: Pick<Standing, 'session' | 'start'>): PageWords {
    const { way } = visit;
    const isUnknown = way.entry.walk === 'ofLink' && visit.browser === undefined;
    const browser = isUnknown ? this.tickets.ofBrowser(way, newBrowser()) : undefined;
    if (session === undefined) {
      return { action: way.path + restOfQuery(visit), hidden: { start: this.tickets.ofStart(way, start), browser } };
    }
    const untouched = untouchedOf(session);
    return {
      action: way.path + (untouched === undefined ? languageQuery(visit) : restOfQuery(visit)),
      hidden: {
        session: this.tickets.ofSession(way, session.id),
        untouched: untouched && this.tickets.ofUntouched(way, untouched),
        browser,
      },
    };
  }

  /** Every post is answered with a redirect, so that reloading posts nothing again. */
  private leadOn(visit: Visit, result: Moved): Answer {
    const { sessionId, isOver, keepsCookie } = result;
    const { way } = visit;
    if (sessionId === undefined) {
      const back = goneTo(way.path + restOfQuery(visit));
      return keepsCookie ? back : back.keeping(this.cookies.ofNobody(way));
    }
    const ticket = this.tickets.ofSession(way, sessionId);
    const next = goneTo(
      isOver ? addresses.respondents.end(way.path, ticket) + languageQuery(visit) : this.placeOf(visit, sessionId),
    );
    const cookie = this.cookieOf(way, { ...result, sessionId });
    return cookie === undefined ? next : next.keeping(cookie);
  }

  private cookieOf(way: Way, moved: Moved & { sessionId: string }): Cookie | undefined {
    const { sessionId, browser, keepsCookie, cookieUntil } = moved;
    if (browser !== undefined) {
      return this.cookies.ofBrowser(way, browser, cookieUntil);
    }
    if (way.entry.walk === 'ofLink') {
      return undefined;
    }
    return keepsCookie ? this.cookies.ofSession(way, sessionId, cookieUntil) : this.cookies.ofNobody(way);
  }

  /** Where a walk goes on. On an open link the address says that it does; whoever comes without that is asked first. */
  private placeOf({ way, query }: Visit, sessionId: string | undefined): string {
    const wish = query['Q_Language'];
    const parts = {
      ...(way.entry.forgetsUnanswered ? wordsOf(query) : wish === undefined ? {} : { Q_Language: wish }),
      ...(sessionId !== undefined && mayAsk(way, 'whose') ? { [UNDER_WAY]: this.tickets.markOf(way, sessionId) } : {}),
    };
    const rest = new URLSearchParams(parts).toString();
    return way.path + (rest === '' ? '' : `?${rest}`);
  }
}

/** Placeholders for links on a respondent's page: only the way that they came has an address here. */
function linkTo(address: string): (name: string, label?: string) => string | undefined {
  return (name, label) => {
    const links: Record<string, string> = {
      SurveyURL: address,
      SurveyLink: `<a href="${address}">${escapeHtml(label ?? address)}</a>`,
    };
    return Object.hasOwn(links, name) ? links[name] : undefined;
  };
}

function refusalTo(visit: Parameters<typeof refusalModel>[0], refusal: Refused): Answer {
  return drawn('responses/refusal', refusalModel(visit, refusal), STATUS_OF[refusal.reason]);
}

function unknownIfGone(error: unknown): Refused {
  if (error instanceof NotFound) {
    return refused('unknown');
  }
  throw error;
}

/** What the address said stays in it until something is answered; afterwards the session knows, and is not forgotten. */
function restOfQuery({ query }: Visit): string {
  const rest = new URLSearchParams(wordsOf(query)).toString();
  return rest === '' ? '' : `?${rest}`;
}

function wordsOf(query: Visit['query']): Visit['query'] {
  return Object.fromEntries(Object.entries(query).filter(([name]) => name !== 'restart' && name !== UNDER_WAY));
}

function languageQuery({ query }: Visit): string {
  const wish = query['Q_Language'];
  return wish === undefined ? '' : `?${new URLSearchParams({ Q_Language: wish }).toString()}`;
}
