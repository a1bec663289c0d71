import { z } from 'zod';
import {
  DAY_SECONDS,
  defineTemplate,
  factsOf,
  greet,
  lineSchema,
  NOT_YOU,
  nameSchema,
  OWNER_REASON,
  occasionSchema,
} from '../content.ts';

const TWO_FACTOR_CHANGES = {
  enabled: {
    en: 'Signing in to your Melro account now takes a second factor as well.',
    ru: 'Теперь для входа в вашу учётную запись Melro нужен ещё и второй фактор.',
  },
  disabled: {
    en: 'The second factor of your Melro account was switched off. A password is enough to sign in now.',
    ru: 'Второй фактор вашей учётной записи Melro отключён. Теперь для входа достаточно пароля.',
  },
  app_removed: {
    en: 'The authenticator app was removed from your Melro account. A passkey is still asked for after the password.',
    ru: 'Приложение-аутентификатор удалено из вашей учётной записи Melro. После пароля по-прежнему нужен ключ доступа.',
  },
  passkey_step_added: {
    en: 'Signing in to your Melro account with a password now takes a passkey as well.',
    ru: 'Теперь для входа в вашу учётную запись Melro по паролю нужен ещё и ключ доступа.',
  },
  passkey_step_removed: {
    en: 'Your Melro account asks for a passkey after the password no more. A code of your authenticator app is still asked for.',
    ru: 'После пароля к вашей учётной записи Melro ключ доступа больше не запрашивается. Код приложения-аутентификатора по-прежнему нужен.',
  },
  last_passkey_removed: {
    en: 'The last passkey was removed from your Melro account, so none is asked for after the password. A password is enough to sign in now.',
    ru: 'Из вашей учётной записи Melro удалён последний ключ доступа, и после пароля он больше не запрашивается. Теперь для входа достаточно пароля.',
  },
  recovery_codes_renewed: {
    en: 'New recovery codes were made for your Melro account. The old ones work no more.',
    ru: 'Для вашей учётной записи Melro созданы новые коды восстановления. Старые больше не действуют.',
  },
  passkey_removed: {
    en: 'A passkey was removed from your Melro account.',
    ru: 'Из вашей учётной записи Melro удалён ключ доступа.',
  },
  recovery_code_used: {
    en: 'A recovery code was used to sign in to your Melro account. It works no more; make new ones before they run out.',
    ru: 'Для входа в вашу учётную запись Melro использован код восстановления. Больше он не действует; создайте новые, пока остальные не закончились.',
  },
  provider_linked: {
    en: 'An account with another service was connected to your Melro account. It can be used to sign in from now on.',
    ru: 'К вашей учётной записи Melro подключена учётная запись другого сервиса. Теперь с ней можно войти.',
  },
  provider_unlinked: {
    en: 'An account with another service was disconnected from your Melro account.',
    ru: 'От вашей учётной записи Melro отключена учётная запись другого сервиса.',
  },
} as const;

/** Tells the owner that a factor of signing in was changed. */
export const twoFactorChanged = defineTemplate({
  data: z.object({
    name: nameSchema,
    change: z.enum(Object.keys(TWO_FACTOR_CHANGES) as (keyof typeof TWO_FACTOR_CHANGES)[]),
    ...occasionSchema,
  }),
  usefulForSeconds: 7 * DAY_SECONDS,
  say: {
    en: ({ name, change, ...occasion }, links) => ({
      subject: 'How you sign in was changed',
      heading: 'How you sign in was changed',
      greeting: greet.en(name),
      paragraphs: [TWO_FACTOR_CHANGES[change].en],
      facts: factsOf(occasion, 'en'),
      after: [NOT_YOU.en],
      alternative: { label: 'Security settings', url: links.security() },
      reason: OWNER_REASON.en,
    }),
    ru: ({ name, change, ...occasion }, links) => ({
      subject: 'Изменён способ входа',
      heading: 'Изменён способ входа',
      greeting: greet.ru(name),
      paragraphs: [TWO_FACTOR_CHANGES[change].ru],
      facts: factsOf(occasion, 'ru'),
      after: [NOT_YOU.ru],
      alternative: { label: 'Настройки безопасности', url: links.security() },
      reason: OWNER_REASON.ru,
    }),
  },
});

/** Tells the owner that a passkey opens the account from now on. */
export const passkeyAdded = defineTemplate({
  data: z.object({ name: nameSchema, passkeyName: lineSchema.nullish(), ...occasionSchema }),
  usefulForSeconds: 7 * DAY_SECONDS,
  say: {
    en: ({ name, passkeyName, ...occasion }, links) => ({
      subject: 'A passkey was added to your account',
      heading: 'A new passkey',
      greeting: greet.en(name),
      paragraphs: ['A passkey was added to your Melro account. It can be used to sign in from now on.'],
      facts: [...(passkeyName ? [['Passkey', passkeyName] as const] : []), ...factsOf(occasion, 'en')],
      after: ['If this was not you, remove it at once and choose a new password:'],
      alternative: { label: 'Security settings', url: links.security() },
      reason: OWNER_REASON.en,
    }),
    ru: ({ name, passkeyName, ...occasion }, links) => ({
      subject: 'Добавлен ключ доступа',
      heading: 'Новый ключ доступа',
      greeting: greet.ru(name),
      paragraphs: ['К вашей учётной записи Melro добавлен ключ доступа (passkey). Теперь с ним можно войти.'],
      facts: [...(passkeyName ? [['Ключ', passkeyName] as const] : []), ...factsOf(occasion, 'ru')],
      after: ['Если это были не вы, сразу удалите его и смените пароль:'],
      alternative: { label: 'Настройки безопасности', url: links.security() },
      reason: OWNER_REASON.ru,
    }),
  },
});

