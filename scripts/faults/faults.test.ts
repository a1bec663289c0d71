import { describe, expect, it } from 'vitest';
import { runCampaign } from './campaign.ts';
import { spreadMoments } from './moments.ts';

describe('processes that are killed with SIGKILL while a track is made', () => {
  it('leave exactly one whole published version, the original and nothing else', async () => {
    const report = await runCampaign({ kills: { transcoder: 20, platform: 5 }, recordingSeconds: 12 });
    expect(report.wrong).toEqual([]);
    // The last moment is the last byte: there the track may be published before the blow falls.
    expect(report.kills.transcoder.struck).toBeGreaterThanOrEqual(19);
    expect(report.kills.platform.struck).toBeGreaterThanOrEqual(4);
  }, 300_000);
});

describe('the moments of a campaign', () => {
  it('cover the whole conversation, each once', () => {
    const moments = spreadMoments(20, { original: 3_500_000, answer: 2_000_000 });
    expect(moments).toHaveLength(20);
    expect(new Set(moments.map(({ side, bytes }) => `${side} ${bytes}`)).size).toBe(20);
    const answer = moments.filter(({ side }) => side === 'answer').map(({ bytes }) => bytes);
    expect(Math.min(...answer)).toBe(1);
    expect(Math.max(...answer)).toBe(2_000_000);
    expect(moments.filter(({ side }) => side === 'original').length).toBeGreaterThan(0);
  });
});
