import { parseArgs } from 'node:util';
import { count, formatTime } from '../lib/format.ts';
import { LiveLine } from '../lib/live-line.ts';
import { runCommand } from '../lib/run-command.ts';
import { connect, resolveToken, resolveUrl } from '../lib/target.ts';
import { catalogue } from './catalogue.ts';
import { fill, requireEmpty } from './fill.ts';

const USAGE = `Fills an empty Melro with a small demonstration catalogue, composed by code.

  npm run demo -- [--force] [--url http://localhost:5173] [--token TOKEN]

  --force   also when there is music already; nothing is replaced
  --url     where Melro runs (or MELRO_URL)
  --token   API key or access token (or MELRO_TOKEN); not needed on the machine that runs Melro`;

await runCommand(async (signal) => {
  const { values } = parseArgs({
    options: {
      force: { type: 'boolean', default: false },
      url: { type: 'string' },
      token: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const url = resolveUrl(values.url, process.env);
  const client = await connect(url, await resolveToken(values.token, url, process.env), signal);
  if (!values.force) await requireEmpty(client);
  const started = Date.now();
  console.log(`Composing ${count(catalogue.length, 'release')} and sending them to ${url}`);
  const result = await fill(client, new LiveLine(process.stdout), signal);
  for (const release of catalogue) {
    const tracks = release.pieces.reduce((sum, { titles }) => sum + titles.length, 0);
    console.log(`  ${release.artist} — ${release.title} (${release.genre}, ${count(tracks, 'track')})`);
  }
  for (const { title, reason } of result.failed) console.error(`  failed: ${title}: ${reason}`);
  for (const { title, reason } of result.held) console.error(`  not published: ${title}: ${reason}`);
  const ready = result.tracks - result.failed.length;
  const there = result.alreadyThere > 0 ? `, ${result.alreadyThere} of them were there already` : '';
  console.log(`${count(ready, 'track')} ready after ${formatTime((Date.now() - started) / 1000)}${there}.`);
  console.log(`Listen: ${url}`);
  return result.failed.length + result.held.length > 0 ? 1 : 0;
}, 'Stopped. What has been sent stays; run the same command again to go on.');
