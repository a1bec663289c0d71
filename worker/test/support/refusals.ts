import { describe, expect, it } from 'vitest';
import { permissionsOf } from '../../src/platform/auth/permissions.ts';
import { type Api, type Call, ORIGIN, type Problem } from './api.ts';
import type { Operation } from './openapi.ts';
import type { Person } from './people.ts';

/** What the suite needs to know that no document can tell it. */
export interface Fixtures {
  /** An installation where nobody is known without a token. */
  api: Api;
  /** The browser of an admin who is signed in. */
  ambientApi: Api;
  /** For each path parameter a value that names something of Alice's (or, in operators' routes, of anyone's). */
  parameters: Record<string, string>;
  /** Bodies that are right, for operations that check them before whose thing it is. */
  bodies: Record<string, unknown>;
  /** Parameters that are not the name of a thing somebody owns. */
  unowned: string[];
}

/** Asserts the form of RFC 9457 that every error has, and returns the problem. */
export async function expectProblem(response: Response, status: number, code: string): Promise<Problem> {
  const problem = (await response.json()) as Problem;
  expect({ status: response.status, code: problem.code, detail: problem.detail }).toMatchObject({
    status,
    code,
  });
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(problem).toMatchObject({ status, type: `https://melro.dev/problems/${code.replaceAll('_', '-')}` });
  expect(problem.title.length).toBeGreaterThan(5);
  expect(problem.detail.length).toBeGreaterThan(5);
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
  return problem;
}

/** Every operation must refuse these, whatever it does; a new one cannot be forgotten, for none is named here. */
export function describeRefusals(operation: Operation, fixtures: Fixtures): void {
  const { method, auth } = operation;
  const { api, ambientApi, parameters, unowned, bodies } = fixtures;
  const permission = auth === 'public' || auth === 'principal' || auth === 'session' ? null : auth;
  // Things of operators belong to nobody; the others belong to one uploader and are hidden from the next.
  const mayUploader = permission === null || permissionsOf('artist').includes(permission);
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`the refusal suite does not know how to make a {${name}}`);
    return value;
  });
  // Tokens have no session: where one is needed it is the browser that gets past the guard.
  const isSessionOnly = auth === 'session';
  const known = isSessionOnly ? ambientApi : api;
  const as = (person: Person): Call => (isSessionOnly ? {} : { as: person });
  const call = (extra: Call): Call => ({ method, ...(operation.takesJson ? { json: {} } : {}), ...extra });

  describe(`${method} ${operation.path}`, () => {
    it('refuses a method that it does not have', async () => {
      const unused = ['PATCH', 'PUT', 'DELETE'].find((name) => !operation.methods.includes(name)) ?? 'TRACE';
      await expectProblem(await api(path, { method: unused, as: 'olga' }), 404, 'not_found');
    });

    if (auth !== 'public') {
      it('refuses who shows no credentials, and says how to show them', async () => {
        const response = await api(path, call({}));
        await expectProblem(response, 401, 'unauthenticated');
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /);
      });

      it('refuses a token that nobody was given, also where the browser is signed in', async () => {
        const headers = { authorization: 'Bearer nobody-was-given-this-token' };
        await expectProblem(await api(path, call({ headers })), 401, 'unauthenticated');
        await expectProblem(await ambientApi(path, call({ headers })), 401, 'unauthenticated');
      });

      if (method !== 'GET') {
        it('refuses another site that borrows an identity the browser sends by itself', async () => {
          for (const origin of ['https://elsewhere.example', 'null', `${ORIGIN}:8080`]) {
            const response = await ambientApi(path, call({ headers: { origin } }));
            await expectProblem(response, 403, 'cross_origin_refused');
          }
          for (const site of ['cross-site', 'same-site']) {
            const response = await ambientApi(path, call({ headers: { 'sec-fetch-site': site } }));
            await expectProblem(response, 403, 'cross_origin_refused');
          }
        });
      }
    }

    if (isSessionOnly) {
      it('refuses tokens, whoever they speak for', async () => {
        await expectProblem(await api(path, call({ as: 'olga' })), 403, 'session_required');
      });
    }

    if (permission !== null && !permissionsOf('listener').includes(permission)) {
      it('refuses who is known but lacks the permission', async () => {
        await expectProblem(await api(path, call({ as: 'lena' })), 403, 'forbidden');
        if (!mayUploader) await expectProblem(await api(path, call({ as: 'alice' })), 403, 'forbidden');
      });
    }

    // The media gateway knows no people: a token says what it opens, and has tests of its own.
    const isAboutAThing = names.some((name) => !unowned.includes(name)) && !names.includes('token');

    if (mayUploader && isAboutAThing) {
      it('hides from others that the thing exists', async () => {
        const length = { 'content-length': '1' };
        const response = await known(
          path,
          call({
            ...as('bob'),
            ...(operation.takesJson
              ? { json: bodies[`${method} ${operation.path}`] ?? {} }
              : method === 'PUT'
                ? { body: 'x', headers: length }
                : {}),
          }),
        );
        await expectProblem(response, 404, 'not_found');
      });
    }

    if (operation.takesJson) {
      const json = { 'content-type': 'application/json' };

      it('refuses a body that is not JSON', async () => {
        for (const body of ['{', '{"a":1}x', 'null}']) {
          await expectProblem(
            await known(path, { method, ...as('olga'), body, headers: json }),
            400,
            'malformed_json',
          );
        }
      });

      it('refuses JSON of another shape and names what is wrong', async () => {
        for (const body of ['[]', 'null', '"text"', '{}', '{"trackId":{},"fileName":7}']) {
          const response = await known(path, { method, ...as('olga'), body, headers: json });
          const problem = await expectProblem(response, 400, 'validation_failed');
          expect(problem.issues?.length).toBeGreaterThan(0);
        }
      });
    }

    if (method !== 'GET' && method !== 'PUT') {
      it('refuses a body of another type, such as a form can send from any site', async () => {
        for (const type of [
          'text/plain',
          'application/x-www-form-urlencoded',
          'multipart/form-data; boundary=b',
          'application/jsonp',
        ]) {
          const response = await known(path, {
            method,
            ...as('olga'),
            body: '{}',
            headers: { 'content-type': type },
          });
          await expectProblem(response, 415, 'unsupported_media_type');
        }
      });
    }

    if (mayUploader && isAboutAThing) {
      it('refuses an id that is none', async () => {
        const misnamed = operation.path.replace(/\{(\w+)\}/g, 'neither%20id%20nor%20slug');
        const response = await known(misnamed, { method, ...as('alice') });
        await expectProblem(response, 400, 'validation_failed');
      });
    }
  });
}
