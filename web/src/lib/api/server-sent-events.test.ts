import { expect, it } from 'vitest';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.ts';

function eventsOf(chunks: string[]): Promise<ServerSentEvent[]> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
  return Array.fromAsync(readServerSentEvents(body));
}

it('reads events however the network cuts them', async () => {
  const stream = 'retry: 2000\n\nevent: track\ndata: {"a":1}\n\nevent: track\ndata: {"a":2}\n\n';
  const expected = [
    { event: 'track', data: '{"a":1}' },
    { event: 'track', data: '{"a":2}' },
  ];
  expect(await eventsOf([stream])).toEqual(expected);
  expect(await eventsOf([...stream])).toEqual(expected);
});

it('skips comments that only keep the line open', async () => {
  expect(await eventsOf([': still here\n\n', 'data: x\n\n'])).toEqual([{ event: 'message', data: 'x' }]);
});

it('joins data of several lines', async () => {
  expect(await eventsOf(['data: a\r\ndata: b\r\n\r\n'])).toEqual([{ event: 'message', data: 'a\nb' }]);
});
