/** The transcoder's settings, read once from the environment. */
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const configSchema = z.object({
  /** Address to listen on; the container sets 0.0.0.0. */
  HOST: z.string().min(1, 'must be an address such as 127.0.0.1').default('127.0.0.1'),
  /** Port to listen on; 0 takes a free one. */
  PORT: wholeNumber(0, 65_535).default(9090),
  /** Which ffmpeg: the one on PATH, the embedded one, or whichever is there. */
  FFMPEG: z.enum(['auto', 'native', 'embedded'], 'must be auto, native or embedded').default('auto'),
  /** How many jobs run at once; as many as there are cores where it is not set. */
  MAX_JOBS: wholeNumber(1, 1024).default(availableParallelism()),
  /** Folder for originals while they are being worked on. */
  WORK_DIR: z
    .string()
    .min(1, 'must be a folder that can be written')
    .default(join(tmpdir(), 'melro-transcoder')),
  /** Ends the process when its standard input closes: whoever started it is gone then, however they went. */
  EXIT_WITH_STDIN: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  /** Where programs are searched. */
  PATH: z.string().default(''),
});
export type Config = z.infer<typeof configSchema>;

function wholeNumber(least: number, most: number): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  return z.string().transform((text, context) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    context.addIssue({ code: 'custom', message: `must be a whole number from ${least} to ${most}` });
    return z.NEVER;
  });
}

/** @throws an Error whose message is one line that names the first malformed value and what it must be. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = configSchema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = issue?.path.join('.') ?? 'environment';
  throw new Error(`${name}=${JSON.stringify(environment[name] ?? '')} ${issue?.message ?? 'is malformed'}`);
}
