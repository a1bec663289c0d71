import type { Principal, PrincipalResolver } from './auth/principal.ts';
import type { Env } from './env.ts';
import type { Consulted, Limits } from './limits/limits.ts';

/** Hono's environment for every route: the bindings, and what the outer middleware puts in place. */
export interface AppContext {
  Bindings: Env;
  Variables: {
    requestId: string;
    principal: Principal | null;
    resolvePrincipal: PrincipalResolver;
    /** What the log names instead of the route's pattern, where that says too little. */
    routePattern?: string;
    limits: Limits;
    consulted: Consulted[];
  };
}
