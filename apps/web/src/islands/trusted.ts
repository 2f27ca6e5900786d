/** The one place that gives the browser an address to run (Trusted Types): a worker of ours, and nothing else. */
type Policy = { createScriptURL(address: string): string };
type Factory = { createPolicy(name: string, rules: Policy): Policy };

const rules: Policy = {
  createScriptURL(address) {
    const url = new URL(address, location.href);
    if (url.origin === location.origin && /^\/assets\/[\w.-]+\.js$/.test(url.pathname)) return address;
    throw new TypeError('only our own workers run here');
  },
};
const factory = (globalThis as { readonly trustedTypes?: Factory }).trustedTypes;
let policy: Policy | undefined;

/** Starts a worker from our assets. @param address as the bundler wrote it @param name what the worker is told */
export function startWorker(address: string, name: string): Worker {
  policy ??= factory === undefined ? rules : factory.createPolicy('segel', rules);
  return new Worker(policy.createScriptURL(address), { type: 'module', name });
}
