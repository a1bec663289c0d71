import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids.ts';
import { apiWith, bindingsWith, PRODUCTION, read, textOf } from '../support/api.ts';
import {
  addTracks,
  allEntries,
  makePlaylist,
  type PlaylistAnswer,
  tracksLike,
} from '../support/playlists.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const api = apiWith(bindingsWith({ ...PRODUCTION, RATE_LIMIT_FACTOR: '1000' }));
const alice = { as: 'alice' } as const;

interface Imported {
  playlistId: string;
  title: string;
  matched: { line: number; by: string }[];
  unmatched: { line: number; title: string | null; artist: string | null }[];
}

const send = (body: BodyInit, playlistId = newId('pls'), as: 'alice' | 'bob' = 'alice') =>
  api(`/api/v1/me/playlist-imports/${playlistId}`, { as, method: 'PUT', body });
const imported = async (body: BodyInit, playlistId?: string) => {
  const answer = await send(body, playlistId);
  expect(answer.status).toBe(200);
  return read<Imported>(answer);
};
const exported = (playlistId: string, format: string, as?: 'alice' | 'bob') =>
  api(`/api/v1/playlists/${playlistId}/export?format=${format}`, as === undefined ? {} : { as });
const tracksOf = async (playlistId: string) =>
  (await allEntries(api, playlistId, alice)).map(({ trackId }) => trackId);
const unlike = () => crypto.randomUUID().slice(0, 8);

