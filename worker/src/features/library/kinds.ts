export const LIKE_KINDS = ['track', 'release', 'artist', 'playlist'] as const;
export const FOLLOW_KINDS = ['artist', 'person'] as const;
export const MARK_KINDS = ['track', 'release', 'artist', 'playlist', 'person'] as const;
