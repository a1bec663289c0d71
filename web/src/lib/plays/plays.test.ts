import { beforeEach, expect, it } from 'vitest';
import { type Play, PlayLog } from './play-log.ts';
import { PlayOutbox } from './play-outbox.ts';

const stored = new Map<string, string>();
Object.assign(globalThis, {
  localStorage: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  },
});
beforeEach(() => stored.clear());

function listener() {
  const told: Play[] = [];
  const log = new PlayLog(
    (play) => told.push(play),
    () => 0,
  );
  const listen = (trackId: string, from: number, to: number) => {
    for (let at = from; at <= to; at += 0.25) {
      log.observe({ trackId, positionSeconds: at, source: { kind: 'release', id: 'rel_1' }, rendition: 320 });
    }
  };
  return { told, log, listen };
}

it('a play is told of when it counts and when it ends, under one id, with what was really heard', () => {
  const { told, log, listen } = listener();
  listen('trk_1', 0, 40);
  expect(told).toMatchObject([{ trackId: 'trk_1', listenedSeconds: 30, quality: '320' }]);
  expect(told[0]?.source).toEqual({ kind: 'release', id: 'rel_1' });
  // A jump is not listening.
  listen('trk_1', 150, 160);
  log.tell();
  log.tell();
  expect(told.map(({ listenedSeconds }) => listenedSeconds)).toEqual([30, 50]);
  listen('trk_2', 0, 10);
  listen('trk_3', 0, 1);
  expect(told.map(({ trackId }) => trackId)).toEqual(['trk_1', 'trk_1', 'trk_2']);
  expect(told[0]?.id).toBe(told[1]?.id);
  expect(told[2]?.id).not.toBe(told[0]?.id);
});

it('who skips on at once has not listened, and who starts again listens once more', () => {
  const { told, listen, log } = listener();
  listen('trk_1', 0, 4);
  listen('trk_2', 0, 35);
  listen('trk_2', 0, 8);
  log.tell();
  expect(told.map(({ trackId }) => trackId)).toEqual(['trk_2', 'trk_2', 'trk_2']);
  expect(new Set(told.map(({ id }) => id)).size).toBe(2);
});

const play = (id: string, listenedSeconds = 30): Play => ({
  ...{ id, trackId: 'trk_1', startedAt: new Date(0).toISOString(), listenedSeconds },
  source: { kind: 'other' },
});

it('what nobody took in stays, over a visit, and is sent later in lots of fifty; another person’s never', async () => {
  let isAway = true;
  const sent: string[][] = [];
  const make = () =>
    new PlayOutbox(async (plays) => {
      if (isAway) throw new Error('away');
      sent.push(plays.map(({ id }) => id));
    });
  const first = make();
  for (let i = 0; i < 60; i++) first.put('usr_1', play(`${i}`));
  first.put('usr_2', play('theirs'));
  await first.flush('usr_1');
  isAway = false;
  await make().flush('usr_1');
  expect(sent.map(({ length }) => length)).toEqual([50, 10]);
  await make().flush('usr_1');
  expect(sent).toHaveLength(2);
  expect(stored.get('melro.plays')).toContain('theirs');
});

it('a play that grows while it is being sent is sent again', async () => {
  const sent: number[] = [];
  const outbox: PlayOutbox = new PlayOutbox(async ([one]) => {
    sent.push(one?.listenedSeconds ?? 0);
    if (sent.length === 1) outbox.put('usr_1', play('a', 60));
  });
  outbox.put('usr_1', play('a', 30));
  await outbox.flush('usr_1');
  await outbox.flush('usr_1');
  await outbox.flush('usr_1');
  expect(sent).toEqual([30, 60]);
});
