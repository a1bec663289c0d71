import { opendir, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

/** Endings of the recordings Melro takes. */
const AUDIO_ENDINGS = new Set(['.mp3', '.flac', '.wav', '.aif', '.aiff', '.m4a', '.ogg', '.opus']);

const COVER_NAME = /^(cover|folder|front|albumart.*)\.(jpe?g|png|webp|gif)$/i;

export type FoundFile = { path: string; relativePath: string; sizeBytes: number };

/** Something that could not be looked at; `reason` is a sentence. */
export type WalkProblem = { relativePath: string; code: string; reason: string };

export type WalkResult = {
  files: FoundFile[];
  problems: WalkProblem[];
  /** Folders with a cover picture next to the music. */
  foldersWithCover: Set<string>;
};

/**
 * Returns all recordings under a folder. Follows links, but enters no folder twice and none above the
 * first one, so that links in a circle end; what cannot be read is listed among the problems and stops nothing.
 */
export async function walk(root: string, signal?: AbortSignal): Promise<WalkResult> {
  const result: WalkResult = { files: [], problems: [], foldersWithCover: new Set() };
  await visit(root, root, new Set(), result, signal);
  return result;
}

async function visit(
  root: string,
  folder: string,
  seen: Set<string>,
  result: WalkResult,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const problem = (path: string, error: unknown): void => {
    const relativePath = relative(root, path) || '.';
    result.problems.push({ relativePath, ...explainFileError(error) });
  };
  try {
    const place = await realpath(folder);
    if (seen.has(place) || (folder !== root && isAbove(place, await realpath(root)))) {
      const reason = 'This folder is linked in a circle or from two places; it is read once';
      result.problems.push({ relativePath: relative(root, folder) || '.', code: 'linked_folder', reason });
      return;
    }
    seen.add(place);
    const names: string[] = [];
    for await (const { name } of await opendir(folder)) names.push(name);
    for (const name of names.sort(byName)) {
      await look(join(folder, name), name);
    }
  } catch (error) {
    signal?.throwIfAborted();
    problem(folder, error);
  }

  async function look(path: string, name: string): Promise<void> {
    // Files such as "._song.mp3" are Finder's notes about the song, not the song.
    if (name.startsWith('.')) return;
    if (COVER_NAME.test(name)) result.foldersWithCover.add(folder);
    const isAudio = AUDIO_ENDINGS.has(extname(name).toLowerCase());
    try {
      const info = await stat(path);
      if (info.isDirectory()) await visit(root, path, seen, result, signal);
      else if (isAudio && info.isFile()) {
        result.files.push({ path, relativePath: relative(root, path), sizeBytes: info.size });
      }
    } catch (error) {
      signal?.throwIfAborted();
      // A dead link to something else than music is no loss.
      if (isAudio || errorCode(error) !== 'ENOENT') problem(path, error);
    }
  }
}

function isAbove(place: string, other: string): boolean {
  return other.startsWith(place.endsWith(sep) ? place : place + sep);
}

/** Orders names as people do: "2" before "10", capitals beside small letters. */
export const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare;

const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: 'No permission to read it',
  EPERM: 'No permission to read it',
  ENOENT: 'It is not there (a link to nothing, or it was moved)',
  ELOOP: 'The links go round in a circle',
  EIO: 'The disk could not read it',
  ENAMETOOLONG: 'Its name is too long',
};

/** Returns a code and a sentence for an error of the file system. */
export function explainFileError(error: unknown): { code: string; reason: string } {
  const code = errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: code ?? 'unreadable',
    reason: (code === undefined ? undefined : SENTENCES[code]) ?? message,
  };
}

function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : undefined;
}
