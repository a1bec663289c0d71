import { logError } from '../../platform/log.ts';
import type { AuthParts } from './auth-parts.ts';
import type { RefreshRow } from './oauth-store.ts';
import { localeOf, occasionOf } from './people.ts';

/** Longer names of apps are cut in mail. */
const APP_NAME_LENGTH = 80;

/** Tells the owner that an app's used-up refresh token came back, for which the app was signed out. */
export async function tellOfReuse(
  { store, oauth, sendMail }: Pick<AuthParts, 'store' | 'oauth' | 'sendMail'>,
  { userId, clientId }: RefreshRow,
  request: Request,
): Promise<void> {
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
