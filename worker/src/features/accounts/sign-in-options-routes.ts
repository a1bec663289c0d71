import { z } from '@hono/zod-openapi';
import type { Env } from '../../platform/env.ts';
import { defineRoute, featureApp, jsonBody } from '../../platform/route.ts';
import type { AccountStore } from './store.ts';

const optionsSchema = z
  .object({
    providers: z.array(z.object({ id: z.string(), name: z.string() })),
    hasPasskeys: z.boolean(),
    isSignUpOpen: z.boolean(),
    /** Whether nobody has an account yet: the first one runs the installation. */
    isNew: z.boolean(),
    turnstileSiteKey: z.string().nullable(),
  })
  .openapi('SignInOptions');

/** What the route needs. */
export interface SignInOptionsDeps {
  store: AccountStore;
  signInOptions: Omit<z.infer<typeof optionsSchema>, 'isNew'>;
}

const optionsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/auth-options',
  summary: 'How people may sign in and up here',
  tags: ['Account'],
  auth: 'public',
  errors: [],
  responses: { 200: jsonBody(optionsSchema, 'What this installation is set up for') },
});

/** Returns the route that pages ask before they show a form. */
export function signInOptionsApp(deps: (env: Env) => SignInOptionsDeps) {
  return featureApp().openapi(optionsRoute, async (c) => {
    const { store, signInOptions } = deps(c.env);
    const isNew = !(await store.hasAccounts());
    return c.json({ ...signInOptions, isSignUpOpen: signInOptions.isSignUpOpen || isNew, isNew }, 200);
  });
}
