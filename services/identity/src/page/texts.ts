/** The languages of the issuer's pages. */
export type Language = 'zh-CN' | 'en';

const ENGLISH = {
  title: 'Sign in to Steward',
  development: 'Development issuer: demo accounts only.',
  login: 'Login',
  password: 'Password',
  submit: 'Sign in',
  wrong: 'Login or password is wrong.',
  wait: 'Too many attempts for this login. Try again in {seconds} s.',
  otherLanguage: '中文',
  errorTitle: 'This did not work',
  expired: 'This sign-in has expired. Go back to the application and start again.',
  signOutTitle: 'Sign out of Steward?',
  signOut: 'Sign out',
  stay: 'Stay signed in',
  signedOut: 'You are signed out.',
};

const CHINESE: typeof ENGLISH = {
  title: '登录 Steward',
  development: '开发用登录服务，仅限演示账号。',
  login: '账号',
  password: '密码',
  submit: '登录',
  wrong: '账号或密码错误。',
  wait: '该账号尝试次数过多，请在 {seconds} 秒后重试。',
  otherLanguage: 'English',
  errorTitle: '操作未成功',
  expired: '本次登录已过期，请返回应用重新登录。',
  signOutTitle: '确定退出 Steward？',
  signOut: '退出',
  stay: '保持登录',
  signedOut: '您已退出。',
};

export const TEXTS: Readonly<Record<Language, typeof ENGLISH>> = { 'zh-CN': CHINESE, en: ENGLISH };

/**
 * Picks the page's language from preferences, the strongest first: each is a list of tags as in `Accept-Language` or
 * OpenID's `ui_locales`. Chinese when none is known.
 */
export function pickLanguage(...preferences: (string | null | undefined)[]): Language {
  for (const tag of preferences.flatMap((preference) => preference?.split(/[\s,]+/) ?? [])) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'zh-CN';
}
