// What happened, exactly and in order: every request with its answer, every message with its edits, and what
// a client did against the rules.
import { EventEmitter } from 'node:events';

export class Ledger extends EventEmitter {
  requests = [];
  messages = []; // { channel, message }, in the order they became visible
  problems = []; // { what, call }: bodies that Discord's rules or description refuse, and the like
  #blocked = new Map(); // rate-limited until: route and major id, or 'global'

  constructor(clock) {
    super();
    this.clock = clock;
    this.setMaxListeners(0);
  }

  changed() {
    this.emit('change');
  }
  request(call) {
    call.n = this.requests.push(call);
  }
  answered() {
    this.changed();
  }

  posted(channel, message) {
    this.messages.push({ channel, message });
    this.changed();
  }

  limited(call, { global, retryAfter }) {
    this.#blocked.set(global ? 'global' : keyOf(call), this.clock.now() + retryAfter * 1000);
  }

  /// A 429 names a time; asking again before it has come is a mistake of the client. Requests that were on
  /// their way when the 429 was sent are not.
  checkPatience(call) {
    for (const key of ['global', keyOf(call)]) {
      const until = this.#blocked.get(key);
      const told =
        until !== undefined &&
        this.requests.some(
          (r) =>
            r !== call &&
            r.status === 429 &&
            r.isAnswered &&
            r.at < call.at - 50 &&
            (key === 'global' || keyOf(r) === key),
        );
      if (told && this.clock.now() < until) {
        this.problems.push({
          what: `asked ${Math.ceil(until - this.clock.now())} ms before retry_after ended`,
          call,
        });
      }
    }
  }

  /// Waits until `holds()` is true, looked at after every change; throws what `what` says after `within` ms.
  async until(holds, { within = 20_000, what = 'the condition' } = {}) {
    const end = Date.now() + within;
    for (;;) {
      const result = await holds();
      if (result) return result;
      const left = end - Date.now();
      if (left <= 0)
        throw new Error(
          `after ${within} ms it still does not hold: ${typeof what === 'function' ? what() : what}`,
        );
      await this.#nextChange(Math.min(left, 50));
    }
  }

  #nextChange(most) {
    return new Promise((done) => {
      const over = () => {
        clearTimeout(timer);
        this.off('change', over);
        done();
      };
      const timer = setTimeout(over, most);
      this.once('change', over);
    });
  }
}

const keyOf = (call) =>
  `${call.method} ${call.route} ${call.params.channel_id ?? call.params.webhook_id ?? call.params.guild_id ?? ''}`;
