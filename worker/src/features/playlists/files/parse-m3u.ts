import { MAX_ENTRIES } from '../policy.ts';
import { identityIn, nameIn, type PlaylistFile, type WishedTrack } from './playlist-file.ts';

const MAX_LINE = 2000;

/** Splits “Artist - Title”; with spaces, for names have dashes of their own. */
function split(name: string): { title: string | null; artist: string | null } {
  const at = name.search(/\s[-–—]\s/);
  if (at < 0) return { title: nameIn(name), artist: null };
  return { artist: nameIn(name.slice(0, at)), title: nameIn(name.slice(at + 3)) };
}

/** Returns what a file's name says of a track, such as `C:\Music\01 - Artist - Title.mp3`. */
function fromPath(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? '';
  let plain = file;
  try {
    plain = decodeURIComponent(file);
  } catch {
    // It was a name with a percent sign, not an address.
  }
  return plain.replace(/\.\w{2,5}$/, '').replace(/^\d{1,3}\s*[-._ ]\s*/, '');
}

/** Returns the tracks of an M3U or M3U8, extended or not; lines that say nothing known are passed over. */
export function parseM3u(text: string): PlaylistFile {
  const file: PlaylistFile = { title: null, description: '', tracks: [] };
  let said: { name: string; durationSeconds: number | null; texts: string[] } | null = null;
  let line = 0;
  for (const whole of text.split(/\r\n|\n|\r/)) {
    line++;
    const content = whole
      .replace(/^\ufeff/, '')
      .slice(0, MAX_LINE)
      .trim();
    if (content === '') continue;
    const info = /^#EXTINF:\s*(-?\d+(?:\.\d+)?)?([^,]*),(.*)$/i.exec(content);
    if (info !== null) {
      const seconds = Number(info[1] ?? -1);
      said = {
        name: info[3] ?? '',
        durationSeconds: seconds > 0 ? seconds : null,
        texts: [info[2] ?? ''],
      };
    } else if (/^#PLAYLIST:/i.test(content)) {
      file.title = nameIn(content.slice(10));
    } else if (content.startsWith('#')) {
      said?.texts.push(content);
    } else {
      const track: WishedTrack = {
        line,
        ...identityIn([...(said?.texts.slice(0, 20) ?? []), content]),
        ...split(nameIn(said?.name) ?? fromPath(content)),
        durationSeconds: said?.durationSeconds ?? null,
      };
      file.tracks.push(track);
      said = null;
      // One more than fits is enough to be refused.
      if (file.tracks.length > MAX_ENTRIES) break;
    }
  }
  return file;
}
