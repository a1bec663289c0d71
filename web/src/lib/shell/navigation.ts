import House from '@lucide/svelte/icons/house';
import LibraryBig from '@lucide/svelte/icons/library-big';
import Mic from '@lucide/svelte/icons/mic-vocal';
import Settings from '@lucide/svelte/icons/settings';

/** The places that sidebar and tabs lead to. */
export const PLACES = [
  { href: '/', label: 'Home', icon: House },
  { href: '/library', label: 'Library', icon: LibraryBig },
  { href: '/studio', label: 'Studio', icon: Mic },
  { href: '/settings', label: 'Settings', icon: Settings },
] as const;

/** Returns what `aria-current` says of a place while the page at `path` is shown: the page itself, or one within. */
export function currentAt(href: string, path: string): 'page' | 'true' | undefined {
  if (path === href) return 'page';
  return href !== '/' && path.startsWith(`${href}/`) ? 'true' : undefined;
}
