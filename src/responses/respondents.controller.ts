import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../platform/auth/guard.js';
import { Config } from '../platform/config.js';
import { NotFound } from '../platform/errors.js';
import { withoutForeignPictures } from '../platform/web/security.js';
import { escapeHtml } from '../surveys/engine/text.js';
import { PageTooLarge } from '../surveys/engine/page-size.js';
import { pageOf } from '../surveys/engine/walk.js';
import type { Fields } from '../surveys/engine/page.js';
import type { Begun } from './begun.js';
import { begunModel, endModel, pageModel, type PageWords, refusalModel, startModel } from './pages.views.js';
import { type Refused, refused, STATUS_OF } from './refusals.js';
import { Tickets } from './tickets.js';
import { untouchedOf } from './unanswered_walks.js';
import { isOpenWay, type Post as PostedPage, UNDER_WAY, type Visit, type Way } from './visit.js';
import { strangerOf, Visits } from './visits.js';
import { WalkCookies } from './walk_cookies.js';
import type { Moved } from './moved.js';
import { newBrowser } from './proofs/walk_browsers.js';
import { type Standing, Walking } from './walking.js';

const PAGES = ['s/:token', 'a/:token', 'preview/:token'];
const ENDS = ['s/:token/end/:ticket', 'a/:token/end/:ticket', 'preview/:token/end/:ticket'];

/** The respondent's pages: individual, open and preview links are walked alike. */
@Controller()
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
  async show(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response, (visit) => this.walking.look(visit));
  }

  @Post(PAGES)
  @Public()
  async turn(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response, (visit) => this.walking.turn(visit, this.posted(visit, request)));
  }

  @Get(ENDS)
  @Public()
  async showEnd(@Req() request: Request, @Param('ticket') ticket: string, @Res() response: Response): Promise<void> {
    await this.answer(request, response, (visit) => {
      const session = this.tickets.readSession(visit.way, ticket);
      return session === undefined ? Promise.resolve(refused('unknown')) : this.walking.look(visit, session);
    });
  }

  private async answer(
    request: Request,
    response: Response,
    act: (visit: Visit) => Promise<Standing | Begun | Moved | Refused>,
  ): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    withoutForeignPictures(response);
    const visit = await this.visits.of(request);
    if (visit === undefined) {
      this.visits.missed(request);
      this.refuse(response, strangerOf(request), refused('unknown'));
      return;
    }
    try {
      this.respond(request, response, visit, await act(visit).catch(unknownIfGone));
    } catch (error) {
      if (!(error instanceof PageTooLarge)) {
        throw error;
      }
      this.refuse(response, visit, refused('tooLarge'));
    }
  }

  private respond(
    request: Request,
    response: Response,
    visit: Visit,
    result: Standing | Begun | Moved | Refused,
  ): void {
    if (result.kind === 'refused') {
      if (result.reason === 'unknown') {
        this.visits.missed(request);
      }
      this.refuse(response, visit, result);
    } else if (result.kind === 'moved') {
      this.redirect(response, visit, result);
    } else if (result.kind === 'begun') {
      const ticket = this.tickets.ofSession(visit.way, result.sessionId);
      response.render(
        'responses/begun',
        begunModel(visit, result, { action: visit.way.path + restOfQuery(visit), ticket }),
      );
    } else {
      this.draw(request, response, visit, result);
    }
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

  private draw(request: Request, response: Response, visit: Visit, standing: Standing): void {
    const { definition, state, drawn, session, start, hiddenAnswers } = standing;
    const link = linkTo(this.config.baseUrl + visit.way.path);
    const view = standing.end ?? pageOf(definition, state, { ...drawn, link, hiddenAnswers });
    const isAtEnd = request.params['ticket'] !== undefined;
    if (view.kind === 'end') {
      if (view.url !== undefined) {
        // A redirect as the answer to a form would be stopped by our own form-action; this one follows a page.
        response.setHeader('Refresh', `0;url=${new URL(view.url).href}`);
      }
      response.render('responses/end', endModel(visit, standing, view));
    } else if (isAtEnd) {
      seeOther(response, this.placeOf(visit, session?.id));
    } else {
      response.status(view.errors.length > 0 ? 422 : 200);
      const model = standing.isBeforeStart ? startModel : pageModel;
      response.render('responses/page', model(visit, standing, view, this.wordsOf(visit, { session, start })));
    }
  }

  private wordsOf(visit: Visit, { session, start }: Pick<Standing, 'session' | 'start'>): PageWords {
    const { way } = visit;
    const isUnknown = way.kind === 'individual' && visit.browser === undefined;
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

  private refuse(response: Response, visit: Parameters<typeof refusalModel>[0], refusal: Refused): void {
    response.status(STATUS_OF[refusal.reason]).render('responses/refusal', refusalModel(visit, refusal));
  }

  /** Every post is answered with a redirect, so that reloading posts nothing again. */
  private redirect(response: Response, visit: Visit, result: Moved): void {
    const { sessionId, isOver, keepsCookie } = result;
    const { way } = visit;
    if (sessionId === undefined) {
      if (!keepsCookie) {
        this.cookies.forget(response, way);
      }
      seeOther(response, way.path + restOfQuery(visit));
      return;
    }
    const ticket = this.tickets.ofSession(way, sessionId);
    this.tellBrowser(response, way, { ...result, sessionId });
    seeOther(response, isOver ? `${way.path}/end/${ticket}${languageQuery(visit)}` : this.placeOf(visit, sessionId));
  }

  private tellBrowser(response: Response, way: Way, result: Moved & { sessionId: string }): void {
    const { sessionId, browser, keepsCookie, cookieUntil } = result;
    if (browser !== undefined) {
      this.cookies.keepBrowser(response, way, browser, cookieUntil);
    } else if (way.kind !== 'individual' && keepsCookie) {
      this.cookies.keepSession(response, way, sessionId, cookieUntil);
    } else if (way.kind !== 'individual') {
      this.cookies.forget(response, way);
    }
  }

  /** Where a walk goes on. On an open link the address says that it does; whoever comes without that is asked first. */
  private placeOf({ way, query }: Visit, sessionId: string | undefined): string {
    const wish = query['Q_Language'];
    const parts = {
      ...(way.kind === 'anonymous' ? wordsOf(query) : wish === undefined ? {} : { Q_Language: wish }),
      ...(sessionId !== undefined && isOpenWay(way) ? { [UNDER_WAY]: this.tickets.markOf(way, sessionId) } : {}),
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

/** Without a body: nobody sees it, and Express would negotiate one. */
function seeOther(response: Response, address: string): void {
  response.status(303).setHeader('Location', address).end();
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
