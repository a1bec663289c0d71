import { rm, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { dataDir as dataDirOf } from '../platform/paths.ts';
import { holderOf } from './data-folder.ts';
import { say, sayFailure } from './say.ts';

const dataDir = dataDirOf();
const holder = await holderOf(dataDir);
if (holder !== null) {
  sayFailure(`Melro is running on this data (process ${holder}). Stop it first.`);
  process.exit(1);
}
if ((await stat(dataDir).catch(() => null)) === null) {
  say('There is nothing to clear.');
} else if (process.argv.includes('--yes') || (await confirm())) {
  await rm(dataDir, { recursive: true, force: true });
  say('Cleared. `npm start` begins with an empty installation.');
} else {
  say('Nothing was changed.');
}

async function confirm(): Promise<boolean> {
  if (process.stdin.isTTY !== true) {
    sayFailure('Say --yes to clear without being asked: npm run reset -- --yes');
    process.exit(1);
  }
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await ask.question(
    `This removes every track, original and upload in ${dataDir}. Go on? [y/N] `,
  );
  ask.close();
  return /^y(es)?$/i.test(answer.trim());
}
