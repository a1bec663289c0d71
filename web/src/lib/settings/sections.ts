/** The pages of the settings; `/settings` itself is everyone's, the others are about one's account. */
export const SECTIONS = [
  { href: '/settings', label: 'General', isOwn: false },
  { href: '/settings/profile', label: 'Profile', isOwn: true },
  { href: '/settings/security', label: 'Security', isOwn: true },
  { href: '/settings/sessions', label: 'Sessions', isOwn: true },
  { href: '/settings/api-keys', label: 'API keys', isOwn: true },
  { href: '/settings/connections', label: 'Connections', isOwn: true },
  { href: '/settings/privacy', label: 'Privacy', isOwn: true },
  { href: '/settings/data', label: 'Data', isOwn: true },
] as const;
