import { accountClient, jsonOf } from '$lib/api/client.ts';

const PAGE_SIZE = '20';

/** Returns events of one's own account, newest first, those behind `cursor`. Throws ApiError. */
export function loadOwnEvents(fetchFn: typeof fetch, cursor: string | null) {
  const query = { limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) };
  return jsonOf(accountClient(fetchFn).api.v1.me['security-events'].$get({ query }));
}

/** Returns events of everyone, or of whoever has a handle. Throws ApiError. */
export function loadAllEvents(fetchFn: typeof fetch, handle: string | null, cursor: string | null) {
  const query = {
    limit: PAGE_SIZE,
    ...(handle === null ? {} : { handle }),
    ...(cursor === null ? {} : { cursor }),
  };
  return jsonOf(accountClient(fetchFn).api.v1['security-events'].$get({ query }));
}

/** What a check of the whole chain of events found. */
export interface ChainState {
  checked: number;
  /** The number of the first event that does not fit; null where all do. */
  brokenAt: number | null;
}

/** Has every event of the chain checked, a thousand at a time. Throws ApiError. */
export async function checkChain(fetchFn: typeof fetch): Promise<ChainState> {
  const { verify } = accountClient(fetchFn).api.v1['security-events'];
  const stretch = (after: number) => jsonOf(verify.$get({ query: { after: String(after) } }));
  let checked = 0;
  for (let after: number | null = 0; after !== null; ) {
    const found: Awaited<ReturnType<typeof stretch>> = await stretch(after);
    checked += found.checked;
    if (!found.isIntact) return { checked, brokenAt: found.brokenAt };
    after = found.nextAfter;
  }
  return { checked, brokenAt: null };
}
