import { expect, it } from 'vitest';
import { splitLinks } from './split-links.ts';

it('text is cut at its addresses and nothing is lost', () => {
  const text =
    'Choose a password:\nhttp://localhost:5173/reset-password?token=a%26b\n\n-- \nMelro https://melro.example/';
  const parts = splitLinks(text);
  expect(parts.map((part) => part.text).join('')).toBe(text);
  expect(parts.filter(({ href }) => href !== null).map(({ href }) => href)).toEqual([
    'http://localhost:5173/reset-password?token=a%26b',
    'https://melro.example/',
  ]);
});

it('nothing else becomes a link', () => {
  expect(splitLinks('javascript:alert(1) www.example ftp://x')).toEqual([
    { text: 'javascript:alert(1) www.example ftp://x', href: null },
  ]);
});
