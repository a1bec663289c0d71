import { Relations } from './relations.svelte.ts';
import { relationsServer } from './relations-server.ts';

/** The relations of whoever uses this browser. */
export const relations = new Relations(relationsServer());
