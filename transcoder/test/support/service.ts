/** Starts a transcoder in this process and reads its answers. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTarDecoder } from 'modern-tar';
import { readConfig } from '../../src/config.ts';
import {
  FAILURE_ENTRY,
  failureSchema,
  MANIFEST_ENTRY,
  type Manifest,
  manifestSchema,
  type TranscodeFailure,
} from '../../src/contract.ts';
import type { FfmpegKind } from '../../src/ffmpeg-locate.ts';
import type { LogFields } from '../../src/log.ts';
import { startTranscoder, type Transcoder } from '../../src/server.ts';

/** A transcoder under test. */
export interface TestService {
  transcoder: Transcoder;
  workFolder: string;
  /** One entry per finished job. */
  logs: LogFields[];
  /** Names of the job folders that exist now. */
  jobFolders(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startService(
  kind: FfmpegKind | 'auto',
  environment: Record<string, string> = {},
): Promise<TestService> {
  const workFolder = await mkdtemp(join(tmpdir(), 'melro-test-'));
  const logs: LogFields[] = [];
  const config = readConfig({
    PORT: '0',
    FFMPEG: kind,
    WORK_DIR: workFolder,
    PATH: process.env.PATH,
    ...environment,
  });
  const transcoder = await startTranscoder(config, (_level, _message, fields = {}) => void logs.push(fields));
  return {
    transcoder,
    workFolder,
    logs,
    jobFolders: () => readdir(join(workFolder, 'tmp')),
    stop: async () => {
      await transcoder.close();
      await rm(workFolder, { recursive: true, force: true });
    },
  };
}

/** One tar entry as it came. */
export interface Entry {
  name: string;
  bytes: Buffer;
}

/** A whole answer. */
export interface TranscodeAnswer {
  /** In the order of arrival. */
  entries: Entry[];
  /** The last version of every object. */
  objects: Map<string, Buffer>;
  manifest: Manifest | null;
  failure: TranscodeFailure | null;
}

/** Posts an original and reads the answer to its end, with the checks that hold for every answer. */
export async function transcode(service: TestService, original: Uint8Array): Promise<TranscodeAnswer> {
  const response = await fetch(`${service.transcoder.address}/transcode`, {
    method: 'POST',
    body: new Uint8Array(original),
  });
  if (response.status !== 200 || !response.body) throw new Error(`status ${response.status}`);
  return readAnswer(response.body);
}

export async function readAnswer(body: ReadableStream<Uint8Array>): Promise<TranscodeAnswer> {
  const entries: Entry[] = [];
  for await (const entry of body.pipeThrough(createTarDecoder({ strict: true }))) {
    entries.push({
      name: entry.header.name,
      bytes: Buffer.from(await new Response(entry.body).arrayBuffer()),
    });
  }
  const objects = new Map(
    entries
      .filter(({ name }) => !/^(progress|manifest|failure)\.json$/.test(name))
      .map(({ name, bytes }) => [name, bytes]),
  );
  const last = entries.at(-1);
  const json = (): unknown => JSON.parse(last?.bytes.toString('utf8') ?? 'null');
  return {
    entries,
    objects,
    manifest: last?.name === MANIFEST_ENTRY ? manifestSchema.parse(json()) : null,
    failure: last?.name === FAILURE_ENTRY ? failureSchema.parse(json()) : null,
  };
}
