const PERSON = { email: 'bench@acme.example', password: 'correct horse battery' };

/** Longer than any task may take; what is not answered by then is a failure. */
const PATIENCE_MS = 70_000;

/** Somebody who may everything in a brand, by pages and by API, and sends whatever they like. */
export class HostileClient {
  private readonly cookies = new Map<string, string>();
  private csrf = '';
  /** The page of a contact list. */
  list = '';

  private constructor(
    private readonly origin: string,
    private readonly token: string,
  ) {}

  static async signedIn(port: number, token: string): Promise<HostileClient> {
    const client = new HostileClient(`http://127.0.0.1:${port}`, token);
    await client.look('/sign-in');
    await client.form('/sign-in', PERSON);
    await client.look('/account');
    const made = await client.ask('/contacts/lists', new URLSearchParams({ name: 'Attack' }));
    client.list = /\/contacts\/lists\/CG_\w+/.exec(made.headers.get('location') ?? '')?.[0] ?? '';
    if (client.list === '') {
      throw new Error(`Nobody could sign in and make a contact list: ${made.status} ${made.headers.get('location')}`);
    }
    return client;
  }

  /** @returns the status of the answer */
  async upload(path: string, content: string | Buffer): Promise<number> {
    const body = new FormData();
    body.append('file', new Blob([Buffer.from(content)]), 'file.csv');
    return (await this.ask(path, body)).status;
  }

  /** @returns the status of the answer to a program's call */
  json(path: string, body: string): Promise<number> {
    return this.post(`/API/v3${path}`, body, { 'Content-Type': 'application/json' });
  }

  form(path: string, fields: Record<string, string>): Promise<number> {
    return this.post(path, new URLSearchParams(fields));
  }

  async post(path: string, body: string | URLSearchParams, headers: Record<string, string> = {}): Promise<number> {
    return (await this.ask(path, body, headers)).status;
  }

  private async look(path: string): Promise<void> {
    const page = await fetch(`${this.origin}${path}`, { headers: { Cookie: this.cookie } });
    this.keepCookies(page);
    this.csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  }

  private async ask(
    path: string,
    body: FormData | URLSearchParams | string,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const who = path.startsWith('/API/')
      ? { 'X-API-TOKEN': this.token }
      : { Cookie: this.cookie, 'X-CSRF-Token': this.csrf };
    const answer = await fetch(`${this.origin}${path}`, {
      method: 'POST',
      body,
      headers: { ...who, ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    this.keepCookies(answer);
    await answer.arrayBuffer();
    return answer;
  }

  private get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keepCookies(answer: Response): void {
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.cookies.set(name, value);
    }
  }
}
