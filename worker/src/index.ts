import { createApi } from './api.ts';
import { consumeMail } from './features/mail/consumer.ts';
import { consumeExports } from './features/my-data/consumer.ts';
import { consumeDeadLetters, consumeTranscodes } from './features/transcodes/consumer.ts';
import type { Env } from './platform/env.ts';
import { logError, logEvent } from './platform/log.ts';
import { servicesOf } from './services.ts';
import { sweep } from './sweep.ts';

export { RateLimiter, TranscoderContainer } from '@melro/durable-objects';

const api = createApi();

export default {
  async fetch(request, env, context) {
    try {
      servicesOf(env);
    } catch (error) {
      // A misconfigured deployment must say so in its log and serve nothing, rather than fail here and there.
      logError('start', error);
      return new Response('This installation of Melro is not configured. Its log says what is missing.\n', {
        status: 500,
      });
    }
    return api.fetch(request, env, context);
  },

  async queue(batch, env) {
    const services = servicesOf(env);
    if (batch.queue.endsWith('-dead')) await consumeDeadLetters(batch, services.operator.letters);
    else if (batch.queue.endsWith('-mail')) await consumeMail(batch, services.mail);
    else if (batch.queue.endsWith('-exports')) await consumeExports(batch, services.myData);
    else await consumeTranscodes(batch, services.run());
  },

  async scheduled(controller, env) {
    const report = await sweep(servicesOf(env), controller.scheduledTime);
    logEvent('sweep', { ...report });
  },
} satisfies ExportedHandler<Env>;