/** Tells the owner of a sign-in from a device that was not seen before. */
export const newSignIn = defineTemplate({
  data: z.object({ name: nameSchema, ...occasionSchema }),
  usefulForSeconds: 7 * DAY_SECONDS,
  say: {
    en: ({ name, ...occasion }, links) => ({
      subject: 'New sign-in to your account',
      heading: 'A sign-in from a new device',
      greeting: greet.en(name),
      paragraphs: ['Your Melro account was opened on a device that we had not seen before.'],
      facts: factsOf(occasion, 'en'),
      after: ['If this was you, there is nothing to do.', NOT_YOU.en],
      alternative: { label: 'See my sessions', url: links.sessions() },
      reason: OWNER_REASON.en,
    }),
    ru: ({ name, ...occasion }, links) => ({
      subject: 'Новый вход в учётную запись',
      heading: 'Вход с нового устройства',
      greeting: greet.ru(name),
      paragraphs: ['В вашу учётную запись Melro вошли с устройства, которого мы раньше не видели.'],
      facts: factsOf(occasion, 'ru'),
      after: ['Если это были вы, ничего делать не нужно.', NOT_YOU.ru],
      alternative: { label: 'Посмотреть сеансы', url: links.sessions() },
      reason: OWNER_REASON.ru,
    }),
  },
});

/** Tells the owner of an attempt that was stopped although the password was right. */
export const suspiciousSignIn = defineTemplate({
  data: z.object({ name: nameSchema, ...occasionSchema }),
  usefulForSeconds: 7 * DAY_SECONDS,
  say: {
    en: ({ name, ...occasion }, links) => ({
      subject: 'We stopped a sign-in to your account',
      heading: 'We stopped a sign-in',
      greeting: greet.en(name),
      paragraphs: [
        'Somebody tried to sign in to your Melro account in a way that looked wrong, so we did not let them in.',
      ],
      facts: factsOf(occasion, 'en'),
      after: [
        'If it was you, try again a little later. If it was not, somebody may know your password. Choose a new one:',
      ],
      alternative: { label: 'Choose a new password', url: links.forgotPassword() },
      reason: OWNER_REASON.en,
    }),
    ru: ({ name, ...occasion }, links) => ({
      subject: 'Мы остановили вход в вашу учётную запись',
      heading: 'Мы остановили вход',
      greeting: greet.ru(name),
      paragraphs: [
        'Кто-то попытался войти в вашу учётную запись Melro, но попытка показалась подозрительной, и мы её не пропустили.',
      ],
      facts: factsOf(occasion, 'ru'),
      after: [
        'Если это были вы, попробуйте ещё раз чуть позже. Если нет — возможно, кто-то знает ваш пароль. Задайте новый:',
      ],
      alternative: { label: 'Задать новый пароль', url: links.forgotPassword() },
      reason: OWNER_REASON.ru,
    }),
  },
});

/** Tells the owner that an app's old key came back, and that the app was signed out for it. */
export const refreshReuse = defineTemplate({
  data: z.object({ name: nameSchema, app: lineSchema, ...occasionSchema }),
  usefulForSeconds: 7 * DAY_SECONDS,
  say: {
    en: ({ name, app, ...occasion }, links) => ({
      subject: 'An app was signed out of your account',
      heading: 'We signed an app out',
      greeting: greet.en(name),
      paragraphs: [
        'An app presented a key to your Melro account that had been used up already. The key may have been copied, so we ended the access of this app.',
      ],
      facts: [['App', app], ...factsOf(occasion, 'en')],
      after: [
        'To go on using the app, sign in with it again. If you do not know it, look at what has access:',
      ],
      alternative: { label: 'Security settings', url: links.security() },
      reason: OWNER_REASON.en,
    }),
    ru: ({ name, app, ...occasion }, links) => ({
      subject: 'Приложение потеряло доступ к вашей учётной записи',
      heading: 'Мы закрыли доступ приложению',
      greeting: greet.ru(name),
      paragraphs: [
        'Приложение предъявило уже использованный ключ к вашей учётной записи Melro. Возможно, ключ скопировали, поэтому мы закрыли этому приложению доступ.',
      ],
      facts: [['Приложение', app], ...factsOf(occasion, 'ru')],
      after: [
        'Чтобы пользоваться приложением дальше, войдите в нём заново. Если оно вам незнакомо, проверьте, у кого есть доступ:',
      ],
      alternative: { label: 'Настройки безопасности', url: links.security() },
      reason: OWNER_REASON.ru,
    }),
  },
});
