const DAY_MS = 86_400_000;

/** Of a file with a playlist, which is held in memory. */
export const MAX_FILE_BYTES = 1024 ** 2;

export const MAX_ENTRIES = 10_000;
/** Entries that one call adds, removes, moves or brings back. */
export const MAX_AT_ONCE = 100;
export const MAX_PLAYLISTS = 1000;
export const MAX_FOLDERS = 100;
export const MAX_MEMBERS = 50;
export const MAX_INVITATIONS = 20;
export const INVITATION_MS = 7 * DAY_MS;
/** So long can a playlist or an entry that was thrown away be brought back. */
export const UNDO_MS = 30 * DAY_MS;
/** Playlists that one sweep deletes for good. */
export const PLAYLISTS_SWEPT = 50;
/** Entries from which the covers of a playlist are chosen. */
export const COVER_CANDIDATES = 24;
export const COVERS = 4;
