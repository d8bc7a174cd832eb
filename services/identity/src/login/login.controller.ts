import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Provider } from 'oidc-provider';
import type { DemoUser } from '../config.js';
import { pageHeaders } from '../page/layout.js';
import { errorPage, loginPage } from '../page/pages.js';
import { pickLanguage, TEXTS, type Language } from '../page/texts.js';
import { readForm } from './form.js';
import type { LoginService } from './login.service.js';

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The login form of an authorization that waits for a person: GET shows it, POST judges it and goes back. */
export class LoginController {
  constructor(
    private readonly provider: Provider,
    private readonly logins: LoginService,
    private readonly users: readonly DemoUser[],
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const details = await this.pending(request, response, url);
    const language = pickLanguage(
      url.searchParams.get('lang'),
      text(details?.params.ui_locales),
      request.headers['accept-language'],
    );
    if (!details) {
      response.writeHead(400, pageHeaders()).end(errorPage(language, TEXTS[language].expired));
    } else if (details.prompt.name === 'consent') {
      await this.provider.interactionFinished(request, response, { consent: {} });
    } else if (request.method === 'POST') {
      await this.signIn(request, response, details, language);
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      this.show(response, 200, details, { language, login: text(details.params.login_hint) });
    } else {
      response.writeHead(405, { allow: 'GET, HEAD, POST' }).end();
    }
  }

  private async signIn(
    request: IncomingMessage,
    response: ServerResponse,
    details: Details,
    language: Language,
  ): Promise<void> {
    const form = await readForm(request);
    const login = form?.get('login') ?? '';
    const result = await this.logins.signIn(login.slice(0, 100), form?.get('password') ?? '');
    if (result.outcome === 'welcome') {
      await this.provider.interactionFinished(request, response, {
        login: { accountId: result.user.login, amr: ['pwd'] },
      });
    } else if (result.outcome === 'wait') {
      response.setHeader('retry-after', String(result.seconds));
      const problem = TEXTS[language].wait.replace('{seconds}', String(result.seconds));
      this.show(response, 429, details, { language, login, problem });
    } else {
      this.show(response, 403, details, { language, login, problem: TEXTS[language].wrong });
    }
  }

  private show(
    response: ServerResponse,
    status: number,
    details: Details,
    page: { language: Language; login: string; problem?: string },
  ): void {
    response
      .writeHead(status, pageHeaders(text(details.params.redirect_uri)))
      .end(loginPage({ ...page, users: this.users }));
  }

  /** The interaction that this browser's cookie and the address both name. */
  private async pending(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<Details | undefined> {
    try {
      const details = await this.provider.interactionDetails(request, response);
      return url.pathname.endsWith(`/${details.uid}`) ? details : undefined;
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    }
  }
}
