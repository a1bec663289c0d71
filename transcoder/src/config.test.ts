import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('defaults', () => {
  expect(readConfig({})).toMatchObject({ HOST: '127.0.0.1', PORT: 9090, FFMPEG: 'auto' });
  expect(readConfig({}).MAX_JOBS).toBeGreaterThan(0);
});

test('values', () => {
  expect(readConfig({ PORT: '0', MAX_JOBS: '3', FFMPEG: 'embedded', WORK_DIR: '/x' })).toMatchObject({
    PORT: 0,
    MAX_JOBS: 3,
    FFMPEG: 'embedded',
    WORK_DIR: '/x',
  });
});

test.each([
  [{ PORT: '65536' }, 'PORT="65536" must be a whole number from 0 to 65535'],
  [{ PORT: '' }, 'PORT="" must be a whole number from 0 to 65535'],
  [{ MAX_JOBS: '1.5' }, 'MAX_JOBS="1.5" must be a whole number from 1 to 1024'],
  [{ FFMPEG: 'yes' }, 'FFMPEG="yes" must be auto, native or embedded'],
  [{ EXIT_WITH_STDIN: 'yes' }, 'EXIT_WITH_STDIN="yes" must be 0 or 1'],
  [{ HOST: '' }, 'HOST="" must be an address such as 127.0.0.1'],
])('%o', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(message);
});
