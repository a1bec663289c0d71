import { errorFromBody } from '$lib/api/api-error.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import type { OpenApiDocument } from '$lib/developers/openapi.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch }) => {
  async function read(): Promise<OpenApiDocument> {
    const response = await fetch('/api/openapi.json');
    if (!response.ok) throw errorFromBody(response.status, await response.text());
    return (await response.json()) as OpenApiDocument;
  }
  return { reference: await attempt(read()) };
};
