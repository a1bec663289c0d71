import { createContext } from 'svelte';
import type { PlayerState } from './player-state.svelte.ts';

/** The one player of the page; the root layout sets it. */
export const [getPlayer, setPlayer] = createContext<PlayerState>();
