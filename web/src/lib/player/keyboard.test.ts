import { describe, expect, it } from 'vitest';
import { commandOf, isTaken, type KeyPress } from './keyboard.ts';

function key(code: string, own: Partial<KeyPress> = {}): KeyPress {
  return { code, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...own };
}

/** An element that is, or is inside, what matches one of these selectors. */
function inside(...selectors: string[]) {
  return {
    closest: (list: string) =>
      selectors.some((one) => list.split(', ').includes(one)) ? ({} as Element) : null,
  };
}

describe('commandOf', () => {
  it.each([
    [key('Space'), 'toggle'],
    [key('ArrowLeft'), 'back'],
    [key('ArrowRight'), 'forward'],
    [key('ArrowLeft', { shiftKey: true }), 'previous'],
    [key('ArrowRight', { shiftKey: true }), 'next'],
    [key('Minus'), 'quieter'],
    [key('Equal'), 'louder'],
    [key('KeyM'), 'mute'],
  ])('takes %o as %s', (press, command) => {
    expect(commandOf(press)).toBe(command);
  });

  it('goes by the place of a key, whatever the layout writes on it', () => {
    expect(commandOf({ ...key('KeyM'), key: 'ь' } as KeyPress)).toBe('mute');
  });

  it("leaves the browser's own shortcuts alone", () => {
    expect(commandOf(key('ArrowLeft', { altKey: true }))).toBeNull();
    expect(commandOf(key('KeyM', { ctrlKey: true }))).toBeNull();
    expect(commandOf(key('Minus', { metaKey: true }))).toBeNull();
  });

  it('leaves up and down to scrolling', () => {
    expect(commandOf(key('ArrowUp'))).toBeNull();
  });
});

describe('isTaken', () => {
  it('leaves every key to a text field', () => {
    expect(isTaken(key('KeyM'), inside('textarea'))).toBe(true);
  });

  it('leaves the space bar to a button', () => {
    expect(isTaken(key('Space'), inside('button'))).toBe(true);
    expect(isTaken(key('KeyM'), inside('button'))).toBe(false);
  });

  it('leaves arrows to a slider, but not with Shift', () => {
    expect(isTaken(key('ArrowLeft'), inside('[role="slider"]'))).toBe(true);
    expect(isTaken(key('ArrowLeft', { shiftKey: true }), inside('[role="slider"]'))).toBe(false);
  });

  it('takes keys from anywhere else', () => {
    expect(isTaken(key('Space'), inside())).toBe(false);
    expect(isTaken(key('Space'), null)).toBe(false);
  });
});
