/** Pages of the web app that mails lead to, and nowhere else. A page of each must exist in web/src/routes. */
export const MAIL_PATHS = {
  home: '/',
  /** Takes `?token=`; confirms a first address as well as a changed one. */
  verifyEmail: '/verify-email',
  /** Takes `?token=`. */
  resetPassword: '/reset-password',
  forgotPassword: '/forgot-password',
  signIn: '/sign-in',
  security: '/settings/security',
  sessions: '/settings/sessions',
  /** Takes `?token=`; where an export of one's data waits for its owner to be signed in. */
  data: '/settings/data',
  /** Takes `?token=`. */
  cancelDeletion: '/cancel-deletion',
} as const;

/** Returns the absolute addresses of those pages on `origin`. */
export function linksOn(origin: string) {
  const plain = (path: string) => new URL(path, origin).href;
  const withToken = (path: string, token: string) => {
    const url = new URL(path, origin);
    url.searchParams.set('token', token);
    return url.href;
  };
  return {
    home: () => plain(MAIL_PATHS.home),
    verifyEmail: (token: string) => withToken(MAIL_PATHS.verifyEmail, token),
    resetPassword: (token: string) => withToken(MAIL_PATHS.resetPassword, token),
    forgotPassword: () => plain(MAIL_PATHS.forgotPassword),
    signIn: () => plain(MAIL_PATHS.signIn),
    security: () => plain(MAIL_PATHS.security),
    sessions: () => plain(MAIL_PATHS.sessions),
    data: (token: string) => withToken(MAIL_PATHS.data, token),
    cancelDeletion: (token: string) => withToken(MAIL_PATHS.cancelDeletion, token),
  };
}

export type Links = ReturnType<typeof linksOn>;
