import { createHash, randomBytes } from 'node:crypto';

const [name, role = 'operator'] = process.argv.slice(2);
if (
  name === undefined ||
  !/^[a-z0-9-]{1,40}$/.test(name) ||
  !['operator', 'uploader', 'listener'].includes(role)
) {
  console.error(
    'Usage: npm run token -- NAME [operator|uploader|listener]   NAME: lower-case letters, digits, hyphens',
  );
  process.exit(1);
}
const token = `mlr_${randomBytes(32).toString('base64url')}`;
const entry = { id: name, role, sha256: createHash('sha256').update(token).digest('hex') };
console.log(`The token of ${name}, shown this once:\n\n  ${token}\n`);
console.log(`Add this entry to the JSON array in the secret ACCESS_TOKENS:\n\n  ${JSON.stringify(entry)}`);
