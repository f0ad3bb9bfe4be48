// One WebSocket of the gateway: hello, heartbeats, identify, resume, and what Discord closes it for.
import { intents, privileged } from './gateway.mjs';
import { token as randomToken } from './world.mjs';

const knownIntents = 0b11_0011_1111_1111_1111_1111_1111; // bits 0 to 25 but 22 and 23, as documented
const documented = knownIntents & ~(1 << 22) & ~(1 << 23);
const framesAMinute = 120;

/// What survives a lost connection: what was dispatched, to be replayed.
class Session {
  seq = 0;
  events = [];
  connection = null;
  leftAt = null;

  constructor(held) {
    this.id = randomToken(16);
    this.intents = held;
  }

  dispatch(t, d) {
    this.seq += 1;
    const frame = JSON.stringify({ op: 0, t, s: this.seq, d });
    this.events.push(t === 'RESUMED' ? null : frame); // it tells of a connection, and is not replayed on another
    this.connection?.sendText(frame);
  }
}

export class Connection {
  session = null;
  isReady = false;
  heartbeats = [];
  #frames = [];

  constructor(gateway, socket, kind, url) {
    this.gateway = gateway;
    this.socket = socket;
    this.kind = kind;
    this.openedAt = gateway.discord.clock.now();
    socket.on('message', (bytes, isBinary) => this.#received(bytes, isBinary));
    socket.on('close', (code) => this.#closed(code));
    socket.on('error', () => {});
    if (url.searchParams.get('v') !== '10') {
      this.close(4012, 'Invalid API version');
      return;
    }
    if (url.searchParams.get('encoding') !== 'json' || url.searchParams.has('compress')) {
      this.close(4002, 'the double speaks plain JSON');
      return;
    }
    if (!gateway.faults.silentHello)
      this.send({
        op: 10,
        s: null,
        t: null,
        d: { heartbeat_interval: gateway.heartbeatInterval, _trace: [] },
      });
    this.#watch();
  }

  send(frame) {
    this.sendText(JSON.stringify({ s: null, t: null, ...frame }));
  }
  sendText(text) {
    if (this.socket.readyState === 1) this.socket.send(text);
  }

  close(code, reason = '') {
    this.closedByDouble = code;
    this.socket.close(code, reason);
    this.gateway.note('closed by Discord', { code });
  }

  drop() {
    this.socket.terminate();
  }

  /// Discord closes a connection that does not beat.
  #watch() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.gateway.discord.problem('a heartbeat was missed');
      this.close(4009, 'Session timed out');
    }, this.gateway.heartbeatInterval * 2);
    this.timer.unref();
  }

  #closed(code) {
    clearTimeout(this.timer);
    this.isReady = false;
    this.gateway.connections.delete(this);
    this.gateway.note('close', { code, byDouble: this.closedByDouble ?? null });
    if (this.session?.connection !== this) return;
    this.session.connection = null;
    this.session.leftAt = this.gateway.discord.clock.now();
    if ((code === 1000 || code === 1001) && this.closedByDouble === undefined)
      this.gateway.sessions.delete(this.session.id);
  }

  #isTooFast() {
    const now = this.gateway.discord.clock.now();
    this.#frames = this.#frames.filter((at) => now - at < 60_000);
    this.#frames.push(now);
    return this.#frames.length > framesAMinute;
  }

  #received(bytes, isBinary) {
    if (bytes.length > 4096) {
      this.close(4002, 'payload over 4096 bytes');
      return;
    }
    if (this.#isTooFast()) {
      this.close(4008, 'Rate limited');
      return;
    }
    let frame = null;
    try {
      frame = JSON.parse(bytes.toString());
    } catch {
      /* stays null */
    }
    if (isBinary || frame === null || typeof frame !== 'object') {
      this.close(4002, 'Decode error');
      return;
    }
    const work = {
      1: () => this.#heartbeat(frame),
      2: () => this.#identify(frame.d),
      3: () => {},
      6: () => this.#resume(frame.d),
      8: () => {},
    }[frame.op];
    if (!work) {
      this.close(4001, 'Unknown opcode');
      return;
    }
    if (!this.session && ![1, 2, 6].includes(frame.op)) {
      this.close(4003, 'Not authenticated');
      return;
    }
    work();
  }

  #heartbeat({ d }) {
    this.heartbeats.push(this.gateway.discord.clock.now());
    const last = this.session?.seq ?? 0;
    if (d !== null && !(Number.isInteger(d) && d <= last))
      this.gateway.discord.problem(`a heartbeat with d ${JSON.stringify(d)} after s ${last}`);
    if (this.gateway.faults.ignoresHeartbeats) return;
    this.#watch();
    this.send({ op: 11, d: null });
  }

  /// The close code that Discord has for this identify, or null.
  #refusalOf(d) {
    const { discord } = this.gateway;
    if (d?.token !== discord.token) return 4004;
    if (!Number.isInteger(d.intents) || (d.intents & ~documented) !== 0) return 4013;
    if (d.shard && (!Array.isArray(d.shard) || d.shard.length !== 2 || d.shard[0] >= d.shard[1])) return 4010;
    if (['os', 'browser', 'device'].some((key) => typeof d.properties?.[key] !== 'string')) return 4002;
    const allowed = discord.messageContent ? intents.MESSAGE_CONTENT : 0;
    return d.intents & privileged & ~allowed ? 4014 : null;
  }

  #identify(d) {
    const { gateway } = this;
    const { faults } = gateway;
    if (this.session) {
      this.close(4005, 'Already authenticated');
      return;
    }
    gateway.note('identify', { intents: d?.intents });
    if (this.kind === 'resume') gateway.discord.problem('identified at the address for resuming');
    gateway.sessionLimit.remaining -= 1;
    if (faults.closeOnIdentify) {
      this.close(take(faults, 'closeOnIdentify'));
      return;
    }
    const code = this.#refusalOf(d);
    if (code !== null) {
      this.close(code, { 4004: 'Authentication failed.', 4014: 'Disallowed intent(s).' }[code] ?? '');
      return;
    }
    const now = gateway.discord.clock.now();
    const isTooSoon = gateway.identifies.some((at) => now - at < gateway.identifyInterval);
    if (isTooSoon || faults.invalidOnIdentify !== undefined) {
      this.send({ op: 9, d: isTooSoon ? false : take(faults, 'invalidOnIdentify') });
      return;
    }
    gateway.identifies.push(now);
    this.session = new Session(d.intents);
    this.session.connection = this;
    gateway.sessions.set(this.session.id, this.session);
    this.isReady = true;
    gateway.welcome(this.session);
    gateway.note('ready', { intents: d.intents });
  }

  #resume(d) {
    const { gateway } = this;
    const { faults } = gateway;
    gateway.note('resume', { seq: d?.seq });
    if (this.kind === 'identify') gateway.discord.problem('resumed at the address for identifying');
    if (d?.token !== gateway.discord.token) {
      this.close(4004, 'Authentication failed.');
      return;
    }
    if (faults.closeOnResume) {
      this.close(take(faults, 'closeOnResume'));
      return;
    }
    if (faults.invalidOnResume !== undefined) {
      this.send({ op: 9, d: take(faults, 'invalidOnResume') });
      return;
    }
    const session = gateway.sessionOf(d.session_id);
    if (!session) {
      this.send({ op: 9, d: false });
      return;
    }
    if (!Number.isInteger(d.seq) || d.seq > session.seq) {
      this.close(4007, 'Invalid seq');
      return;
    }
    session.connection?.drop();
    const missed = session.events.slice(d.seq).filter((frame) => frame !== null);
    this.session = session;
    for (const frame of missed) this.sendText(frame);
    session.connection = this;
    session.leftAt = null;
    session.dispatch('RESUMED', { _trace: [] });
    this.isReady = true;
    gateway.note('resumed', { replayed: missed.length });
  }
}

function take(faults, name) {
  const value = faults[name];
  delete faults[name];
  return value;
}
