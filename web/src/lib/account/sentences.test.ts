import { expect, it } from 'vitest';
import { errorFromBody } from '$lib/api/api-error.ts';
import { sentencesByField } from './sentences.ts';

const FIELDS = ['name', 'handle', 'email', 'password'];

function problem(status: number, body: Record<string, unknown>) {
  return errorFromBody(status, JSON.stringify(body));
}

it('says at the field what is wrong with it', () => {
  const taken = problem(409, {
    code: 'handle_taken',
    detail: 'This handle is taken.',
    authCode: 'HANDLE_TAKEN',
  });
  expect(sentencesByField(taken, FIELDS)).toEqual({ handle: 'This handle is taken.' });
  const issues = [{ path: 'name', message: 'must not hold control characters' }];
  const invalid = problem(400, { code: 'validation_failed', detail: 'name: must not', issues });
  expect(sentencesByField(invalid, FIELDS)).toEqual({ name: 'Must not hold control characters.' });
  const named = problem(400, { code: 'validation_failed', detail: 'email: Invalid email address' });
  expect(sentencesByField(named, FIELDS)).toEqual({ email: 'Invalid email address.' });
});

it('says at the form what is wrong with none of its fields', () => {
  const wrong = problem(401, {
    code: 'invalid_credentials',
    detail: 'Invalid email or password',
    authCode: 'INVALID_EMAIL_OR_PASSWORD',
  });
  expect(sentencesByField(wrong, FIELDS)).toEqual({ '': 'The email address or the password is wrong.' });
});

it('blames a field only where the form has it', () => {
  const weak = problem(422, { code: 'password_too_weak', detail: 'Choose another.' });
  expect(sentencesByField(weak, ['newPassword', 'currentPassword'])).toEqual({
    newPassword: 'Choose another.',
  });
  expect(sentencesByField(weak, ['name'])).toEqual({ '': 'Choose another.' });
});
