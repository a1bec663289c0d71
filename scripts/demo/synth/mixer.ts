import {
  add,
  at,
  BLOCK_FRAMES,
  createStereo,
  decibels,
  panGains,
  SAMPLE_RATE,
  type Stereo,
} from './audio.ts';

/** A sounding note: adds itself to frames start…end of a block and says whether it has more to give. */
export type Voice = { render(block: Stereo, start: number, end: number): boolean };

/** Changes a block in place; `firstFrame` is the block's position in the piece, for automation. */
export type Effect = { process(block: Stereo, frames: number, firstFrame: number): void };

export type ChannelOptions = {
  gainDb?: number;
  pan?: number;
  effects?: readonly Effect[];
  /** Levels in decibels at which the channel also feeds returns, after its own gain. */
  sends?: readonly { to: Channel; gainDb: number }[];
};

/** Effects run on for this long after the last note: longer than any reverb here. */
const TAIL_FRAMES = 14 * SAMPLE_RATE;

type Cue = { frame: number; start: () => Voice };

/** One strip of the mixing desk: the voices scheduled on it, its effects, its sends. */
export class Channel {
  readonly name: string;
  readonly input: Stereo = createStereo(BLOCK_FRAMES);
  readonly effects: readonly Effect[];
  readonly sends: readonly { to: Channel; gain: number }[];
  readonly gainLeft: number;
  readonly gainRight: number;
  private readonly cues: Cue[] = [];
  private nextCue = 0;
  private sounding: Voice[] = [];
  private restFrames = 0;

  constructor(name: string, options: ChannelOptions) {
    this.name = name;
    const gain = decibels(options.gainDb ?? 0);
    const pan = panGains(options.pan ?? 0);
    this.gainLeft = gain * pan.left;
    this.gainRight = gain * pan.right;
    this.effects = options.effects ?? [];
    this.sends = (options.sends ?? []).map(({ to, gainDb }) => ({ to, gain: decibels(gainDb) }));
  }

  /** Schedules a voice; it is only created when its time has come. */
  schedule(frame: number, start: () => Voice): void {
    this.cues.push({ frame: Math.max(0, Math.round(frame)), start });
  }

  /** Puts the cues in order; call once before rendering. */
  prepare(): void {
    this.cues.sort((a, b) => a.frame - b.frame);
  }

  /** Notes that something has come in, so that the effects keep running. */
  wake(): void {
    this.restFrames = TAIL_FRAMES;
  }

  /** Whether nothing has come in for so long that even the longest tail is over; call once a block. */
  isIdle(frames: number): boolean {
    if (this.sounding.length > 0) this.wake();
    this.restFrames -= frames;
    return this.restFrames < 0;
  }

  /** Adds all voices due in this block to the input. */
  play(firstFrame: number, frames: number): void {
    this.sounding = this.sounding.filter((voice) => voice.render(this.input, 0, frames));
    for (;;) {
      const cue = this.cues[this.nextCue];
      if (cue === undefined || cue.frame >= firstFrame + frames) return;
      this.nextCue++;
      this.wake();
      const voice = cue.start();
      if (voice.render(this.input, Math.max(0, cue.frame - firstFrame), frames)) this.sounding.push(voice);
    }
  }
}

/** A mixing desk: channels and returns are summed into one stereo piece, block by block. */
export class Mixer {
  private readonly channels: Channel[] = [];
  private readonly returns: Channel[] = [];

  /** Adds a channel that plays voices. */
  channel(name: string, options: ChannelOptions = {}): Channel {
    const channel = new Channel(name, options);
    this.channels.push(channel);
    return channel;
  }

  /** Adds a return: an effect that channels send to. */
  return(name: string, options: ChannelOptions = {}): Channel {
    const channel = new Channel(name, options);
    this.returns.push(channel);
    return channel;
  }

  /** Renders the whole piece; `only` limits what is heard to one channel, to judge the balance. */
  render(totalFrames: number, only?: string): Stereo {
    const mix = createStereo(totalFrames);
    for (const channel of this.channels) channel.prepare();
    for (let first = 0; first < totalFrames; first += BLOCK_FRAMES) {
      const frames = Math.min(BLOCK_FRAMES, totalFrames - first);
      for (const channel of this.channels) {
        channel.play(first, frames);
        settle(channel, mix, first, frames, only === undefined || only === channel.name);
      }
      for (const channel of this.returns) {
        settle(channel, mix, first, frames, only === undefined || only === channel.name);
      }
    }
    return mix;
  }
}

function settle(channel: Channel, mix: Stereo, first: number, frames: number, heard: boolean): void {
  if (channel.isIdle(frames)) return;
  const { input, gainLeft, gainRight } = channel;
  for (const effect of channel.effects) effect.process(input, frames, first);
  if (heard) accumulate(mix, first, input, frames, gainLeft, gainRight);
  for (const { to, gain } of channel.sends) {
    accumulate(to.input, 0, input, frames, gainLeft * gain, gainRight * gain);
    to.wake();
  }
  input.left.fill(0);
  input.right.fill(0);
}

function accumulate(
  target: Stereo,
  offset: number,
  source: Stereo,
  frames: number,
  gainLeft: number,
  gainRight: number,
): void {
  for (let i = 0; i < frames; i++) add(target.left, offset + i, at(source.left, i) * gainLeft);
  for (let i = 0; i < frames; i++) add(target.right, offset + i, at(source.right, i) * gainRight);
}
