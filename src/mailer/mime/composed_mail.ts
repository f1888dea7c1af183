import { Invalid } from '../../platform/errors.js';
import { task } from '../../platform/tasks/task.js';
import type { TaskPool } from '../../platform/tasks/task_pool.js';
import { isLightMail } from '../../platform/web/html/mail_bounds.js';
import type { encodeBodies } from './encode_bodies.task.js';
import { MailTooLarge } from '../mail_refused.js';
import { bodyPartsOf, CompiledMail } from './mime.js';
import type { MailTemplate } from './mime.js';

const ENCODE = task<typeof encodeBodies>(new URL('./encode_bodies.task.js', import.meta.url), 'encodeBodies', {
  what: 'The message',
  seconds: 10,
});

/**
 * A mail in words that an author brought: what may take longer than others can wait is made in a task process.
 * @throws {MailTooLarge} when it takes too much there; {LimitReached} while too much else is waiting
 */
export async function composedMail(tasks: TaskPool, brandId: string, template: MailTemplate): Promise<CompiledMail> {
  if (isLightMail(template.html.map((piece) => (typeof piece === 'string' ? piece : '')).join(''))) {
    return new CompiledMail(template);
  }
  try {
    return new CompiledMail(template, await tasks.run(ENCODE, [bodyPartsOf(template)], brandId));
  } catch (error) {
    throw error instanceof Invalid ? new MailTooLarge(error.message) : error;
  }
}
