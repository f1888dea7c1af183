import { Invalid } from '../../platform/errors.js';
import { bodiesOf, type BodyParts } from './mail_body.js';

/**
 * The bodies of a mail, as `bodiesOf` makes them, for mails that take longer than others may wait.
 * @throws {Invalid} where the tools that it goes through give it up
 */
export function encodeBodies(parts: BodyParts): ReturnType<typeof bodiesOf> {
  try {
    return bodiesOf(parts);
  } catch {
    throw new Invalid('The HTML of the message can’t be worked through. Make it simpler.');
  }
}
