import { describe, expect, it } from 'vitest';
import { makeCard } from '$lib/testing/make-track.ts';
import { isoDuration, musicRecording, scriptText } from './structured-data.ts';

describe('isoDuration', () => {
  it.each([
    [0, 'PT0S'],
    [200.4, 'PT3M20S'],
    [3600, 'PT1H0S'],
    [3725, 'PT1H2M5S'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(isoDuration(seconds)).toBe(text);
  });
});

it('gives search engines whole addresses of a recording, its artist and its album', () => {
  const artist = { artistId: 'art_1', slug: 'бумбокс', name: 'Бумбокс' };
  const release = { releaseId: 'rel_1', slug: 'night', title: 'Night' };
  const data = musicRecording('https://melro.example', makeCard({ artist, release }), 'PTABC2600001');
  expect(data).toMatchObject({
    '@context': 'https://schema.org',
    '@type': 'MusicRecording',
    isrcCode: 'PTABC2600001',
    byArtist: { url: 'https://melro.example/artist/%D0%B1%D1%83%D0%BC%D0%B1%D0%BE%D0%BA%D1%81' },
    inAlbum: { name: 'Night' },
  });
  expect(URL.canParse((data.inAlbum as { url: string }).url)).toBe(true);
});

it('lets no title end the script that it stands in', () => {
  const text = scriptText(
    musicRecording('https://m.example', makeCard({ title: '</script><script>x' }), null),
  );
  expect(text).not.toContain('<');
  expect(JSON.parse(text)).toMatchObject({ name: '</script><script>x' });
});
