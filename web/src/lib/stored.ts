import { browser } from '$app/environment';

/** Returns what was stored under `key` if `isValid` accepts it, else `fallback`. Never throws. */
export function readStored<T>(key: string, isValid: (value: unknown) => value is T, fallback: T): T {
  if (!browser) return fallback;
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return isValid(value) ? value : fallback;
  } catch {
    // Storage may be closed by the browser's settings, or hold what another version wrote.
    return fallback;
  }
}

/** Stores `value` under `key` for later visits; null removes it. Never throws. */
export function writeStored(key: string, value: unknown): void {
  if (!browser) return;
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Closed or full storage: the choice holds for this visit only.
  }
}
