import { z } from 'zod';
import {
  DAY_SECONDS,
  defineTemplate,
  factsOf,
  greet,
  HOUR_SECONDS,
  nameSchema,
  OWNER_REASON,
  occasionSchema,
  spanInWords,
  tokenSchema,
} from '../content.ts';

/** Lets somebody choose a new password. */
export const resetPassword = defineTemplate({
  data: z.object({ name: nameSchema, token: tokenSchema, expiresInMinutes: z.number().int().positive() }),
  usefulForSeconds: HOUR_SECONDS,
  say: {
    en: ({ name, token, expiresInMinutes }, links) => ({
      subject: 'Choose a new password',
      heading: 'Choose a new password',
      greeting: greet.en(name),
      paragraphs: ['Somebody, most likely you, asked for a new password for your Melro account.'],
      action: { label: 'Choose a password', url: links.resetPassword(token) },
      after: [
        `The link works once, for ${spanInWords(expiresInMinutes, 'en')}.`,
        'If it was not you, ignore this message. Your password stays as it is. Never pass the link on: whoever has it gets into your account.',
      ],
      reason: OWNER_REASON.en,
    }),
    ru: ({ name, token, expiresInMinutes }, links) => ({
      subject: 'Задайте новый пароль',
      heading: 'Задайте новый пароль',
      greeting: greet.ru(name),
      paragraphs: ['Кто-то — скорее всего, вы сами — попросил сменить пароль вашей учётной записи Melro.'],
      action: { label: 'Задать пароль', url: links.resetPassword(token) },
      after: [
        `Ссылка сработает один раз. Срок её действия: ${spanInWords(expiresInMinutes, 'ru')}.`,
        'Если это были не вы, ничего делать не нужно: пароль останется прежним. Никому не передавайте эту ссылку: с ней можно войти в вашу учётную запись.',
      ],
      reason: OWNER_REASON.ru,
    }),
  },
});

/** Tells the owner that the password is another one now. */
export const passwordChanged = defineTemplate({
  data: z.object({
    name: nameSchema,
    /** Whether apps that were let in, or API keys, have been ended with it. */
    isAccessEnded: z.boolean().default(false),
    ...occasionSchema,
  }),
  usefulForSeconds: 7 * DAY_SECONDS,
  say: {
    en: ({ name, isAccessEnded, ...occasion }, links) => ({
      subject: 'Your password was changed',
      heading: 'Your password was changed',
      greeting: greet.en(name),
      paragraphs: [
        'The password of your Melro account was changed.',
        ...(isAccessEnded
          ? [
              'The apps that you had let in have been shut out, and your API keys have been deleted. Let apps in again, and make new keys, where you still need them.',
            ]
          : []),
      ],
      facts: factsOf(occasion, 'en'),
      after: ['If this was not you, take your account back at once:'],
      alternative: { label: 'Choose a new password', url: links.forgotPassword() },
      reason: OWNER_REASON.en,
    }),
    ru: ({ name, isAccessEnded, ...occasion }, links) => ({
      subject: 'Пароль изменён',
      heading: 'Пароль изменён',
      greeting: greet.ru(name),
      paragraphs: [
        'Пароль вашей учётной записи Melro изменён.',
        ...(isAccessEnded
          ? [
              'Приложения, которым вы открыли доступ, отключены, а ключи API удалены. Если они вам ещё нужны, откройте доступ снова и создайте новые ключи.',
            ]
          : []),
      ],
      facts: factsOf(occasion, 'ru'),
      after: ['Если это были не вы, сразу верните себе доступ:'],
      alternative: { label: 'Задать новый пароль', url: links.forgotPassword() },
      reason: OWNER_REASON.ru,
    }),
  },
});

/** A code to prove once more who is there. */
export const emailCode = defineTemplate({
  data: z.object({
    name: nameSchema,
    code: z.string().regex(/^[0-9A-Z]{4,12}$/, 'must be a code'),
    expiresInMinutes: z.number().int().positive(),
  }),
  usefulForSeconds: 10 * 60,
  say: {
    en: ({ name, code, expiresInMinutes }) => ({
      // Without the code: a subject is shown on locked screens.
      subject: 'Your Melro code',
      heading: 'Your code',
      greeting: greet.en(name),
      paragraphs: ['Type this code into the page that asked for it:'],
      code,
      after: [
        `It works once, for ${spanInWords(expiresInMinutes, 'en')}.`,
        'Nobody from Melro will ever ask you for it. If you did not ask for a code, somebody may know your password: change it.',
      ],
      reason: OWNER_REASON.en,
    }),
    ru: ({ name, code, expiresInMinutes }) => ({
      subject: 'Ваш код Melro',
      heading: 'Ваш код',
      greeting: greet.ru(name),
      paragraphs: ['Введите этот код на странице, которая его запросила:'],
      code,
      after: [
        `Код сработает один раз. Срок его действия: ${spanInWords(expiresInMinutes, 'ru')}.`,
        'Никто из Melro никогда не попросит у вас этот код. Если вы его не запрашивали, возможно, кто-то знает ваш пароль: смените его.',
      ],
      reason: OWNER_REASON.ru,
    }),
  },
});
