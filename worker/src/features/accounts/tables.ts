export * from './api-key-tables.ts';
export * from './core-tables.ts';
export * from './factor-tables.ts';
export * from './oauth-tables.ts';