describe('a file of a playlist', () => {
  it('brings the playlist back in every format, names and order and all', async () => {
    const title = 'Rain & <snow> “é”';
    const playlistId = await makePlaylist(api, alice, { title, visibility: 'public', description: 'A]]>B' });
    const trackIds = await tracksLike([
      { title: 'One & <two>', artist: 'A\u0007 "B"' },
      { title: 'Line\nbreak', durationSeconds: 61.5 },
      { title: 'Привет' },
    ]);
    await addTracks(api, playlistId, trackIds.toReversed(), alice);
    for (const [format, type] of [
      ['m3u8', 'application/vnd.apple.mpegurl'],
      ['xspf', 'application/xspf+xml'],
      ['jspf', 'application/json'],
    ] as const) {
      const answer = await exported(playlistId, format);
      expect(answer.headers.get('content-type')).toBe(type);
      expect(answer.headers.get('content-disposition')).toMatch(
        new RegExp(`^attachment; filename=".*\\.${format}"; filename\\*=UTF-8''Rain%20%26`),
      );
      const file = await textOf(answer);
      expect(file).toContain(`https://music.example/track/${trackIds[0]}`);
      if (format === 'jspf') expect(JSON.parse(file).playlist.track[1].duration).toBe(61_500);
      const back = await imported(file);
      expect(back.title, format).toBe(title);
      expect(back.matched.map(({ by }) => by)).toEqual(['id', 'id', 'id']);
      expect(await tracksOf(back.playlistId)).toEqual(trackIds.toReversed());
    }
    await expectProblem(await exported(playlistId, 'exe'), 400, 'validation_failed');
  });

  it('says nothing of tracks that are hidden from who asks, and there is none of a playlist that is', async () => {
    const playlistId = await makePlaylist(api, alice, { visibility: 'public' });
    const [hidden = ''] = await tracksLike([{ ownerId: 'alice', isListed: false, title: 'Secret' }]);
    await addTracks(api, playlistId, [hidden], alice);
    for (const format of ['m3u8', 'xspf', 'jspf']) {
      expect(await textOf(await exported(playlistId, format, 'bob'))).not.toContain('Secret');
      expect(await textOf(await exported(playlistId, format, 'alice'))).toContain('Secret');
    }
    await api(`/api/v1/playlists/${playlistId}`, {
      ...alice,
      method: 'PATCH',
      json: { visibility: 'private' },
    });
    await expectProblem(await exported(playlistId, 'm3u8', 'bob'), 404, 'not_found');
  });

  it('holds all of a long playlist, and takes it back', async () => {
    const playlistId = await makePlaylist(api, alice);
    const trackIds = await tracksLike(Array.from({ length: 1203 }, (_, i) => ({ title: `Nr ${i}` })));
    const file = trackIds.map((id) => `https://elsewhere.example/track/${id}\n`).join('');
    const first = await imported(file, playlistId);
    expect(first.matched).toHaveLength(1203);
    const answer = await exported(playlistId, 'jspf', 'alice');
    const { playlist } = JSON.parse(await textOf(answer)) as { playlist: { track: { title: string }[] } };
    expect(playlist.track.map(({ title }) => title)).toEqual(trackIds.map((_, i) => `Nr ${i}`));
  });

  it('sent twice makes one playlist, and is nobody else’s to fill', async () => {
    const trackIds = await tracksLike([{}, {}]);
    const file = `#EXTM3U\n#PLAYLIST:Once\n${trackIds.join('\n')}\n`;
    const playlistId = newId('pls');
    const answers = await Promise.all([1, 2, 3].map(() => imported(file, playlistId)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await tracksOf(playlistId)).toEqual(trackIds);
    await expectProblem(await send(file, playlistId, 'bob'), 404, 'not_found');
    const head = await read<PlaylistAnswer>(await api(`/api/v1/playlists/${playlistId}`, alice));
    expect(head).toMatchObject({ title: 'Once', trackCount: 2, durationSeconds: 120, visibility: 'private' });
  });
});

describe('tracks of a file are recognised', () => {
  it('by their ISRC, by title and artist however they are written, and the rest is told', async () => {
    const [artist, isrc] = [`Björk ${unlike()}`, `DEXX1${Math.floor(Math.random() * 1e7)}`.padEnd(12, '7')];
    const [coded, short, long, version] = await tracksLike([
      { isrc },
      { title: 'Jóga', artist, durationSeconds: 100 },
      { title: 'Jóga', artist, durationSeconds: 300 },
      { title: 'Army of Me (Live)', artist },
      { title: 'Secret', artist, isListed: false },
    ]);
    const back = await imported(
      [
        '\ufeff#EXTM3U',
        `#EXTINF:300,${artist} - Joga`,
        'a.mp3',
        '',
        `#EXTINF:101,${artist.toUpperCase()} – JÓGA!`,
        'b.mp3',
        `#ISRC:${isrc.slice(0, 2)}-${isrc.slice(2, 5)}-${isrc.slice(5, 7)}-${isrc.slice(7)}`,
        `https://elsewhere.example/isrc/${isrc}`,
        `C:\\Music\\04 - ${artist} - Army of Me.flac`,
        `#EXTINF:1,${artist} - Secret`,
        'c.mp3',
        '#EXTINF:1,Nobody - Nothing',
        'd.mp3',
      ].join('\r\n'),
    );
    expect(back.matched).toEqual([
      { line: 3, by: 'name' },
      { line: 6, by: 'name' },
      { line: 8, by: 'isrc' },
      { line: 9, by: 'name' },
    ]);
    expect(back.unmatched).toEqual([
      { line: 11, title: 'Secret', artist },
      { line: 13, title: 'Nothing', artist: 'Nobody' },
    ]);
    expect(await tracksOf(back.playlistId)).toEqual([long, short, coded, version]);
  });

  it('in whatever letters Windows wrote them', async () => {
    const artist = `Motörhead ${unlike()}`;
    const [trackId] = await tracksLike([{ title: 'Überkill', artist }]);
    const line = `#EXTINF:-1,${artist} - Überkill\nx.mp3\n`;
    const latin = Uint8Array.from(line, (letter) => letter.charCodeAt(0));
    const utf16 = new Uint8Array([
      0xff,
      0xfe,
      ...new Uint8Array(Uint16Array.from(line, (l) => l.charCodeAt(0)).buffer),
    ]);
    for (const body of [latin, utf16]) {
      expect(await tracksOf((await imported(body)).playlistId)).toEqual([trackId]);
    }
  });
});

describe('a file that means harm or nothing', () => {
  const xspf = (inside: string, before = '') =>
    `<?xml version="1.0"?>${before}<playlist version="1" xmlns="http://xspf.org/ns/0/">${inside}</playlist>`;
  const count = async () => (await rowsOf<{ n: number }>('SELECT count(*) n FROM playlists'))[0]?.n;

  it('is refused before anything is made of it', async () => {
    const bomb = `<!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i} "&a;&a;&a;">`).join('')}]>`;
    const before = await count();
    for (const body of [
      '',
      '\u0000',
      xspf('<title>&a8;</title><trackList/>', bomb),
      xspf('<trackList/>', '<!DOCTYPE playlist SYSTEM "file:///etc/passwd">'),
      '<html><body>not found</body></html>',
      '<a>'.repeat(300_000),
      '<playlist><trackList><track>',
      '{',
      '{"playlist":{}}',
      '{"playlist":{"track":{"length":1e9}}}',
      '{"a":'.repeat(100_000),
    ]) {
      await expectProblem(await send(body), 422, 'unsupported_playlist');
    }
    await expectProblem(await send('a\n'.repeat(100_000)), 409, 'playlist_full');
    const many = JSON.stringify({ playlist: { track: Array(10_001).fill({}) } });
    await expectProblem(await send(many), 409, 'playlist_full');
    const large = await send(`#EXTM3U\n${'x'.repeat(10 * 1024 ** 2)}`);
    await expectProblem(large, 413, 'file_too_large');
    expect(await count()).toBe(before);
  });

  it('does no harm where it can be read', async () => {
    const odd = await imported(
      xspf(
        '<title><b>bold</b></title><trackList><track><title>&#x41;&amp;</title><creator>&lt;b&gt;</creator></track><track/><track><album>1</album><unknown/></track></trackList>',
      ),
    );
    expect([odd.matched.length, odd.unmatched.length]).toEqual([0, 3]);
    expect(odd.unmatched[0]).toEqual({ line: 1, title: 'A&', artist: '<b>' });
    const strange = {
      playlist: { title: 7, track: [null, 1, { title: {}, identifier: { a: 1 } }, { __proto__: null }] },
    };
    expect((await imported(JSON.stringify(strange))).unmatched).toHaveLength(4);
    const names = await imported(
      `#EXTM3U\n#EXTINF:,${"a' OR 1=1 -- ".repeat(60_000)}\n%E0%A4%A\n#EXTINF:99999999999,\n\u0001`,
    );
    expect(names.matched).toEqual([]);
  });
});
