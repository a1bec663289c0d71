import { logError } from '../../../platform/log.ts';
import type { AuthParts } from '../auth-parts.ts';
import { localeOf, occasionOf } from '../people.ts';
import type { RefreshRow } from './oauth-store.ts';

/** Longer names of apps are cut in mail. */
const APP_NAME_LENGTH = 80;

/** Notes, and tells the owner, that an app's used-up refresh token came back, for which the app was signed out. */
export async function tellOfReuse(
  { store, oauth, sendMail, record }: Pick<AuthParts, 'store' | 'oauth' | 'sendMail' | 'record'>,
  { userId, clientId }: RefreshRow,
  request: Request,
): Promise<void> {
  // Who showed it is not known: it may be a thief.
  await record({
    event: 'refresh_token_reused',
    actorId: null,
    subjectId: userId,
    details: { clientId },
    request,
  });
  try {
    const [user, app] = await Promise.all([store.findUser(userId), oauth.findClientName(clientId)]);
    if (user === null) return;
    const data = {
      name: user.name,
      app: (app ?? clientId).slice(0, APP_NAME_LENGTH),
      ...occasionOf(request),
    };
    await sendMail({ to: user.email, locale: localeOf(user), template: 'refresh_reuse', data });
  } catch (error) {
    // The app is out whether its owner hears of it or not.
    logError('accounts', error, { message: 'refresh reuse could not be told' });
  }
}
