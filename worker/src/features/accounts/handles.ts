/** Three to thirty letters, digits and underscores; neither the first nor the last is an underscore. */
const HANDLE = /^[a-z0-9][a-z0-9_]{1,28}[a-z0-9]$/;

/** Names that people would take for the installation's own, and words that addresses may need one day. */
const RESERVED = new Set(
  `about abuse account accounts admin administrator album albums all anonymous api app apps artist artists assets
  audit auth billing blog bot callback cdn chat contact contacts copyright css dashboard demo deleted dev developer
  developers discover docs download edit everyone explore faq feed feedback feeds forgot_password genre genres guest
  health help home hostmaster images import info invite jobs js legal library licence license listen live local login
  logout mail mailer_daemon manage me media melro messages mod moderation moderator moderators music new news no_reply
  nobody noreply notifications null oauth official operator owner password payments playlist playlists podcast
  podcasts policy postmaster press privacy profile public queue radio register release releases rest root rss sales
  search security self service session sessions settings setup share shop sign_in sign_out sign_up signin signout
  signup staff static stats status store stream studio subscribe support sysadmin system team terms test track tracks
  trust undefined upload uploads user username users verify verify_email web webhook webhooks webmaster welcome www you`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Returns the handle as it is kept and compared: in lower case, without the spaces around it. */
export function normalizeHandle(text: string): string {
  return text.trim().toLowerCase();
}

/** Whoever has one of these in their name, between underscores or beside our own, would be taken for us. */
const OURS = new Set(['melro', 'admin', 'administrator', 'moderator', 'support', 'sysadmin']);

const LOOKALIKES = { '0': 'o', '3': 'e', '4': 'a', '5': 's', '7': 't', rn: 'm', vv: 'w' } as const;

/** Returns a word as people read it at a glance: `adm1n` is admin. A one may stand for two letters. */
function readings(word: string): string[] {
  const plain = word.replace(/[03457]|rn|vv/g, (found) => LOOKALIKES[found as keyof typeof LOOKALIKES]);
  return [word, plain, plain.replaceAll('1', 'i'), plain.replaceAll('1', 'l')];
}

function isReserved(handle: string): boolean {
  const words = [handle, handle.replaceAll('_', '')].flatMap(readings);
  const besideOurName = words.flatMap((word) => [word.replace(/^melro/, ''), word.replace(/melro$/, '')]);
  if ([...words, ...besideOurName].some((word) => RESERVED.has(word) || word === '')) return true;
  return handle.split('_').some((part) => readings(part).some((word) => OURS.has(word)));
}

/** Returns what is wrong with a normalized handle in a sentence for its owner, or null. */
export function handleProblem(handle: string): string | null {
  if (!HANDLE.test(handle)) {
    return 'A handle has 3 to 30 letters a–z, digits and underscores, and neither begins nor ends with an underscore.';
  }
  if (handle.includes('__')) return 'A handle has no two underscores in a row.';
  if (isReserved(handle)) return 'This handle is reserved.';
  return null;
}

const MAX_DERIVED = 24;

/**
 * Returns a handle made of the first of `texts` that one can be made of, or a neutral one. Nobody may have it yet:
 * see `AccountStore.freeHandle`.
 */
export function handleFrom(texts: readonly unknown[]): string {
  for (const text of texts) {
    if (typeof text !== 'string') continue;
    const handle = text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .slice(0, MAX_DERIVED)
      .replace(/^_+|_+$/g, '');
    if (handleProblem(handle) === null) return handle;
  }
  return 'blackbird';
}
