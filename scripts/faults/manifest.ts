import { MANIFEST_ENTRY, type Manifest, manifestSchema } from '@melro/transcoder/contract';
import { createTarDecoder } from 'modern-tar';

/** Asks a transcoder itself what the recording becomes. */
export async function manifestFrom(transcoderUrl: string, recording: Buffer): Promise<Manifest> {
  const answer = await fetch(`${transcoderUrl}/transcode`, {
    method: 'POST',
    body: new Uint8Array(recording),
  });
  if (answer.body === null || !answer.ok) throw new Error(`the transcoder answered ${answer.status}`);
  for await (const { header, body } of answer.body.pipeThrough(createTarDecoder())) {
    const text = await new Response(body).text();
    if (header.name === MANIFEST_ENTRY) return manifestSchema.parse(JSON.parse(text));
  }
  throw new Error('the transcoder sent no manifest');
}
