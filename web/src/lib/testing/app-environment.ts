/** What `$app/environment` says in unit tests: the rules are tried as the browser runs them. */
export const browser = true;
export const dev = false;
