import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '$lib/api/api-error.ts';
import { AutoSave } from './auto-save.svelte.ts';

interface Fields {
  title: string;
  label: string;
}

let sent: Partial<Fields>[];
/** What the next requests end with; a success where there is nothing. */
let failures: unknown[];
let save: AutoSave<Fields>;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  failures = [];
  save = new AutoSave<Fields>(
    async (change) => {
      sent.push(change);
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
    },
    ({ code }) => (code === 'slug_taken' ? 'label' : null),
  );
});

afterEach(() => {
  save.stop();
  vi.useRealTimers();
});

describe('fields that save themselves', () => {
  it('are sent together once the person pauses, with what was typed last', async () => {
    save.set('title', 'N');
    save.set('title', 'Night');
    save.set('label', 'Own');
    expect(save.state).toBe('waiting');
    await vi.runAllTimersAsync();
    expect(sent).toEqual([{ title: 'Night', label: 'Own' }]);
    expect(save.state).toBe('saved');
  });

  it('show what was typed while focus is there, whatever the server has made of it', async () => {
    save.focus('title');
    save.set('title', 'Night ');
    await vi.runAllTimersAsync();
    expect(save.value('title', 'Night')).toBe('Night ');
    save.leave('title');
    expect(save.value('title', 'Night')).toBe('Night');
  });

  it('show what the server learns where nobody has typed', () => {
    expect(save.value('title', 'From a tag')).toBe('From a tag');
    save.set('title', '');
    expect(save.value('title', 'From a tag')).toBe('');
  });

  it('send what is typed during a request in another one after it', async () => {
    save.set('title', 'One');
    const first = save.flush();
    save.set('title', 'Two');
    await first;
    await vi.runAllTimersAsync();
    expect(sent).toEqual([{ title: 'One' }, { title: 'Two' }]);
    expect(save.value('title', 'Two')).toBe('Two');
  });

  it('say at the field what is wrong, and still save the others', async () => {
    failures = [new ApiError('refused', 'no', { issues: [{ path: 'title', message: 'is too long' }] })];
    save.set('title', 'x'.repeat(300));
    save.set('label', 'Own');
    await vi.runAllTimersAsync();
    expect(sent).toEqual([{ title: 'x'.repeat(300), label: 'Own' }, { label: 'Own' }]);
    expect(save.errors).toEqual({ title: 'Is too long.' });
    expect(save.state).toBe('failed');
    expect(save.value('title', '')).toHaveLength(300);
    save.set('title', 'Short');
    await vi.runAllTimersAsync();
    expect(save.errors).toEqual({});
    expect(save.state).toBe('saved');
  });

  it('blame the field that an error is about', async () => {
    failures = [new ApiError('refused', 'This is taken.', { code: 'slug_taken' })];
    save.set('label', 'Own');
    await vi.runAllTimersAsync();
    expect(save.errors).toEqual({ label: 'This is taken.' });
  });

  it('try again by themselves after a lost connection, and lose nothing', async () => {
    failures = [new ApiError('offline', 'You are offline.')];
    save.set('title', 'Night');
    await vi.advanceTimersByTimeAsync(1000);
    expect(save.problem).toBe('You are offline.');
    expect(save.value('title', '')).toBe('Night');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toHaveLength(2);
    expect(save.problem).toBeNull();
    expect(save.state).toBe('saved');
  });

  it('are sent at once when focus leaves', async () => {
    save.focus('title');
    save.set('title', 'Night');
    save.leave('title');
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([{ title: 'Night' }]);
  });
});
