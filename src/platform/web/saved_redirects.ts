import type { NextFunction, Request, Response } from 'express';

/**
 * Stores the session before a redirect leaves. The session middleware would store it while the answer is already on
 * its way: a browser follows the headers at once, and on a busy machine the next page came before the sentence that was
 * left for it. Visitors have nothing to store.
 */
export function savedRedirects(request: Request, response: Response, next: NextFunction): void {
  const redirect = response.redirect.bind(response) as (...words: unknown[]) => void;
  response.redirect = (...words: unknown[]): void => {
    if (request.session?.userId === undefined) {
      redirect(...words);
      return;
    }
    request.session.save((error: unknown) => {
      if (error) {
        next(error);
      } else {
        redirect(...words);
      }
    });
  };
  next();
}
