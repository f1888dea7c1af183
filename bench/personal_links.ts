/**
 * Personal links: seconds from a list to a link for each of its people, and lines a second of their file, with memory.
 *
 * Arguments: the sizes, default 10000 100000 (1000000 takes minutes).
 */
import { deepStrictEqual } from 'node:assert';
import { DistributionsService } from '../src/distributions/distributions.service.js';
import { FoundDistributions } from '../src/ledger/found_distributions.service.js';
import { LinksFile } from '../src/distributions/personal_links/links_file.js';
import { PlanningService } from '../src/planning/planning.service.js';
import { analysed, anAudience } from './support/audience.js';
import { theMail } from './support/distributions.js';
import { anInstallation, type Installation } from './support/installation.js';
import { keep, measured, rounded, sizesOr } from './support/measure.js';

interface Row {
  people: number;
  seconds: number;
  perSecond: number;
  fileSeconds: number;
  linesPerSecond: number;
  rssMegabytes: number;
}

async function row(installation: Installation, people: number): Promise<Row> {
  const { app, actor, surveyId } = installation;
  const listId = await anAudience(installation, people);
  await analysed(installation);
  const distributions = app.get(DistributionsService);
  const words = theMail(listId, `links ${people}`);
  let id = '';
  const made = await measured(async () => {
    ({ id } = await distributions.generateLinks(actor, surveyId, words));
    await app.get(PlanningService).plan({ brandId: actor.brandId, distributionId: id });
  });
  const found = await app.get(FoundDistributions).mustFind(actor, id);
  let lines = 0;
  const file = await measured(async () => {
    for await (const text of app.get(LinksFile).lines(actor, found)) {
      lines += text.split('\r\n').length - 1;
    }
  });
  deepStrictEqual(lines, people + 1);
  return {
    people,
    seconds: rounded(made.seconds, 2),
    perSecond: Math.round(people / made.seconds),
    fileSeconds: rounded(file.seconds, 2),
    linesPerSecond: Math.round(people / file.seconds),
    rssMegabytes: file.rssMegabytes,
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
  await keep('personal_links', { rows });
} finally {
  await installation.close();
}
