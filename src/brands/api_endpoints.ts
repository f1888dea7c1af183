/** Calls that cost more than others, and how many of them one token may make a minute. */
export const ENDPOINTS: { name: string; methods: RegExp; path: RegExp; perMinute: number }[] = [
  { name: 'exports', methods: /^POST$/, path: /^surveys\/[^/]+\/export-responses$/, perMinute: 100 },
  { name: 'export progress', methods: /^(GET|HEAD)$/, path: /^surveys\/[^/]+\/export-responses\//, perMinute: 1000 },
  { name: 'history', methods: /^(GET|HEAD)$/, path: /^distributions\/[^/]+\/history$/, perMinute: 300 },
  { name: 'links', methods: /^(GET|HEAD)$/, path: /^distributions\/[^/]+\/links$/, perMinute: 500 },
  { name: 'contact writes', methods: /^(POST|PUT|DELETE)$/, path: /^(directories|mailinglists)(\/|$)/, perMinute: 500 },
];

/** A kind of call that has a limit of its own below the brand's. */
export interface Endpoint {
  name: string;
  perMinute: number;
}

/** @param path of a request, `/API/v3/…` without a query */
export function endpointOf(method: string, path: string): Endpoint | undefined {
  const [, call] = /^\/API\/v\d\/(.*)$/.exec(path) ?? [];
  return call === undefined
    ? undefined
    : ENDPOINTS.find((endpoint) => endpoint.methods.test(method) && endpoint.path.test(call));
}
