import { expect, it } from 'vitest';
import { ApiError } from '$lib/api/api-error.ts';
import { type Place, ResumeKeeper, type ResumeServer } from './resume-keeper.ts';

const at = (positionSeconds: number): Place => ({
  trackId: 'trk_1',
  positionSeconds,
  source: null,
  queue: [],
});

/** Takes a place only from whoever knows the revision, as the API does. */
class FakeServer implements ResumeServer {
  stored = 7;
  readonly written: number[] = [];
  isAway = false;

  async revision() {
    return this.stored;
  }

  async write(place: Place, revision: number) {
    if (this.isAway) throw new ApiError('offline', 'You are offline.');
    if (revision !== this.stored)
      throw new ApiError('refused', 'Newer.', { status: 409, code: 'revision_conflict' });
    this.written.push(place.positionSeconds);
    this.stored += 1;
    return this.stored;
  }
}

it('notes place after place', async () => {
  const server = new FakeServer();
  const keeper = new ResumeKeeper(server);
  await keeper.note(at(1));
  await keeper.note(at(2));
  expect(server.written).toEqual([1, 2]);
});

it('writes over what another device has noted since', async () => {
  const server = new FakeServer();
  const keeper = new ResumeKeeper(server);
  await keeper.note(at(1));
  server.stored = 30;
  await keeper.note(at(2));
  expect(server.written).toEqual([1, 2]);
});

it('of places that come while one is written notes the last', async () => {
  const server = new FakeServer();
  const keeper = new ResumeKeeper(server);
  await Promise.all([1, 2, 3, 4].map((seconds) => keeper.note(at(seconds))));
  expect(server.written).toEqual([1, 4]);
});

it('goes on when the connection is back', async () => {
  const server = new FakeServer();
  const keeper = new ResumeKeeper(server);
  server.isAway = true;
  await keeper.note(at(1));
  server.isAway = false;
  await keeper.note(at(2));
  expect(server.written).toEqual([2]);
});
