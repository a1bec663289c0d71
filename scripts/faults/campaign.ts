import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stateOf, type Uploaded, upload } from './api.ts';
import { judge } from './judge.ts';
import { manifestFrom } from './manifest.ts';
import { spreadMoments } from './moments.ts';
import { MortalPlatform } from './mortal-platform.ts';
import { MortalTranscoders } from './mortal-transcoder.ts';
import { makeRecording } from './recording.ts';
import { type Moment, Tap } from './tap.ts';

/** Five faults are forgiven, and the sixth gives the track up, which is another test; one is left to spare. */
const KILLS_A_TRACK = 4;
const MINUTE_MS = 60_000;
const PATIENCE_MS = 2 * MINUTE_MS;

export type Victim = 'transcoder' | 'platform';

/** How often to kill what, and how long the recording is. */
export interface Plan {
  kills: Record<Victim, number>;
  recordingSeconds: number;
}

/** What a campaign did and found. */
export interface Report {
  kills: Record<Victim, { struck: number; missed: number; tracks: number; seconds: number }>;
  answerBytes: number;
  wrong: string[];
}

/** Runs a plan on a platform, a transcoder and data of its own, all of which are gone afterwards. */
export async function runCampaign(
  plan: Plan,
  onStrike: (text: string) => void = () => undefined,
): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'melro-faults-'));
  const campaign = new Campaign(folder, plan, onStrike);
  try {
    return await campaign.run();
  } finally {
    await campaign.end();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Campaign {
  readonly #plan: Plan;
  readonly #onStrike: (text: string) => void;
  readonly #workDir: string;
  readonly #tmpDir: string;
  readonly #tap = new Tap();
  readonly #transcoder: MortalTranscoders;
  readonly #recording: Buffer;
  readonly #dataDir: string;
  #platform: MortalPlatform | null = null;

  constructor(folder: string, plan: Plan, onStrike: (text: string) => void) {
    this.#plan = plan;
    this.#onStrike = onStrike;
    this.#workDir = join(folder, 'work');
    this.#tmpDir = join(folder, 'tmp');
    this.#dataDir = join(folder, 'data');
    this.#transcoder = new MortalTranscoders(this.#workDir);
    this.#recording = makeRecording(plan.recordingSeconds);
  }

  get #running(): MortalPlatform {
    if (this.#platform === null) throw new Error('the platform does not run');
    return this.#platform;
  }

  async run(): Promise<Report> {
    await mkdir(this.#tmpDir);
    await this.#tap.listen();
    this.#tap.upstreamPort = this.#transcoder.start();
    const { objects } = await manifestFrom(
      `http://127.0.0.1:${await this.#tap.upstreamPort}`,
      this.#recording,
    );
    this.#platform = new MortalPlatform(this.#dataDir, this.#tmpDir, this.#tap.url);
    await this.#platform.start();

    this.#tap.arm(null);
    const reference = await upload(this.#running.url, this.#recording);
    await this.#settled(reference, 'ready');
    const conversation = { ...this.#tap.passed };

    const uploaded: Uploaded[] = [];
    const kills = {} as Report['kills'];
    for (const victim of ['transcoder', 'platform'] as const) {
      const startedMs = Date.now();
      const moments = spreadMoments(this.#plan.kills[victim], conversation);
      const before = uploaded.length;
      let struck = 0;
      for (let next = 0; next < moments.length; next += KILLS_A_TRACK) {
        struck += await this.#torment(victim, moments.slice(next, next + KILLS_A_TRACK), uploaded);
      }
      kills[victim] = {
        struck,
        missed: moments.length - struck,
        tracks: uploaded.length - before,
        seconds: (Date.now() - startedMs) / 1000,
      };
    }
    // Late enough for every attempt that was not published to be an orphan.
    await this.#running.sweep(30 * MINUTE_MS);
    await this.#running.sweep(60 * MINUTE_MS);
    const wrong = judge(await this.#running.snapshot(), reference, uploaded, objects, this.#recording);
    await this.#transcoder.stop();
    const left = (await readdir(this.#workDir, { recursive: true })).filter((name) =>
      /job-[^/]*$/.test(name),
    );
    if (left.length > 0) wrong.push(`the transcoders left ${left} behind`);
    return { kills, answerBytes: conversation.answer, wrong };
  }

  async end(): Promise<void> {
    await this.#platform?.stop();
    this.#platform?.kill();
    await this.#transcoder.stop();
    this.#tap.close();
  }

  /** Uploads recordings and kills the victim at each moment in turn; returns how often that came to pass. */
  async #torment(victim: Victim, moments: Moment[], uploaded: Uploaded[]): Promise<number> {
    let struck = 0;
    let current: Uploaded | null = null;
    for (const moment of moments) {
      const strike = this.#lieInWait(victim, moment);
      if (current === null) {
        current = await upload(this.#running.url, this.#recording);
        uploaded.push(current);
      } else {
        await this.#hurry(victim, current);
      }
      const over = new AbortController();
      const ended = await Promise.race([strike, this.#published(current, over.signal)]);
      over.abort();
      if (ended === 'struck') {
        struck++;
        this.#onStrike(`${victim} at byte ${moment.bytes} of the ${moment.side}`);
        await this.#bringBack(victim, current);
      }
      if ((await stateOf(this.#running.url, current.trackId)) === 'ready') current = null;
    }
    this.#tap.arm(null);
    if (current !== null) {
      await this.#hurry(victim, current);
      await this.#settled(current, 'ready');
    }
    return struck;
  }

  /** Lets the clock run ahead, so that neither leases nor delays are waited for. */
  async #hurry(victim: Victim, { trackId }: Uploaded): Promise<void> {
    // Hints of earlier faults arrive too. A claim that lives must not lapse; after a platform's death none does.
    const isWaiting = victim === 'platform' || (await stateOf(this.#running.url, trackId)) === 'queued';
    if (isWaiting) await this.#running.sweep(10 * MINUTE_MS);
  }

  #lieInWait(victim: Victim, moment: Moment): Promise<'struck'> {
    return new Promise((resolve) => {
      this.#tap.arm(moment, () => {
        if (victim === 'transcoder') {
          this.#transcoder.kill();
          this.#tap.upstreamPort = this.#transcoder.replace();
        } else this.#running.kill();
        resolve('struck');
      });
    });
  }

  async #bringBack(victim: Victim, current: Uploaded): Promise<void> {
    if (victim === 'platform') return this.#running.restart();
    await this.#tap.upstreamPort;
    // The Worker must have noticed, or else the sweep would take a claim from a consumer that is alive.
    await this.#settled(current, 'queued', 'ready');
  }

  async #history(trackId: string): Promise<string> {
    const { transcodes } = await this.#running.snapshot();
    return JSON.stringify(transcodes.find((transcode) => transcode.trackId === trackId));
  }

  /** Resolves if the track is published before the blow falls. */
  async #published({ trackId }: Uploaded, signal: AbortSignal): Promise<'missed'> {
    while (!signal.aborted) {
      const state = await stateOf(this.#running.url, trackId).catch(() => 'unknown');
      if (state === 'ready') return 'missed';
      await sleep(40);
    }
    return new Promise(() => undefined);
  }

  async #settled({ trackId }: Uploaded, ...states: string[]): Promise<void> {
    const untilMs = Date.now() + PATIENCE_MS;
    for (;;) {
      const state = await stateOf(this.#running.url, trackId);
      if (states.includes(state)) return;
      if (state === 'failed' || Date.now() > untilMs)
        throw new Error(`${trackId} is ${state} instead of ${states}: ${await this.#history(trackId)}`);
      await sleep(40);
    }
  }
}
