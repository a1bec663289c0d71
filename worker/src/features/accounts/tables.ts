export * from './core-tables.ts';
export * from './factor-tables.ts';
export * from './oauth-tables.ts';
