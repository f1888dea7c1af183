import { type TaskRequest, outcomeOf } from './task_messages.js';

/** Memory that an request left, in bytes; V8 gives little of it back. */
const MOST_LEFT = 150 * 1024 * 1024;

/** The program of a task process: one request after the other, until the process that asks is gone. */
process.on('message', (request: TaskRequest) => {
  void outcomeOf(request).then((outcome) => process.send?.({ outcome, isLast: process.memoryUsage.rss() > MOST_LEFT }));
});
process.on('disconnect', () => process.exit(0));
