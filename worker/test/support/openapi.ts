import type { AuthRule } from '../../src/platform/auth/guard.ts';
import { api, read } from './api.ts';

/** One documented operation, as far as tests look at it. */
export interface Operation {
  method: string;
  path: string;
  auth: AuthRule;
  takesJson: boolean;
  responses: Record<string, { content?: Record<string, unknown> }>;
  isSecured: boolean;
  /** Every method that the path has. */
  methods: string[];
}

interface Document {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      {
        'x-auth'?: Operation['auth'];
        summary?: string;
        security?: unknown[];
        requestBody?: { content?: Record<string, unknown> };
        responses: Operation['responses'];
      }
    >
  >;
}

export async function openApiDocument(): Promise<Document> {
  return read<Document>(await api('/api/openapi.json'));
}

/** Returns every operation of the API. Throws when one does not say who may call it. */
export async function operations(): Promise<Operation[]> {
  const { paths } = await openApiDocument();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const auth = described['x-auth'];
      if (auth === undefined) throw new Error(`${method} ${path} does not say who may call it`);
      return {
        method: method.toUpperCase(),
        path,
        auth,
        takesJson: described.requestBody?.content?.['application/json'] !== undefined,
        responses: described.responses,
        methods: Object.keys(methods).map((name) => name.toUpperCase()),
        isSecured: (described.security ?? []).length > 0,
      };
    }),
  );
}
