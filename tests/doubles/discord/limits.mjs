// Discord's rate limits ("Rate Limits"): buckets per route and major id, the global limit, and the ban after
// too many invalid requests. Windows of undocumented buckets are those that communities observed.
import { createHash } from 'node:crypto';

/// Calls and milliseconds. POST and PATCH of messages report the same hash and count apart, as Discord's do.
export const defaultLimits = {
  create: { calls: 5, window: 5000, hash: 'messages' },
  edit: { calls: 5, window: 5000, hash: 'messages' },
  editOld: { calls: 3, window: 6000, code: 30046 },
  remove: { calls: 5, window: 1000 },
  reaction: { calls: 1, window: 250 },
  webhook: { calls: 5, window: 2000 },
  webhookChannel: { calls: 30, window: 60000, isHidden: true },
  lookup: { calls: 50, window: 10000 },
  history: { calls: 20, window: 5000 },
  thread: { calls: 10, window: 10000 },
  direct: { calls: 10, window: 10000 },
  global: { calls: 50, window: 1000 },
  invalid: { calls: 10000, window: 600000 },
};

class Window {
  constructor(limit) {
    this.limit = limit;
    this.used = 0;
    this.endsAt = 0;
  }

  take(now) {
    if (now >= this.endsAt) {
      this.used = 0;
      this.endsAt = now + this.limit.window;
    }
    if (this.used >= this.limit.calls) return false;
    this.used += 1;
    return true;
  }
}

export class RateLimits {
  #windows = new Map();
  bannedUntil = 0;

  /// `pace` divides every window: with 10, what takes Discord 5 s takes the double 0.5 s, truly told.
  constructor(clock, { pace = 1, limits = {} } = {}) {
    this.clock = clock;
    this.limits = {};
    for (const [name, limit] of Object.entries({ ...defaultLimits, ...limits })) {
      this.limits[name] = { ...limit, window: limit.window / pace };
    }
  }

  #window(name, major = '') {
    const key = `${name} ${major}`;
    if (!this.#windows.has(key)) this.#windows.set(key, new Window(this.limits[name]));
    return this.#windows.get(key);
  }

  /// null, or the refusal: { scope, retryAfter (s), global, code }.
  takeGlobal() {
    const now = this.clock.now();
    const window = this.#window('global');
    return window.take(now)
      ? null
      : { scope: 'global', global: true, retryAfter: (window.endsAt - now) / 1000 };
  }

  take(name, major) {
    const now = this.clock.now();
    const window = this.#window(name, major);
    if (window.take(now)) return null;
    const { code, isHidden } = window.limit;
    return {
      scope: isHidden ? 'shared' : 'user',
      global: false,
      retryAfter: (window.endsAt - now) / 1000,
      code,
    };
  }

  /// The headers that stand on every reply of a route with a bucket.
  headers(name, major) {
    const now = this.clock.now();
    const window = this.#window(name, major);
    const { calls, hash } = window.limit;
    return {
      'X-RateLimit-Limit': String(calls),
      'X-RateLimit-Remaining': String(Math.max(0, calls - window.used)),
      'X-RateLimit-Reset': (window.endsAt / 1000).toFixed(3),
      'X-RateLimit-Reset-After': (Math.max(0, window.endsAt - now) / 1000).toFixed(3),
      'X-RateLimit-Bucket': createHash('sha256')
        .update(hash ?? name)
        .digest('hex')
        .slice(0, 32),
    };
  }

  /// Counts an answer of 401, 403 or 429 (unless its scope is shared); too many lead to a ban.
  countInvalid() {
    const now = this.clock.now();
    if (!this.#window('invalid').take(now)) this.bannedUntil = now + 3600_000;
  }

  get invalidCount() {
    return this.#window('invalid').used;
  }
}
