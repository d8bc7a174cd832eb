import type { DemoUser } from '../config.js';
import { escapeHtml, page } from './layout.js';
import { TEXTS, type Language } from './texts.js';

export type LoginPage = Readonly<{
  language: Language;
  /** Offered while typing; these are demo accounts. */
  users: readonly DemoUser[];
  login: string;
  problem?: string;
}>;

/** The login form; it posts back to its own address. */
export function loginPage({ language, users, login, problem }: LoginPage): string {
  const text = TEXTS[language];
  const other: Language = language === 'en' ? 'zh-CN' : 'en';
  const described = problem ? ' aria-describedby="problem" aria-invalid="true"' : '';
  const options = users.map(
    (user) => `<option value="${escapeHtml(user.login)}">${escapeHtml(user.displayName)}</option>`,
  );
  return page(
    language,
    text.title,
    `<p class="note">${text.development}</p>
${problem ? `<p class="error" id="problem" role="alert">${escapeHtml(problem)}</p>` : ''}
<form method="post" action="?lang=${language}">
<label for="login">${text.login}</label>
<input id="login" name="login" list="users" required maxlength="100" autocomplete="username" autocapitalize="none" spellcheck="false" value="${escapeHtml(login)}"${login ? '' : ' autofocus'}${described}>
<datalist id="users">${options.join('')}</datalist>
<label for="password">${text.password}</label>
<input id="password" name="password" type="password" required maxlength="200" autocomplete="current-password"${login ? ' autofocus' : ''}${described}>
<button type="submit">${text.submit}</button>
</form>
<p><a href="?lang=${other}" lang="${other}">${text.otherLanguage}</a></p>`,
  );
}

/** Says why something failed; `detail` is the protocol's own message, where there is one. */
export function errorPage(language: Language, message: string, detail?: string): string {
  const more = detail ? `<p class="note">${escapeHtml(detail)}</p>` : '';
  return page(language, TEXTS[language].errorTitle, `<p role="alert">${escapeHtml(message)}</p>${more}`);
}

/** Asks whether to end the session; `form` is the provider's own hidden form with the id `op.logoutForm`. */
export function signOutPage(language: Language, form: string): string {
  const text = TEXTS[language];
  return page(
    language,
    text.signOutTitle,
    `${form}
<button type="submit" form="op.logoutForm" value="yes" name="logout" autofocus>${text.signOut}</button>
<button class="quiet" type="submit" form="op.logoutForm">${text.stay}</button>`,
  );
}

export function signedOutPage(language: Language): string {
  return page(language, TEXTS[language].signedOut, '');
}
