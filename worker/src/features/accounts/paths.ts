/** The address under which better-auth answers. */
export const AUTH_PATH = '/api/auth';
