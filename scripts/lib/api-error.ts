/** An answer the API meant as a refusal (RFC 9457), or a failure to get an answer at all. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The API's stable code, `http_<status>` when the answer had none, or `unreachable`. */
  readonly code: string;
  readonly requestId: string | undefined;
  /** How long the server asked to wait, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    extra: { requestId?: string | undefined; retryAfterSeconds?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: extra.cause });
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = extra.requestId;
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }

  /** Whether trying again can help. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** Returns the error for an answer that is not a success; reads its body. */
export async function errorFromResponse(response: Response): Promise<ApiError> {
  const text = await response.text();
  const problem = parseProblem(text);
  const sentence =
    problem.detail ?? problem.title ?? `The server answered ${response.status} ${response.statusText}`;
  const retryAfter = Number(response.headers.get('retry-after'));
  return new ApiError(response.status, problem.code ?? `http_${response.status}`, sentence, {
    requestId: problem.requestId ?? response.headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
  });
}

type Problem = { title?: string; detail?: string; code?: string; requestId?: string };

function parseProblem(text: string): Problem {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    const problem: Problem = {};
    for (const name of ['title', 'detail', 'code', 'requestId'] as const) {
      const field: unknown = Reflect.get(value, name);
      if (typeof field === 'string') problem[name] = field;
    }
    return problem;
  } catch {
    // Not JSON: a proxy's page, for example. The status line says enough.
    return {};
  }
}
