import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { ProblemError } from '../../../platform/errors.ts';
import { MAX_ENTRIES } from '../policy.ts';
import { parseM3u } from './parse-m3u.ts';
import { identityIn, nameIn, type PlaylistFile } from './playlist-file.ts';

function unreadable(detail: string): ProblemError {
  return new ProblemError('unsupported_playlist', detail);
}

const anything = z.unknown().optional();
const texts = anything.transform((value) =>
  (Array.isArray(value) ? value : [value]).slice(0, 20).map((item) => nameIn(item) ?? ''),
);
const name = anything.transform(nameIn);
const duration = anything.transform((value) => (Number(value) > 0 ? Number(value) : null));

/** XSPF and JSPF say the same; what does not fit is as if it were not there, for many programs write them. */
const trackSchema = z
  .object({ location: texts, identifier: texts, title: name, creator: name, duration })
  .catch({ location: [], identifier: [], title: null, creator: null, duration: null });
const listSchema = z.object({ title: name, annotation: name, track: z.array(z.unknown()) });

function fileOf(list: z.infer<typeof listSchema>): PlaylistFile {
  if (list.track.length > MAX_ENTRIES) throw tooMany();
  return {
    title: list.title,
    description: list.annotation ?? '',
    tracks: list.track.map((item, index) => {
      const track = trackSchema.parse(item);
      return {
        line: index + 1,
        ...identityIn([...track.location, ...track.identifier]),
        title: track.title,
        artist: track.creator,
        durationSeconds: track.duration === null ? null : track.duration / 1000,
      };
    }),
  };
}

function tooMany(): ProblemError {
  return new ProblemError('playlist_full', `A playlist holds ${MAX_ENTRIES} tracks at most.`);
}

function parseXspf(text: string): PlaylistFile {
  // Neither belongs into XSPF, and every attack by entities needs one of them.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw unreadable('A playlist has no document type of its own.');
  const parser = new XMLParser({
    ignoreAttributes: true,
    removeNSPrefix: true,
    parseTagValue: false,
    // Also letters by number, such as &#233;.
    htmlEntities: true,
    isArray: (tag) => tag === 'track' || tag === 'location' || tag === 'identifier',
    maxNestedTags: 20,
  });
  let document: unknown;
  try {
    document = parser.parse(text, true);
  } catch {
    throw unreadable('This XML cannot be read.');
  }
  const list = z
    .object({
      playlist: z.object({
        title: anything,
        annotation: anything,
        trackList: z.union([z.object({ track: z.array(z.unknown()).default([]) }), z.literal('')]),
      }),
    })
    .safeParse(document);
  if (!list.success) throw unreadable('This XML is not an XSPF playlist.');
  const { title, annotation, trackList } = list.data.playlist;
  return fileOf(listSchema.parse({ title, annotation, track: trackList === '' ? [] : trackList.track }));
}

function parseJspf(text: string): PlaylistFile {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw unreadable('This JSON cannot be read.');
  }
  const list = z.object({ playlist: listSchema }).safeParse(document);
  if (!list.success) throw unreadable('This JSON is not a JSPF playlist.');
  return fileOf(list.data.playlist);
}

/**
 * Returns what is in a file, which is told by its first character: XSPF, JSPF, else M3U. Throws `unsupported_playlist`,
 * and `playlist_full` for more tracks than a playlist holds.
 */
export function parseFile(text: string): PlaylistFile {
  const begin = text.replace(/^\ufeff/, '').trimStart();
  if (begin.startsWith('<')) return parseXspf(begin);
  if (begin.startsWith('{')) return parseJspf(begin);
  if (text.includes('\u0000')) throw unreadable('This is not a text.');
  const file = parseM3u(text);
  if (file.tracks.length > MAX_ENTRIES) throw tooMany();
  if (file.tracks.length === 0 && !begin.startsWith('#EXTM3U')) throw unreadable('There is no track in it.');
  return file;
}
