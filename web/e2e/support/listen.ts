import type { Page } from 'playwright-core';

/** Returns where the player is, in seconds. */
export function currentSeconds(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelector('audio')?.currentTime ?? -1);
}

/** Returns the loudness (RMS, 0 to 1) of what the page decodes during about half a second. */
export function heardRms(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const audio = document.querySelector('audio') as
      | (HTMLAudioElement & { captureStream(): MediaStream })
      | null;
    if (audio === null) return 0;
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(audio.captureStream()).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      analyser.getFloatTimeDomainData(samples);
      loudest = Math.max(loudest, Math.hypot(...samples) / Math.sqrt(samples.length));
    }
    await context.close();
    return loudest;
  });
}
