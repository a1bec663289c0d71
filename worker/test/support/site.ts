/** Somebody else's server. */
export interface Site {
  hosts: string[];
  answer(request: Request): Promise<Response> | Response;
}
