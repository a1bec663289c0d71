import '../platform/offline.ts';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { startPlatform } from '../platform/platform.ts';
import { newAuthSecrets, newMediaKeys } from '../start/data-folder.ts';

/** The document as the API answers it, from a Worker that has nothing and nobody. */
async function openApiDocument(): Promise<string> {
  const platform = await startPlatform({
    dataDir: null,
    port: 0,
    transcoderUrl: 'http://127.0.0.1:9',
    mediaKeys: newMediaKeys(),
    authSecrets: newAuthSecrets(),
    logLevel: 'silent',
  });
  try {
    return await (await fetch(new URL('/api/openapi.json', platform.url))).text();
  } finally {
    await platform.stop();
  }
}

const config = await createConfig({
  extends: ['recommended'],
  rules: {
    // Readiness, the media gateway and the reference answer others than clients of the API.
    'operation-4xx-response': 'off',
    // Where an installation is reached is its own affair: addresses are relative to where the document is.
    'no-empty-servers': 'off',
    'no-server-example.com': 'off',
    // Method and path name an operation here, as in the typed client.
    'operation-operationId': 'off',
  },
});
const problems = await lintFromString({
  source: await openApiDocument(),
  absoluteRef: '/openapi.json',
  config,
});
for (const { ruleId, message, location, severity } of problems) {
  const [{ pointer = '' } = {}] = location as { pointer?: string }[];
  console.error(`${severity} ${ruleId}: ${message} at ${decodeURIComponent(pointer)}`);
}
if (problems.length > 0) process.exitCode = 1;
