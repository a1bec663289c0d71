import House from '@lucide/svelte/icons/house';
import Settings from '@lucide/svelte/icons/settings';
import Upload from '@lucide/svelte/icons/upload';

/** The places that sidebar and tabs lead to. */
export const PLACES = [
  { href: '/', label: 'Home', icon: House },
  { href: '/upload', label: 'Upload', icon: Upload },
  { href: '/settings', label: 'Settings', icon: Settings },
] as const;
