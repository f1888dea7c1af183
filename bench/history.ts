/**
 * The history of a distribution as a file: lines a second, and the memory that the stream takes at any size.
 *
 * Arguments: the sizes, default 10000 100000 (1000000 takes minutes, most of them for planning).
 */
import { deepStrictEqual } from 'node:assert';
import { DistributionsService } from '../src/distributions/distributions.service.js';
import { FoundDistributions } from '../src/ledger/found_distributions.service.js';
import { PlanningService } from '../src/planning/planning.service.js';
import { History } from '../src/ledger/recipients/history.js';
import { analysed, anAudience } from './support/audience.js';
import { theMail } from './support/distributions.js';
import { anInstallation, type Installation } from './support/installation.js';
import { keep, measured, rounded, sizesOr } from './support/measure.js';

const LOOK_LINES = 50_000;
/** The stream hands on so many lines at once. */
const PAGE_LINES = 2000;

interface Row {
  recipients: number;
  seconds: number;
  linesPerSecond: number;
  megabytes: number;
  rssMegabytes: number;
  /** What is held while the file is written, looked at after a sweep every 50,000 lines. */
  liveMegabytes: number;
}

async function row(installation: Installation, recipients: number): Promise<Row> {
  const { app, actor, surveyId } = installation;
  const listId = await anAudience(installation, recipients);
  await analysed(installation);
  const distributions = app.get(DistributionsService);
  const { id } = await distributions.create(actor, surveyId, theMail(listId, `history ${recipients}`));
  await app.get(PlanningService).plan({ brandId: actor.brandId, distributionId: id });
  await analysed(installation);
  const { distribution } = await app.get(FoundDistributions).mustFind(actor, id);
  let lines = 0;
  let bytes = 0;
  let live = 0;
  const file = await measured(async () => {
    for await (const text of app.get(History).lines(actor, distribution)) {
      lines += text.split('\r\n').length - 1;
      bytes += Buffer.byteLength(text);
      if (lines % LOOK_LINES < PAGE_LINES) {
        globalThis.gc?.();
        live = Math.max(live, process.memoryUsage().heapUsed);
      }
    }
  });
  deepStrictEqual(lines, recipients + 1);
  return {
    recipients,
    seconds: rounded(file.seconds, 2),
    linesPerSecond: Math.round(recipients / file.seconds),
    megabytes: rounded(bytes / 1_048_576, 1),
    rssMegabytes: file.rssMegabytes,
    liveMegabytes: Math.round(live / 1_048_576),
  };
}

const installation = await anInstallation({ ROLE: 'web', SMTP_URL: 'smtp://127.0.0.1:9' });
try {
  await row(installation, 500); // warms it up
  const rows: Row[] = [];
  for (const size of sizesOr([10_000, 100_000])) {
    rows.push(await row(installation, size));
  }
  console.table(rows);
  await keep('history', { rows });
} finally {
  await installation.close();
}
