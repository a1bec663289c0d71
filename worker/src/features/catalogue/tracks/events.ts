import { presentTrack, type TrackRow } from './present.ts';

const POLL_MS = 700;
/** Longer than any comment line may be away, so that proxies do not take the stream for dead. */
const KEEP_ALIVE_MS = 15_000;
/** The browser connects again by itself; an endless stream would pin an isolate. */
const LONGEST_STREAM_MS = 10 * 60_000;

function isOver(row: TrackRow): boolean {
  return row.state === 'ready' || row.state === 'failed';
}

/**
 * Returns a Server-Sent Events answer (WHATWG HTML 9.2) that sends the track whenever it changes,
 * and ends when it is ready, has failed or is gone. One row is read a poll.
 */
export function trackEvents(
  signal: AbortSignal,
  first: TrackRow,
  readAgain: () => Promise<TrackRow | null>,
  isOwner: boolean,
): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  const send = (text: string) => writer.write(encoder.encode(text));

  async function follow(): Promise<void> {
    const endsAtMs = Date.now() + LONGEST_STREAM_MS;
    let row: TrackRow | null = first;
    let sent = '';
    let lastSentMs = 0;
    await send('retry: 2000\n\n');
    while (row !== null && !signal.aborted && Date.now() < endsAtMs) {
      const data = JSON.stringify(presentTrack(row, isOwner));
      if (data !== sent) {
        await send(`event: track\ndata: ${data}\n\n`);
        sent = data;
        lastSentMs = Date.now();
      } else if (Date.now() - lastSentMs > KEEP_ALIVE_MS) {
        await send(': still here\n\n');
        lastSentMs = Date.now();
      }
      if (isOver(row)) break;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      row = await readAgain();
    }
    await writer.close();
  }

  // A reader that has gone is the ordinary end of such a stream.
  follow().catch((error) => writer.abort(error).catch(() => undefined));
  return new Response(readable, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
  });
}
