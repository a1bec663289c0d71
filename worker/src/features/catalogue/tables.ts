export * from './artists/artist-tables.ts';
export * from './releases/release-tables.ts';
export * from './tracks/track-tables.ts';
