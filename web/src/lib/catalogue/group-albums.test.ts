import { describe, expect, it } from 'vitest';
import { makeTrack } from '$lib/testing/make-track.ts';
import { groupAlbums } from './group-albums.ts';

function album(title: string, own = {}) {
  return makeTrack({ album: title, albumArtist: 'Ana', ...own });
}

describe('groupAlbums', () => {
  it('makes an album of tracks that share album and album artist', () => {
    const tracks = [album('Night', { trackNumber: 2 }), album('Night', { trackNumber: 1 })];
    const { albums, loose } = groupAlbums(tracks);
    expect(albums.map(({ title, artist }) => [title, artist])).toEqual([['Night', 'Ana']]);
    expect(loose).toEqual([]);
  });

  it('puts the tracks of an album into playing order, disc by disc', () => {
    const tracks = [
      album('Night', { discNumber: 2, trackNumber: 1, title: 'c' }),
      album('Night', { discNumber: 1, trackNumber: 2, title: 'b' }),
      album('Night', { discNumber: 1, trackNumber: 1, title: 'a' }),
    ];
    expect(groupAlbums(tracks).albums[0]?.tracks.map(({ title }) => title)).toEqual(['a', 'b', 'c']);
  });

  it('keeps albums of one name by different artists apart', () => {
    const tracks = [
      album('Debut'),
      album('Debut'),
      album('Debut', { albumArtist: 'Bo' }),
      album('Debut', { albumArtist: 'Bo' }),
    ];
    expect(groupAlbums(tracks).albums).toHaveLength(2);
  });

  it('ignores the case in which tags are written', () => {
    expect(groupAlbums([album('NIGHT'), album('Night')]).albums).toHaveLength(1);
  });

  it('counts tracks without an album, and albums of one track, as loose', () => {
    const tracks = [makeTrack(), album('Alone'), makeTrack()];
    expect(groupAlbums(tracks)).toEqual({ albums: [], loose: tracks });
  });

  it('shows the first cover that any of its tracks has', () => {
    const artwork = { url64: '', url300: '', url640: '', placeholder: '', colours: ['#000000', '#ffffff'] };
    const [bare, covered] = [album('Night', { trackNumber: 1 }), album('Night', { trackNumber: 2, artwork })];
    expect(groupAlbums([covered, bare]).albums[0]?.face).toBe(covered);
  });

  it('keeps the newest album first and knows its newest track', () => {
    const [older1, older2] = [album('Old'), album('Old')];
    const [newer1, newer2] = [album('New'), album('New')];
    const { albums } = groupAlbums([newer2, newer1, older2, older1]);
    expect(albums.map(({ title }) => title)).toEqual(['New', 'Old']);
    expect(albums[0]?.newest).toBe(newer2);
  });
});
