/**
 * Loaded before the product (`--import`): how long its main thread was busy at a stretch, while nobody else was answered. In
 * time of the processor, not of the clock: a machine that is busy with other things makes no block longer.
 */
let before = process.threadCpuUsage();
let longestMs = 0;
let mostRss = 0;

setInterval(() => {
  const used = process.threadCpuUsage(before);
  before = process.threadCpuUsage();
  longestMs = Math.max(longestMs, (used.user + used.system) / 1000);
  mostRss = Math.max(mostRss, process.memoryUsage.rss());
}, 1).unref();

process.on('message', (asked) => {
  if (asked === 'blocks') {
    process.send({ longestMs, mostRssMb: mostRss / 1024 / 1024 });
  }
  [longestMs, mostRss] = [0, 0];
});
