/** The closed list of error codes: a client may switch on them, so a code never changes its meaning. */
export const ERRORS = {
  validation_failed: [400, 'The request is not valid'],
  malformed_json: [400, 'The body is not valid JSON'],
  token_invalid: [400, 'The link is not valid or was used'],
  unauthenticated: [401, 'Sign-in is needed'],
  invalid_credentials: [401, 'The sign-in was refused'],
  code_refused: [401, 'The code is wrong, late or was used'],
  passkey_refused: [401, 'The passkey was refused'],
  sign_in_expired: [401, 'The sign-in took too long'],
  forbidden: [403, 'This is not yours to do'],
  cross_origin_refused: [403, 'The request came from another site'],
  email_not_verified: [403, 'The email address is not confirmed'],
  challenge_required: [403, 'Show that you are a person'],
  recent_sign_in_required: [403, 'A recent sign-in is needed'],
  sign_up_closed: [403, 'No new accounts are made here'],
  no_account: [403, 'This needs an account'],
  account_leaving: [403, 'The account is going to be deleted'],
  session_required: [403, 'Only who is signed in may do this'],
  media_token_refused: [403, 'The media address is not valid'],
  not_found: [404, 'There is nothing here'],
  method_not_allowed: [405, 'The method is not allowed here'],
  handle_taken: [409, 'The handle is taken'],
  playlist_is_smart: [409, 'The rules of the playlist choose its tracks'],
  playlist_full: [409, 'The playlist holds no more'],
  duplicate_tracks: [409, 'Some of it is there already'],
  too_many_playlists: [409, 'There are too many playlists'],
  too_many_members: [409, 'There are too many people or links'],
  too_many_keys: [409, 'There are too many keys'],
  export_running: [409, 'A copy is being made already'],
  confirmation_mismatch: [422, 'What was typed does not fit'],
  slug_taken: [409, 'The short name is taken'],
  member_conflict: [409, 'The member cannot be added'],
  last_owner: [409, 'Somebody must stay an owner'],
  release_incomplete: [409, 'Something is missing from the release'],
  release_state: [409, 'The release is in another state'],
  tracks_changed: [409, 'The tracks changed meanwhile'],
  too_many_tracks: [409, 'There are too many tracks'],
  replacement_running: [409, 'A new version is being made already'],
  last_admin: [409, 'Somebody must stay an admin'],
  email_taken: [409, 'The email address has an account'],
  factor_conflict: [409, 'The factor cannot be changed like this'],
  last_credential: [409, 'The last way to sign in must stay'],
  upload_incomplete: [409, 'Parts of the file are missing'],
  upload_closed: [409, 'The upload is closed'],
  upload_parts_changed: [409, 'The parts do not fit together'],
  track_not_playable: [409, 'The track cannot be played yet'],
  revision_conflict: [409, 'It was changed elsewhere since'],
  token_expired: [410, 'The link has expired'],
  deletion_begun: [410, 'The account is being deleted'],
  upload_expired: [410, 'The upload has expired'],
  length_required: [411, 'The length of the body is needed'],
  file_too_large: [413, 'The file is too large'],
  unsupported_media_type: [415, 'The content type is not supported'],
  range_not_satisfiable: [416, 'The range is outside the object'],
  password_too_weak: [422, 'The password is too weak'],
  handle_not_allowed: [422, 'The handle is not allowed'],
  cannot_follow_self: [422, 'Nobody follows themselves'],
  part_size_mismatch: [422, 'The part has the wrong size'],
  size_mismatch: [422, 'The file has the wrong size'],
  checksum_mismatch: [422, 'The file arrived changed'],
  unsupported_format: [422, 'The file is not a supported recording'],
  unsupported_playlist: [422, 'The file is not a playlist'],
  unsupported_picture: [422, 'The picture cannot be used'],
  rate_limited: [429, 'Too many requests'],
  internal_error: [500, 'Something broke on our side'],
  unavailable: [503, 'The service is not ready'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ErrorCode = keyof typeof ERRORS;

/** An error that is answered as RFC 9457 problem+json; `detail` is shown to people and holds no secret. */
export class ProblemError extends Error {
  readonly code: ErrorCode;
  readonly extensions: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    code: ErrorCode,
    detail: string,
    extensions: Record<string, unknown> = {},
    headers: Record<string, string> = {},
    cause?: unknown,
  ) {
    super(detail, { cause });
    this.name = 'ProblemError';
    this.code = code;
    this.extensions = extensions;
    this.headers = headers;
  }
}

/** Returns the problem+json answer (RFC 9457) of an error; anything unexpected becomes `internal_error`. */
export function problemResponse(error: unknown, requestId: string): Response {
  const problem =
    error instanceof ProblemError
      ? error
      : new ProblemError('internal_error', 'The request could not be finished. Please try again.');
  const [status, title] = ERRORS[problem.code];
  return new Response(
    JSON.stringify({
      type: `https://melro.dev/problems/${problem.code.replaceAll('_', '-')}`,
      title,
      status,
      detail: problem.message,
      code: problem.code,
      requestId,
      ...problem.extensions,
    }),
    {
      status,
      headers: {
        ...problem.headers,
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        'x-request-id': requestId,
      },
    },
  );
}

/** Returns the error for a thing that is not there or that the asker may not know of. */
export function notFound(detail = 'It does not exist, or it is not yours to see.'): ProblemError {
  return new ProblemError('not_found', detail);
}
