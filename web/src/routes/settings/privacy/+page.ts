import { memberOnly } from '$lib/account/guest-only.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => ({ me: await memberOnly(event) });
