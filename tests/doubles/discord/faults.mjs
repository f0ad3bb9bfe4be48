// Faults on demand. `faults.push({ … })` asks for one; the next request that it matches meets it.
//   where    method, path (text contained or RegExp on the path), route (the template), match(call) → bool
//   times    how many requests meet it (1), skip: how many matching ones pass first (0)
//   kind     status   answers with `status`, `body`, `headers`, `html`; when: 'before' (nothing done) or 'after'
//            reset    cuts the connection; when: 'before' or 'after' processing
//            delay    waits `ms`, then goes on as usual; when: 'before' or 'after' processing
//            hang     never answers; when: 'before' or 'after'
//            garbled  processes, then answers 200 with something that is no JSON; `body`
//            truncated  processes, then cuts the connection in the middle of the body
//            limited  429: retryAfter (s), scope, global, code; form: 'json' | 'html' | 'text' | 'header' | 'bare'
export class Faults {
  #asked = [];

  push(...faults) {
    for (const fault of faults) {
      this.#asked.push({ times: 1, skip: 0, when: 'before', met: 0, ...fault });
    }
  }

  clear() {
    this.#asked = [];
  }
  get waiting() {
    return this.#asked.filter((fault) => fault.times > 0).length;
  }

  meet(call) {
    for (const fault of this.#asked) {
      if (fault.times <= 0 || !matches(fault, call)) continue;
      if (fault.skip > 0) {
        fault.skip -= 1;
        continue;
      }
      fault.times -= 1;
      fault.met += 1;
      return fault;
    }
    return null;
  }
}

function matches(fault, call) {
  if (fault.method && fault.method !== call.method) return false;
  if (fault.route && fault.route !== call.route) return false;
  if (typeof fault.path === 'string' && !call.path.includes(fault.path)) return false;
  if (fault.path instanceof RegExp && !fault.path.test(call.path)) return false;
  return fault.match ? fault.match(call) : true;
}

const page = (title) =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1>` +
  '<p>Cloudflare</p></body></html>\n';

/// The reply of a fault of kind status or limited: { status, headers, text }.
export function faultReply(fault) {
  if (fault.kind === 'status') {
    if (fault.html ?? fault.body === undefined) {
      return {
        status: fault.status,
        headers: { 'Content-Type': 'text/html', ...fault.headers },
        text: page(`Error ${fault.status}`),
      };
    }
    return {
      status: fault.status,
      headers: { 'Content-Type': 'application/json', ...fault.headers },
      text: typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body),
    };
  }
  const { retryAfter = 1, scope = 'user', global = false, code, form = 'json' } = fault;
  const headers =
    form === 'bare' ? {} : { 'Retry-After': String(fault.headerRetryAfter ?? Math.ceil(retryAfter)) };
  if (form === 'html')
    return {
      status: 429,
      headers: { ...headers, 'Content-Type': 'text/html' },
      text: page('Access denied | 1015'),
    };
  if (form === 'text')
    return { status: 429, headers: { ...headers, 'Content-Type': 'text/plain' }, text: 'error code: 1015' };
  if (form === 'header' || form === 'bare') return { status: 429, headers, text: '' };
  return {
    status: 429,
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      'X-RateLimit-Scope': scope,
      ...(global ? { 'X-RateLimit-Global': 'true' } : {}),
    },
    text: JSON.stringify({
      message: 'You are being rate limited.',
      retry_after: retryAfter,
      global,
      ...(code ? { code } : {}),
    }),
  };
}
