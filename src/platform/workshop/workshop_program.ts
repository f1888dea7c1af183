import { type Errand, outcomeOf } from './errands.js';

/** Memory that an errand left, in bytes; V8 gives little of it back. */
const MOST_LEFT = 150 * 1024 * 1024;

/** The program of a process of the workshop: one errand after the other, until the process that asks is gone. */
process.on('message', (errand: Errand) => {
  void outcomeOf(errand).then((outcome) => process.send?.({ outcome, isLast: process.memoryUsage.rss() > MOST_LEFT }));
});
process.on('disconnect', () => process.exit(0));
