import { describe, expect, it } from 'vitest';
import { EntriesEditor } from './entries-editor.svelte.ts';
import type { ChangedEntries, EntriesServer, Entry } from './playlists-api.ts';

const entry = (entryId: string, position: string) => ({ entryId, position, track: null }) as unknown as Entry;
const START = [entry('a', 'a1'), entry('b', 'a2'), entry('c', 'a3')];

/** An API that remembers what it was asked and answers what it is told. */
function edited(answers: (Entry[] | Error)[]) {
  const asked: unknown[] = [];
  const answer = async (...call: unknown[]) => {
    asked.push(call);
    const next = answers.shift();
    if (next instanceof Error || next === undefined) throw next ?? new Error('nothing to answer');
    return { entries: next } as ChangedEntries;
  };
  const server: EntriesServer = {
    move: (ids, after) => answer('move', ids, after),
    remove: (ids) => answer('remove', ids),
    restore: (ids) => answer('restore', ids),
  };
  let reloads = 0;
  const editor = new EntriesEditor(
    START,
    server,
    () => undefined,
    async () => {
      reloads++;
    },
  );
  return { editor, asked, order: () => editor.entries.map(({ entryId }) => entryId), reloads: () => reloads };
}

describe('entries that are edited', () => {
  it('move at once, are told to the API by what stands before them, and move back', async () => {
    const { editor, asked, order } = edited([[entry('c', 'a0V')], [entry('c', 'a2V')]]);
    const moving = editor.move('c', 0);
    expect(order()).toEqual(['c', 'a', 'b']);
    expect(editor.announcement).toContain('now 1 of 3');
    await moving;
    expect(order()).toEqual(['c', 'a', 'b']);
    await editor.undo();
    expect(order()).toEqual(['a', 'b', 'c']);
    expect(asked).toEqual([
      ['move', ['c'], null],
      ['move', ['c'], 'b'],
    ]);
  });

  it('stay where they are at the ends', async () => {
    const { editor, asked, order } = edited([]);
    await editor.move('a', -1);
    await editor.move('c', 3);
    expect([order(), asked]).toEqual([['a', 'b', 'c'], []]);
  });

  it('are removed at once, stay so when the API answers, and come back to their place', async () => {
    const { editor, order } = edited([[entry('b', 'a2')], [entry('b', 'a2')]]);
    editor.selected.add('b');
    await editor.remove(['b']);
    expect([order(), editor.selected.size]).toEqual([['a', 'c'], 0]);
    await editor.undo();
    expect(order()).toEqual(['a', 'b', 'c']);
    expect(editor.notice).toBeNull();
  });

  it('are loaded anew where the API refuses, and nothing is offered to be taken back', async () => {
    const { editor, reloads } = edited([new Error('no')]);
    await editor.remove(['a']);
    expect(reloads()).toBe(1);
    expect(editor.notice).toMatchObject({ undo: null });
  });
});
