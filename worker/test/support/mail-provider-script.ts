/** One request to send, as the provider beside the tests received it. */
export interface ReceivedMail {
  fields: Record<string, string>;
  headers: Record<string, string>;
}

/** How the provider is to answer one request; without one it accepts. */
export interface ScriptedAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** Keeps the sender waiting first. */
  delayMs?: number;
  /** Accepts the message and breaks the connection instead of answering. */
  breaks?: boolean;
}
