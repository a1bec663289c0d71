import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LOCAL_OPERATOR } from '../../worker/src/platform/settings.ts';
import { isRunning } from './processes.ts';
import { StartError } from './say.ts';

/** Returns the process that uses the data folder now, or null. */
export async function holderOf(dataDir: string): Promise<number | null> {
  const text = await readFile(join(dataDir, 'melro.pid'), 'utf8').catch(() => null);
  const pid = Number(text);
  return text !== null && pid !== process.pid && isRunning(pid) ? pid : null;
}

/** Takes the data folder for this process: two would spoil each other's database. Returns what gives it back. */
export async function takeDataFolder(dataDir: string): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true }).catch((error) => {
    throw new StartError(`The data folder ${dataDir} cannot be made: ${error.message}`);
  });
  const holder = await holderOf(dataDir);
  if (holder !== null) {
    throw new StartError(
      `Melro already runs on the data in ${dataDir} (process ${holder}). Stop it, or set MELRO_DATA_DIR.`,
    );
  }
  const file = join(dataDir, 'melro.pid');
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}

/** Returns fresh media keys as MEDIA_KEYS wants them. */
export function newMediaKeys(): string {
  const kid = `k${Date.now().toString(36)}`;
  return JSON.stringify({ current: kid, keys: { [kid]: randomBytes(32).toString('base64url') } });
}

/** Returns fresh secrets of accounts as AUTH_SECRETS wants them. */
export function newAuthSecrets(): string {
  const secret = () => randomBytes(32).toString('base64url');
  return JSON.stringify({ current: 'k1', keys: { k1: { signing: secret(), pepper: secret() } } });
}

/** Returns a fresh token for scripts: 256 random bits. */
export function newOperatorToken(): string {
  return `mlr_${randomBytes(32).toString('base64url')}`;
}

/** Returns the entry of ACCESS_TOKENS that lets the local operator's token in. */
export function operatorEntry(token: string) {
  return { id: LOCAL_OPERATOR, role: 'operator', sha256: createHash('sha256').update(token).digest('hex') };
}

async function keptIn(file: string, make: () => string): Promise<string> {
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known !== null) return known;
  const made = make();
  await writeFile(file, made, { mode: 0o600 });
  return made;
}

/** Returns the secrets of accounts of this installation; without the same ones nobody could sign in again. */
export function authSecretsOf(dataDir: string): Promise<string> {
  return keptIn(join(dataDir, 'auth-secrets.json'), newAuthSecrets);
}

/** Returns the token by which scripts on this machine act on this installation. */
export function operatorTokenOf(dataDir: string): Promise<string> {
  return keptIn(operatorTokenFile(dataDir), newOperatorToken);
}

/** Returns the same for whoever only looks: undefined where no installation was started from this folder. */
export function knownOperatorToken(dataDir: string): Promise<string | undefined> {
  return readFile(operatorTokenFile(dataDir), 'utf8').catch(() => undefined);
}

function operatorTokenFile(dataDir: string): string {
  return join(dataDir, 'operator-token');
}

/** Returns the media keys of this installation; made once, so that addresses stay valid over a restart. */
export function mediaKeysOf(dataDir: string): Promise<string> {
  return keptIn(join(dataDir, 'media-keys.json'), newMediaKeys);
}
