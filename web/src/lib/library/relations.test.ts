import { expect, it } from 'vitest';
import { ApiError } from '$lib/api/api-error.ts';
import { Relations } from './relations.svelte.ts';
import type { Change, RelationsServer } from './relations-server.ts';

const tick = () => new Promise((done) => setTimeout(done, 5));

/** Holds what it is told, answers when it is let, and refuses where it is told to. */
class FakeServer implements RelationsServer {
  readonly liked = new Set<string>();
  readonly reads: string[][] = [];
  readonly changes: boolean[] = [];
  refusal: ApiError | null = null;
  gate: Promise<void> = Promise.resolve();

  async read(ids: readonly string[]) {
    this.reads.push([...ids]);
    return ids.map((id) => ({ id, liked: this.liked.has(id), followed: false, stars: null }));
  }

  async change(change: Change) {
    await this.gate;
    if (this.refusal !== null) throw this.refusal;
    if (change.relation !== 'like') return;
    this.changes.push(change.wanted);
    if (change.wanted) this.liked.add(change.id);
    else this.liked.delete(change.id);
  }
}

const like = (id: string, wanted: boolean): Change => ({ relation: 'like', kind: 'track', id, wanted });

function somebody() {
  const server = new FakeServer();
  const relations = new Relations(server);
  relations.belongsTo('usr_1');
  return { server, relations };
}

it('asks for everything that appears at once in one request, a hundred at most, and for nothing twice', async () => {
  const { server, relations } = somebody();
  server.liked.add('trk_7');
  for (let i = 0; i < 130; i++) relations.ask(`trk_${i}`);
  relations.ask('trk_7');
  await tick();
  relations.ask('trk_7');
  await tick();
  expect(server.reads.map(({ length }) => length)).toEqual([100, 30]);
  expect([relations.of('trk_7')?.liked, relations.of('trk_8')?.liked]).toEqual([true, false]);
  expect(relations.of('trk_999')).toBeNull();
});

it('asks nothing for strangers, and forgets the last person for the next', async () => {
  const { server, relations } = somebody();
  server.liked.add('trk_1');
  relations.ask('trk_1');
  await tick();
  relations.belongsTo(null);
  expect(relations.of('trk_1')).toBeNull();
  relations.ask('trk_1');
  await tick();
  expect(server.reads).toHaveLength(1);
});

it('shows a like at once, and takes it back with a sentence where it is refused', async () => {
  const { server, relations } = somebody();
  server.refusal = new ApiError('offline', 'You are offline.');
  const done = relations.change(like('trk_1', true));
  expect(relations.of('trk_1')?.liked).toBe(true);
  await done;
  expect([relations.of('trk_1')?.liked, relations.failureOf('trk_1')]).toEqual([false, 'You are offline.']);
  server.refusal = null;
  await relations.change(like('trk_1', true));
  expect([relations.of('trk_1')?.liked, relations.failureOf('trk_1')]).toEqual([true, null]);
});

it('of many presses in a row sends the first and the last wish, one at a time', async () => {
  const { server, relations } = somebody();
  let open = () => {};
  server.gate = new Promise((done) => (open = done));
  const all = [true, false, true, false].map((wanted) => relations.change(like('trk_1', wanted)));
  expect(relations.of('trk_1')?.liked).toBe(false);
  open();
  await Promise.all(all);
  await tick();
  expect(server.changes).toEqual([true, false]);
  expect([relations.of('trk_1')?.liked, server.liked.has('trk_1')]).toEqual([false, false]);
});

it('goes back to what the server holds, not to a wish that never came true', async () => {
  const { server, relations } = somebody();
  await relations.change(like('trk_1', true));
  server.refusal = new ApiError('unreachable', 'No answer.');
  await Promise.all([relations.change(like('trk_1', false)), relations.change(like('trk_1', false))]);
  await tick();
  expect([relations.of('trk_1')?.liked, server.liked.has('trk_1')]).toEqual([true, true]);
});

it('an answer that was asked for before a press does not undo the press', async () => {
  const { server, relations } = somebody();
  let open = () => {};
  server.gate = new Promise((done) => (open = done));
  relations.ask('trk_1');
  const pressed = relations.change(like('trk_1', true));
  await tick();
  expect(relations.of('trk_1')?.liked).toBe(true);
  open();
  await pressed;
  expect(relations.of('trk_1')?.liked).toBe(true);
});

it('a list that was read anew knows what another device has liked, but not what is being taken back', async () => {
  const { server, relations } = somebody();
  relations.ask('trk_1');
  relations.ask('trk_2');
  await tick();
  let open = () => {};
  server.gate = new Promise((done) => (open = done));
  const pressed = relations.change(like('trk_2', false));
  relations.learnLiked(['trk_1', 'trk_2', 'trk_3']);
  expect([relations.of('trk_1')?.liked, relations.of('trk_2')?.liked]).toEqual([true, false]);
  expect(relations.of('trk_3')).toBeNull();
  open();
  await pressed;
});
