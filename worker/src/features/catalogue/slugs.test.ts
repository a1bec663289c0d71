import { describe, expect, it } from 'vitest';
import { slugFrom, slugProblem, slugsToTry } from './slugs.ts';

describe('a slug', () => {
  it.each([
    ['Björk & Friends', 'bjork-friends'],
    ['  AC/DC!! ', 'ac-dc'],
    ['Don’t Look Back', 'dont-look-back'],
    ['Молчат Дома', 'молчат-дома'],
    ['Йога', 'йога'],
    ['Μίκης Θεοδωράκης', 'μίκης-θεοδωράκης'],
    ['ゆらゆら帝国', 'ゆらゆら帝国'],
    ['ﾊﾅ', 'ハナ'],
    ['فيروز', 'فيروز'],
    ['Sigur Rós — (live)', 'sigur-ros-live'],
    ['!!!', ''],
  ])('of "%s" is "%s", in whatever script', (name, slug) => {
    expect(slugFrom(name)).toBe(slug);
    expect(slugFrom(slug), 'the slug of a slug is itself').toBe(slug);
  });

  it('is never longer than 60 characters and never ends in a hyphen', () => {
    const slug = slugFrom(`${'a'.repeat(59)} bcd`);
    expect(slug).toBe('a'.repeat(59));
    for (const each of slugsToTry('𝕬'.repeat(90), 'art_01kaf3w5c8q2t9v7x1y4z6b0de'))
      expect(slugProblem(each)).toBeNull();
  });

  it('that somebody typed is refused where it is not one, or where it passes for a page of ours', () => {
    for (const typed of ['', '-', 'a--b', 'Ab', 'a b', 'a/b', '../x', 'é', 'admin', 'new', 'a'.repeat(61)])
      expect(slugProblem(typed), typed).not.toBeNull();
    for (const typed of ['a', 'molly-2', 'йога']) expect(slugProblem(typed), typed).toBeNull();
  });

  it('that is tried for a reserved name is never reserved itself', () => {
    expect([...slugsToTry('Admin', 'art_01kaf3w5c8q2t9v7x1y4z6b0de')][0]).toBe('admin-2');
    expect([...slugsToTry('!!!', 'art_01kaf3w5c8q2t9v7x1y4z6b0de')][0]).toBe('6b0de'.padStart(6, 'z'));
  });
});
