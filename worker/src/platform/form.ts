import { ProblemError } from './errors.ts';

/** No form of sign-in and its like is longer; a longer body would hide the account it names. */
const LONGEST_FORM_BYTES = 64 * 1024;

/**
 * Returns what a copy of the body says as JSON, so that the handler still finds it whole; null where it is none.
 * Throws `validation_failed` when it is longer than any form.
 */
export async function readFormCopy(request: Request): Promise<unknown> {
  const tooLong = () => new ProblemError('validation_failed', 'The body is too long.');
  if (Number(request.headers.get('content-length') ?? 0) > LONGEST_FORM_BYTES) throw tooLong();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let lengthBytes = 0;
  for await (const chunk of (request.clone().body ?? []) as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    lengthBytes += chunk.byteLength;
    if (lengthBytes > LONGEST_FORM_BYTES) throw tooLong();
    chunks.push(chunk);
  }
  try {
    return JSON.parse(await new Blob(chunks).text());
  } catch {
    // Whatever handles the request will say what is wrong with it.
    return null;
  }
}
