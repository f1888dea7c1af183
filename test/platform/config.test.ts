import { BadConfiguration, readConfig } from '../../src/platform/config.js';

function mistakesOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return (error as BadConfiguration).mistakes;
  }
}

describe('the configuration', () => {
  it('needs nothing at all', () => {
    const config = readConfig({});
    expect([config.PORT, config.baseUrl, config.ROLE, config.DEMO]).toEqual([
      3000,
      'http://localhost:3000',
      'all',
      true,
    ]);
  });

  it('tells every mistake at once, by name', () => {
    const mistakes = mistakesOf({
      PORT: 'http',
      BASE_URL: 'surveys.example.com',
      DATABASE_URL: 'mysql://x',
      SMTP_URL: 'relay:25',
      ADMIN_PASSWORD: 'short',
      API_TOKEN: 'short',
      ROLE: 'king',
      SECRET_KEY: 'abc',
      DEMO: 'maybe',
    });
    for (const name of [
      'PORT',
      'BASE_URL',
      'DATABASE_URL',
      'SMTP_URL',
      'ADMIN_PASSWORD',
      'API_TOKEN',
      'ROLE',
      'SECRET_KEY',
      'DEMO',
    ]) {
      expect(mistakes.join('\n')).toContain(name);
    }
    expect(mistakes).toHaveLength(9);
  });

  it('never repeats a secret in its words', () => {
    const mistakes = mistakesOf({ ADMIN_PASSWORD: 'hunter2hunt', SECRET_KEY: 'my-secret', API_TOKEN: 'tok-123' });
    expect(mistakes.join('\n')).not.toMatch(/hunter2|my-secret|tok-123/);
  });

  it('takes blank settings for unset ones', () => {
    expect(readConfig({ PORT: '', SMTP_URL: '', SECRET_KEY: '', DEMO: '' }).PORT).toBe(3000);
  });

  it('takes a key in hex or base64', () => {
    const bytes = Buffer.alloc(32, 7);
    expect(readConfig({ SECRET_KEY: bytes.toString('hex') }).secretKey).toEqual(bytes);
    expect(readConfig({ SECRET_KEY: bytes.toString('base64') }).secretKey).toEqual(bytes);
  });

  it('drops the slash at the end of the base address and knows whether it is secure', () => {
    const config = readConfig({ BASE_URL: 'https://surveys.example.com/' });
    expect([config.baseUrl, config.isSecure]).toEqual(['https://surveys.example.com', true]);
  });
});
