import { z } from 'zod';
import {
  DAY_SECONDS,
  defineTemplate,
  factsOf,
  greet,
  HOUR_SECONDS,
  lineSchema,
  NOT_YOU,
  nameSchema,
  OWNER_REASON,
  occasionSchema,
  spanInWords,
  tokenSchema,
} from '../content.ts';

const linkData = z.object({
  name: nameSchema,
  token: tokenSchema,
  expiresInMinutes: z.number().int().positive(),
});

/** Asks whether an address belongs to who signed up with it. */
export const verifyEmail = defineTemplate({
  data: linkData,
  usefulForSeconds: HOUR_SECONDS,
  say: {
    en: ({ name, token, expiresInMinutes }, links) => ({
      subject: 'Confirm your email address',
      heading: 'Is this your address?',
      greeting: greet.en(name),
      paragraphs: [
        'Welcome to Melro. Please confirm that this address is yours. It lets you publish, and it is how you get back in if you lose your password.',
      ],
      action: { label: 'Confirm address', url: links.verifyEmail(token) },
      after: [
        `The link works for ${spanInWords(expiresInMinutes, 'en')}.`,
        'If you did not create an account, ignore this message. Nothing happens without your confirmation.',
      ],
      reason: 'You get this message because somebody signed up to Melro with this address.',
    }),
    ru: ({ name, token, expiresInMinutes }, links) => ({
      subject: 'Подтвердите адрес электронной почты',
      heading: 'Это ваш адрес?',
      greeting: greet.ru(name),
      paragraphs: [
        'Добро пожаловать в Melro! Подтвердите, что этот адрес принадлежит вам: тогда вы сможете публиковать музыку, а если забудете пароль — вернуть себе доступ.',
      ],
      action: { label: 'Подтвердить адрес', url: links.verifyEmail(token) },
      after: [
        `Срок действия ссылки: ${spanInWords(expiresInMinutes, 'ru')}.`,
        'Если вы не создавали учётную запись, ничего делать не нужно: без подтверждения ничего не произойдёт.',
      ],
      reason: 'Вы получили это письмо, потому что кто-то указал этот адрес при регистрации в Melro.',
    }),
  },
});

/** Tells the owner of an account that somebody tried to sign up with their address. */
export const existingAccountNotice = defineTemplate({
  data: z.object({ name: nameSchema }),
  usefulForSeconds: DAY_SECONDS,
  say: {
    en: ({ name }, links) => ({
      subject: 'You already have a Melro account',
      heading: 'You are already here',
      greeting: greet.en(name),
      paragraphs: [
        'Somebody, most likely you, tried to create an account with this address. You have one already, so nothing was changed.',
      ],
      action: { label: 'Sign in', url: links.signIn() },
      alternative: { label: 'Choose a new password', url: links.forgotPassword() },
      after: [
        'If it was not you, there is nothing to do: whoever tried was not told that you have an account.',
      ],
      reason: OWNER_REASON.en,
    }),
    ru: ({ name }, links) => ({
      subject: 'У вас уже есть учётная запись Melro',
      heading: 'Вы уже с нами',
      greeting: greet.ru(name),
      paragraphs: [
        'Кто-то — скорее всего, вы сами — пытался создать учётную запись с этим адресом. Она у вас уже есть, поэтому ничего не изменилось.',
      ],
      action: { label: 'Войти', url: links.signIn() },
      alternative: { label: 'Задать новый пароль', url: links.forgotPassword() },
      after: [
        'Если это были не вы, ничего делать не нужно: о том, что у вас есть учётная запись, никто не узнал.',
      ],
      reason: OWNER_REASON.ru,
    }),
  },
});

/** Asks whether an address belongs to who wants to change to it. Goes to the new address. */
export const changeEmailConfirm = defineTemplate({
  data: linkData,
  usefulForSeconds: HOUR_SECONDS,
  say: {
    en: ({ name, token, expiresInMinutes }, links) => ({
      subject: 'Confirm your new email address',
      heading: 'Your new address',
      greeting: greet.en(name),
      paragraphs: ['Please confirm that you want to use this address for your Melro account from now on.'],
      action: { label: 'Use this address', url: links.verifyEmail(token) },
      after: [
        `The link works for ${spanInWords(expiresInMinutes, 'en')}. Until you use it, your old address stays.`,
        'If you did not ask for this, ignore this message. Nothing happens without your confirmation.',
      ],
      reason: 'You get this message because somebody asked to use this address for their Melro account.',
    }),
    ru: ({ name, token, expiresInMinutes }, links) => ({
      subject: 'Подтвердите новый адрес электронной почты',
      heading: 'Ваш новый адрес',
      greeting: greet.ru(name),
      paragraphs: [
        'Подтвердите, что хотите и дальше использовать этот адрес для своей учётной записи Melro.',
      ],
      action: { label: 'Использовать этот адрес', url: links.verifyEmail(token) },
      after: [
        `Срок действия ссылки: ${spanInWords(expiresInMinutes, 'ru')}. Пока вы по ней не перешли, действует прежний адрес.`,
        'Если вы об этом не просили, ничего делать не нужно: без подтверждения ничего не произойдёт.',
      ],
      reason:
        'Вы получили это письмо, потому что кто-то захотел использовать этот адрес для своей учётной записи Melro.',
    }),
  },
});

/** Shows as much of an address as its owner needs to recognise it. */
function masked(address: string): string {
  const [local = '', domain = ''] = address.split('@');
  return `${local.slice(0, 1)}•••@${domain}`;
}

/** Tells the old address that another one took its place. */
export const emailChangedNotice = defineTemplate({
  data: z.object({ name: nameSchema, newEmail: lineSchema, ...occasionSchema }),
  usefulForSeconds: 7 * DAY_SECONDS,
  say: {
    en: ({ name, newEmail, ...occasion }, links) => ({
      subject: 'Your email address was changed',
      heading: 'Your address was changed',
      greeting: greet.en(name),
      paragraphs: ['Your Melro account now uses another address. Messages do not come to this one any more.'],
      facts: [['New address', masked(newEmail)], ...factsOf(occasion, 'en')],
      after: [NOT_YOU.en],
      alternative: { label: 'Secure my account', url: links.security() },
      reason: OWNER_REASON.en,
    }),
    ru: ({ name, newEmail, ...occasion }, links) => ({
      subject: 'Адрес электронной почты изменён',
      heading: 'Адрес изменён',
      greeting: greet.ru(name),
      paragraphs: [
        'У вашей учётной записи Melro теперь другой адрес. На этот письма больше приходить не будут.',
      ],
      facts: [['Новый адрес', masked(newEmail)], ...factsOf(occasion, 'ru')],
      after: [NOT_YOU.ru],
      alternative: { label: 'Защитить учётную запись', url: links.security() },
      reason: OWNER_REASON.ru,
    }),
  },
});
