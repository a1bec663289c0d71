import type { MailTransport } from '../transport.ts';

/** Returns the transport of a development installation: messages stay where they are and are read there. */
export function outboxTransport(): MailTransport {
  return { send: async () => ({ outcome: 'accepted', providerId: null }), keepsMessages: true };
}
