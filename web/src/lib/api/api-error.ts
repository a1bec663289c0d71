/** Why a call to the API came to nothing. */
export type FailureKind = 'offline' | 'unreachable' | 'refused';

/** What is read of a problem+json body. */
type Problem = Pick<
  ApiError,
  'status' | 'code' | 'missingParts' | 'authCode' | 'issues' | 'turnstileSiteKey'
>;

/** An answer of the API that is not a success (RFC 9457), or none at all. `message` is fit for people. */
export class ApiError extends Error {
  readonly kind: FailureKind;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly code: string | null;
  readonly missingParts: number[];
  /** What exactly the sign-in library refused, where it was that. */
  readonly authCode: string | null;
  /** What is wrong with single fields of the request. */
  readonly issues: { path: string; message: string }[];

  /** The key of the challenge that is asked for, where one is. */
  readonly turnstileSiteKey: string | null;

  constructor(kind: FailureKind, message: string, problem: Partial<Problem> = {}, cause?: unknown) {
    super(message, { cause });
    this.name = 'ApiError';
    this.kind = kind;
    this.status = problem.status ?? 0;
    this.code = problem.code ?? null;
    this.missingParts = problem.missingParts ?? [];
    this.authCode = problem.authCode ?? null;
    this.issues = problem.issues ?? [];
    this.turnstileSiteKey = problem.turnstileSiteKey ?? null;
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Returns the error that a problem+json body, or whatever else came with this status, stands for. */
export function errorFromBody(status: number, body: string): ApiError {
  let problem: Record<string, unknown> = {};
  try {
    problem = JSON.parse(body) as Record<string, unknown>;
  } catch {
    // A proxy's own error page: the status has to do.
  }
  const detail = text(problem.detail);
  const kind = detail === null || status >= 500 ? 'unreachable' : 'refused';
  const missingParts = Array.isArray(problem.missingParts) ? problem.missingParts.map(Number) : [];
  return new ApiError(kind, detail ?? 'Melro does not answer right now. Please try again in a moment.', {
    status,
    code: text(problem.code),
    missingParts,
    authCode: text(problem.authCode),
    turnstileSiteKey: text(problem.turnstileSiteKey),
    issues: Array.isArray(problem.issues) ? (problem.issues as ApiError['issues']) : [],
  });
}

/** Returns the error for a request that got no answer. */
export function errorFromNoAnswer(cause: unknown): ApiError {
  const isOffline = typeof navigator !== 'undefined' && navigator.onLine === false;
  return isOffline
    ? new ApiError('offline', 'You are offline. Check your connection, then try again.', {}, cause)
    : new ApiError(
        'unreachable',
        'Melro does not answer right now. Please try again in a moment.',
        {},
        cause,
      );
}

/** Returns `error` as an ApiError, so that every failure can be shown in words. */
export function toApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : errorFromNoAnswer(error);
}
