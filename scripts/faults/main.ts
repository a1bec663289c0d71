/** `npm run faults -- [--transcoder=N] [--platform=N] [--seconds=N]`: the long form of the campaign. */
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';

const { values } = parseArgs({
  options: {
    transcoder: { type: 'string', default: '300' },
    platform: { type: 'string', default: '60' },
    seconds: { type: 'string', default: '40' },
  },
});

function wholeNumber(name: 'transcoder' | 'platform' | 'seconds', least: number, most: number): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  console.error(`--${name} is "${values[name]}"; it must be a whole number from ${least} to ${most}.`);
  process.exit(1);
}

const plan = {
  kills: { transcoder: wholeNumber('transcoder', 1, 10_000), platform: wholeNumber('platform', 1, 10_000) },
  // One part of an upload holds 47 seconds of it.
  recordingSeconds: wholeNumber('seconds', 5, 45),
};
let strikes = 0;
const { kills, answerBytes, wrong } = await runCampaign(plan, (text) => {
  console.log(`${String(++strikes).padStart(4)}  ${text}`);
});

console.log(
  `\nSIGKILL while a recording of ${plan.recordingSeconds} s became ${answerBytes} bytes of answer`,
);
console.table(
  Object.fromEntries(
    Object.entries(kills).map(([victim, { struck, missed, tracks, seconds }]) => [
      victim,
      {
        'killed at': struck,
        'published before': missed,
        tracks,
        'seconds each': Number((seconds / (struck + missed)).toFixed(2)),
      },
    ]),
  ),
);
if (wrong.length === 0) {
  console.log(
    'Every track: one published version, byte for byte as undisturbed; originals intact; nothing left over.',
  );
} else {
  console.error(`${wrong.length} things are wrong:\n${wrong.join('\n')}`);
  process.exitCode = 1;
}
