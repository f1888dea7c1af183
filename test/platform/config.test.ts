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

  it('reads lists of servers, hosts and addresses, and names what does not belong in them', () => {
    const config = readConfig({
      DNS_SERVERS: '192.0.2.53, 192.0.2.54:5353,[2001:db8::53]:53,2001:db8::54',
      ALLOW_PRIVATE_HOSTS: 'Relay.Internal,10.0.0.0/8,fd00::/8,127.0.0.1',
      SENDING_ADDRESSES: '198.51.100.7,2001:db8::7',
    });
    expect(config.DNS_SERVERS).toEqual(['192.0.2.53', '192.0.2.54:5353', '[2001:db8::53]:53', '2001:db8::54']);
    expect(config.ALLOW_PRIVATE_HOSTS).toEqual(['relay.internal', '10.0.0.0/8', 'fd00::/8', '127.0.0.1']);
    expect(config.SENDING_ADDRESSES).toEqual(['198.51.100.7', '2001:db8::7']);
    expect(readConfig({}).DNS_SERVERS).toEqual([]);
    const mistakes = mistakesOf({
      DNS_SERVERS: 'dns.example.com',
      ALLOW_PRIVATE_HOSTS: '10.0.0.0/33',
      SENDING_ADDRESSES: '198.51.100',
      BOUNCE_DOMAIN: 'nowhere',
      DKIM_KEY_FILE: '/etc/dkim.pem',
    });
    expect(mistakes.map((mistake) => mistake.split(' ')[0])).toEqual(
      expect.arrayContaining([
        'DNS_SERVERS',
        'ALLOW_PRIVATE_HOSTS',
        'SENDING_ADDRESSES',
        'BOUNCE_DOMAIN',
        'DKIM_SELECTOR',
      ]),
    );
  });

  it('drops the slash at the end of the base address and knows whether it is secure', () => {
    const config = readConfig({ BASE_URL: 'https://surveys.example.com/' });
    expect([config.baseUrl, config.isSecure]).toEqual(['https://surveys.example.com', true]);
  });
});
