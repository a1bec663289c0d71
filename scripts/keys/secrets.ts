import { newAuthSecrets, newMediaKeys } from '../start/data-folder.ts';

const MAKERS: Record<string, () => string> = { media: newMediaKeys, auth: newAuthSecrets };

const [kind = 'media'] = process.argv.slice(2);
const make = MAKERS[kind];
if (make === undefined) {
  console.error('Usage: npm run keys [-- media|auth]   media: MEDIA_KEYS (the default), auth: AUTH_SECRETS');
  process.exit(1);
}
console.log(make());
