/** The cookies of one headless sign-in: enough of RFC 6265 for a single host, with paths and deletion. */
export class CookieJar {
  private readonly cookies = new Map<string, { name: string; value: string; path: string }>();

  /** Takes over what a response sets or deletes. */
  keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name, value] = splitOnce(pair);
      const settings = new Map(attributes.map(splitOnce).map(([key, text]) => [key.toLowerCase(), text]));
      const path = settings.get('path') ?? '/';
      const expires = settings.get('expires');
      if (value === '' || (expires && Date.parse(expires) <= Date.now()))
        this.cookies.delete(`${path} ${name}`);
      else this.cookies.set(`${path} ${name}`, { name, value, path });
    }
  }

  /** The Cookie header for a request to this address; empty when none applies. */
  header(url: URL): string {
    return [...this.cookies.values()]
      .filter(({ path }) => covers(path, url.pathname))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}

const covers = (path: string, requested: string): boolean =>
  requested === path || requested.startsWith(path.endsWith('/') ? path : `${path}/`);

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
