import { parseArgs } from 'node:util';
import { dataDir as dataDirOf } from '../platform/paths.ts';
import { takeDataFolder } from '../start/data-folder.ts';
import { say, sayFailure } from '../start/say.ts';
import { fillInstallation } from './installation.ts';

const { values } = parseArgs({
  options: {
    tracks: { type: 'string', default: '100000' },
    releases: { type: 'string' },
    artists: { type: 'string' },
    plays: { type: 'string' },
    people: { type: 'string' },
    seed: { type: 'string', default: 'blackbird' },
  },
});

const tracks = Number(values.tracks);
const size = {
  tracks,
  releases: Number(values.releases ?? Math.ceil(tracks / 5)),
  artists: Number(values.artists ?? Math.ceil(tracks / 10)),
  plays: Number(values.plays ?? tracks * 20),
  people: Number(values.people ?? Math.ceil(tracks / 100)),
  seed: values.seed,
  nowMs: Date.now(),
};
if (Object.values(size).some((value) => Number.isNaN(value)) || size.tracks < size.releases) {
  sayFailure('Say whole numbers, and no more releases than tracks: npm run generate -- --tracks 100000');
  process.exit(1);
}
const dataDir = dataDirOf();
const giveBack = await takeDataFolder(dataDir).catch((error: Error) => {
  sayFailure(error.message);
  process.exit(1);
});
try {
  const startedMs = performance.now();
  const { filled, bytes } = await fillInstallation(dataDir, size, (rows) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${rows.toLocaleString('en')} rows`);
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  const mebibytes = (bytes / 2 ** 20).toFixed(0);
  say(
    `\nMade in ${seconds} s, in ${dataDir}; the database has ${mebibytes} MiB now. None of it can be heard: there are no recordings.`,
  );
  for (const [table, rows] of Object.entries(filled)) say(`  ${table}: ${rows.toLocaleString('en')}`);
} finally {
  await giveBack();
}
