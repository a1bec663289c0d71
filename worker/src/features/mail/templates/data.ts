import { z } from 'zod';
import {
  DAY_SECONDS,
  dayInWords,
  defineTemplate,
  greet,
  momentSchema,
  nameSchema,
  OWNER_REASON,
  tokenSchema,
} from '../content.ts';

/** Tells the owner that the account goes, and how to keep it. */
export const accountDeletionRequested = defineTemplate({
  data: z.object({ name: nameSchema, token: tokenSchema, deletedAtMs: momentSchema }),
  usefulForSeconds: 7 * DAY_SECONDS,
  say: {
    en: ({ name, token, deletedAtMs }, links) => ({
      subject: 'Your account will be deleted',
      heading: 'Your account will be deleted',
      greeting: greet.en(name),
      paragraphs: [
        `As you asked, your Melro account will be deleted on ${dayInWords(deletedAtMs, 'en')}, with your music, your playlists and everything else of yours.`,
        'Until then you can change your mind:',
      ],
      action: { label: 'Keep my account', url: links.cancelDeletion(token) },
      after: [
        'If you did not ask for this, keep your account with the button above and choose a new password.',
      ],
      reason: OWNER_REASON.en,
    }),
    ru: ({ name, token, deletedAtMs }, links) => ({
      subject: 'Учётная запись будет удалена',
      heading: 'Учётная запись будет удалена',
      greeting: greet.ru(name),
      paragraphs: [
        `По вашей просьбе учётная запись Melro будет удалена вместе с вашей музыкой, плейлистами и всем остальным. Дата удаления: ${dayInWords(deletedAtMs, 'ru')}.`,
        'До этого дня вы можете передумать:',
      ],
      action: { label: 'Сохранить учётную запись', url: links.cancelDeletion(token) },
      after: ['Если вы об этом не просили, нажмите кнопку выше и смените пароль.'],
      reason: OWNER_REASON.ru,
    }),
  },
});

/** The last message. */
export const accountDeleted = defineTemplate({
  data: z.object({ name: nameSchema }),
  usefulForSeconds: 7 * DAY_SECONDS,
  say: {
    en: ({ name }) => ({
      subject: 'Your account was deleted',
      heading: 'Goodbye',
      greeting: greet.en(name),
      paragraphs: [
        'Your Melro account and everything of yours was deleted, this address included. Thank you for the music.',
      ],
      after: [],
      reason: 'You get this message, the last one, because your Melro account was deleted.',
    }),
    ru: ({ name }) => ({
      subject: 'Учётная запись удалена',
      heading: 'До свидания',
      greeting: greet.ru(name),
      paragraphs: [
        'Ваша учётная запись Melro и всё, что в ней было, удалены, в том числе и этот адрес. Спасибо за музыку.',
      ],
      after: [],
      reason: 'Вы получили это письмо — последнее, — потому что ваша учётная запись Melro удалена.',
    }),
  },
});

/** Tells the owner that the export waits; the file itself is given only to who has the link and is signed in. */
export const exportReady = defineTemplate({
  data: z.object({ name: nameSchema, token: tokenSchema, expiresAtMs: momentSchema }),
  usefulForSeconds: 3 * DAY_SECONDS,
  say: {
    en: ({ name, token, expiresAtMs }, links) => ({
      subject: 'Your data is ready',
      heading: 'Your data is ready',
      greeting: greet.en(name),
      paragraphs: ['The copy of your data that you asked for is ready to be downloaded.'],
      action: { label: 'Go to the download', url: links.data(token) },
      after: [
        `It is kept until ${dayInWords(expiresAtMs, 'en')}. You will be asked to sign in.`,
        'If you did not ask for it, choose a new password: somebody else was in your account.',
      ],
      reason: OWNER_REASON.en,
    }),
    ru: ({ name, token, expiresAtMs }, links) => ({
      subject: 'Ваши данные готовы',
      heading: 'Ваши данные готовы',
      greeting: greet.ru(name),
      paragraphs: ['Копия ваших данных, которую вы запросили, готова к скачиванию.'],
      action: { label: 'Перейти к скачиванию', url: links.data(token) },
      after: [
        `Дата, до которой она хранится: ${dayInWords(expiresAtMs, 'ru')}. Потребуется войти в учётную запись.`,
        'Если вы её не запрашивали, смените пароль: в вашу учётную запись заходил кто-то другой.',
      ],
      reason: OWNER_REASON.ru,
    }),
  },
});
