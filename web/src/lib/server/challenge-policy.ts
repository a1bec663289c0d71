const CHALLENGE_ORIGIN = 'https://challenges.cloudflare.com';
/** A setting of the installation: it changes with a deployment, which starts everything anew. */
const KNOWN_FOR_MS = 600_000;

/** Whether this installation asks people to show that they are people, as the API said when it was last asked. */
export class ChallengeUse {
  #known: { isOn: boolean; untilMs: number } | null = null;

  /** Never throws: a page without the challenge is better than none. */
  async isOn(askApi: (path: string) => Promise<Response>): Promise<boolean> {
    if (this.#known !== null && Date.now() < this.#known.untilMs) return this.#known.isOn;
    try {
      const answer = await askApi('/api/v1/auth-options');
      if (!answer.ok) return false;
      const { turnstileSiteKey } = (await answer.json()) as { turnstileSiteKey: string | null };
      this.#known = { isOn: turnstileSiteKey !== null, untilMs: Date.now() + KNOWN_FOR_MS };
      return this.#known.isOn;
    } catch {
      return false;
    }
  }
}

/** Lets a page load and frame Cloudflare's challenge. */
export function allowChallenge(headers: Headers): void {
  const policy = headers.get('content-security-policy');
  if (policy === null) return;
  const scripts = policy.replace(/script-src /, `script-src ${CHALLENGE_ORIGIN} `);
  headers.set('content-security-policy', `${scripts}; frame-src 'self' ${CHALLENGE_ORIGIN}`);
}
