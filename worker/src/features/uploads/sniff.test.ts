import { describe, expect, it } from 'vitest';
import { isKnownAudio, SNIFF_BYTES } from './sniff.ts';

function head(...parts: (string | number[])[]): Uint8Array {
  const bytes = parts.flatMap((part) =>
    typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : part,
  );
  return Uint8Array.from({ length: SNIFF_BYTES }, (_, i) => bytes[i] ?? 0);
}

describe('a file is taken for a recording when it begins like one', () => {
  it.each([
    ['MP3 with tags', head('ID3', [4, 0, 0])],
    ['MP3 without tags, 44.1 kHz', head([0xff, 0xfb, 0x90, 0x64])],
    ['MP3, MPEG 2, 22.05 kHz', head([0xff, 0xf3, 0x60, 0xc4])],
    ['FLAC', head('fLaC')],
    ['Ogg', head('OggS')],
    ['WAV', head('RIFF', [1, 2, 3, 4], 'WAVE')],
    ['WAV over 4 GiB', head('RF64', [255, 255, 255, 255], 'WAVE')],
    ['AIFF', head('FORM', [0, 0, 1, 0], 'AIFF')],
    ['AIFF-C', head('FORM', [0, 0, 1, 0], 'AIFC')],
    ['M4A', head([0, 0, 0, 32], 'ftypM4A ')],
  ])('%s', (_what, bytes) => {
    expect(isKnownAudio(bytes)).toBe(true);
  });
});

describe('a file is refused when it begins otherwise', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['zeros', head()],
    ['a page', head('<!doctype html>')],
    ['a playlist that would make a decoder open other files', head('#EXTM3U\n#EXT-X-VERSION:3')],
    ['a script', head('#!/bin/sh')],
    ['a picture', head([0xff, 0xd8, 0xff, 0xe0])],
    ['an AVI film', head('RIFF', [1, 2, 3, 4], 'AVI ')],
    ['text as UTF-16', head([0xff, 0xfe, 0x41, 0x00])],
    ['an MPEG frame of a reserved version', head([0xff, 0xeb, 0x90])],
    ['an MPEG frame of a reserved layer', head([0xff, 0xf9, 0x90])],
    ['an MPEG frame of an impossible bitrate', head([0xff, 0xfb, 0xf0])],
    ['an MPEG frame of a reserved rate', head([0xff, 0xfb, 0x9c])],
    ['a file of one byte', Uint8Array.of(0xff)],
  ])('%s', (_what, bytes) => {
    expect(isKnownAudio(bytes)).toBe(false);
  });
});
