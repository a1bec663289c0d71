import { guestOnly } from '$lib/account/guest-only.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async (event) => ({
  next: await guestOnly(event),
  methods: (event.url.searchParams.get('methods') ?? 'totp recovery-code').split(' '),
});
