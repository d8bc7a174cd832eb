import { describe, expect, it } from '@jest/globals';
import { pageHeaders } from './layout.js';
import { errorPage, loginPage } from './pages.js';
import { pickLanguage } from './texts.js';

describe('pages of the issuer', () => {
  it('labels its fields and announces a problem', () => {
    const html = loginPage({ language: 'en', users: [], login: 'eb1.clerk', problem: 'Wrong.' });
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('<label for="login">');
    expect(html).toContain('<label for="password">');
    expect(html).toContain('role="alert">Wrong.');
    expect(html).toContain('aria-describedby="problem"');
  });

  it('shows what people typed as text', () => {
    const login = '"><script>alert(1)</script>';
    const html =
      loginPage({ language: 'zh-CN', users: [{ login, displayName: login }], login, problem: login }) +
      errorPage('en', login, login);
    expect(html).not.toContain('<script>');
  });

  it('lets a form lead back to the application and nowhere else', () => {
    const { 'content-security-policy': policy } = pageHeaders('http://127.0.0.1:8080/callback?x=1');
    expect(policy).toContain("form-action 'self' http://127.0.0.1:8080;");
    expect(policy).toContain("default-src 'none'");
    expect(pageHeaders('')['content-security-policy']).toContain("form-action 'self';");
  });

  it.each([
    [['en', null, 'zh-CN'], 'en'],
    [[null, '', 'zh-TW,zh;q=0.9,en;q=0.8'], 'zh-CN'],
    [['fr', undefined, 'de-DE, en-GB;q=0.5'], 'en'],
    [[null, null, undefined], 'zh-CN'],
  ])('picks a language from %j: %s', (preferences, language) => {
    expect(pickLanguage(...preferences)).toBe(language);
  });
});
