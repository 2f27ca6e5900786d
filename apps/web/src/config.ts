/** Every setting of the web server. `.env.example` is generated from this list and the API's. */
type Key<T> = {
  readonly doc: string;
  readonly parse: (text: string, name: string) => T;
  readonly development?: string;
  readonly production?: string;
};

const text = (value: string): string => value;
const port = (value: string, name: string): number => {
  const n = Number(value);
  if (!Number.isInteger(n) || n < 0 || n > 65_535)
    throw new Error(`${name} must be a port, not ${JSON.stringify(value)}`);
  return n;
};
const origin = (value: string, name: string, protocols: readonly string[]): URL => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !protocols.includes(url.protocol) || url.href !== `${url.origin}/`)
    throw new Error(`${name} must be ${protocols.join('// or ')}//host, without a path, not ${JSON.stringify(value)}`);
  return url;
};
const address = (value: string, name: string): URL => origin(value, name, ['http:']);
const place = (value: string, name: string): string => origin(value, name, ['http:', 'https:']).origin;
const seed = (value: string, name: string): Uint8Array => {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== 32) throw new Error(`${name} must be 32 bytes in base64`);
  return bytes;
};
const list = (value: string): readonly string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
const key = <T>(k: Key<T>): Key<T> => k;

export const WEB_KEYS = {
  WEB_HOST: key({
    doc: 'Address the web server listens on; `npm start` takes HTTP_HOST for it.',
    parse: text,
    development: '127.0.0.1',
    production: '0.0.0.0',
  }),
  WEB_PORT: key({
    doc: 'Port of the web server: pages, and /api and /log passed on to the API. `npm start` takes HTTP_PORT for it.',
    parse: port,
    development: '3000',
    production: '8080',
  }),
  API_URL: key({
    doc: 'Where the web server reaches the API, without TLS: the same machine or network. `npm start` sets it.',
    parse: address,
    development: 'http://127.0.0.1:3001',
  }),
  WEB_PUBLIC_URL: key({
    doc: 'Address people use for the pages. With https:// cookies are for TLS only. `npm start` takes PUBLIC_URL unless it is set.',
    parse: place,
    development: 'http://localhost:3000',
  }),
  WEB_TRUSTED_PROXIES: key({
    doc: 'Addresses of reverse proxies before the web server whose X-Forwarded-For is believed. The API believes the web server by TRUSTED_PROXIES.',
    parse: list,
    development: '',
    production: '',
  }),
  WEB_SECRET: key({
    doc: '32 bytes in base64; signs the forms’ tokens. Changing it asks people to send an open form again.',
    parse: seed,
  }),
} as const;

export type WebSettings = { readonly [K in keyof typeof WEB_KEYS]: ReturnType<(typeof WEB_KEYS)[K]['parse']> };

/** The settings of an environment. Throws one sentence per wrong or missing key. */
export function readWebSettings(env: Readonly<Record<string, string | undefined>>): WebSettings {
  const production = env['NODE_ENV'] === 'production';
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, k] of Object.entries<Key<unknown>>(WEB_KEYS)) {
    const value = env[name] || (production ? k.production : k.development);
    try {
      if (value === undefined) throw new Error(`${name} is missing. ${k.doc}`);
      settings[name] = k.parse(value, name);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (problems.length > 0) throw new Error(`The settings are not usable:\n- ${problems.join('\n- ')}`);
  return settings as WebSettings;
}

/** Injected settings. */
export class WebConfig {
  constructor(
    readonly settings: WebSettings,
    readonly now: () => Date = () => new Date(),
  ) {}

  get secure(): boolean {
    return this.settings.WEB_PUBLIC_URL.startsWith('https:');
  }
}
