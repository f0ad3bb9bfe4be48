// The REST half over real sockets: what every request goes through before a route sees it. Order, as at
// Discord: ban, user agent, route, token, global limit, bucket, content type, body, permission, work.
import { createServer } from 'node:http';
import { ApiError } from './errors.mjs';
import { faultReply } from './faults.mjs';
import { routes } from './routes.mjs';

const mostBody = 26 * 1024 * 1024;
const pause = (ms) =>
  new Promise((done) => {
    setTimeout(done, ms);
  });

async function read(request) {
  const pieces = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size > mostBody) throw new ApiError(413, 40005, { message: 'Request entity too large' });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function parseJson(bytes) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError(400, 50109);
  }
}

/// Parts of multipart/form-data: payload_json becomes the body, the others files.
function parseMultipart(bytes, boundary) {
  const files = [];
  let body = {};
  for (const piece of bytes.toString('latin1').split(`--${boundary}`).slice(1, -1)) {
    const [head, ...rest] = piece.replace(/^\r\n/, '').split('\r\n\r\n');
    const content = Buffer.from(rest.join('\r\n\r\n').replace(/\r\n$/, ''), 'latin1');
    const part = /name="([^"]*)"/.exec(head)?.[1];
    const filename = /filename="([^"]*)"/.exec(head)?.[1];
    if (part === 'payload_json') body = parseJson(content);
    else if (filename !== undefined) files.push({ part, filename, size: content.length, content });
    else
      throw new ApiError(400, 50035, {
        errors: { [part]: { _errors: [{ code: 'UNKNOWN_KEY', message: 'No such part.' }] } },
      });
  }
  return { body, files };
}

function parseBody(call) {
  const type = (call.headers['content-type'] ?? '').toLowerCase();
  if (type.startsWith('application/json')) return { body: parseJson(call.raw), files: [] };
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/i.exec(
    call.headers['content-type'] ?? '',
  )?.[1];
  if (boundary) return parseMultipart(call.raw, boundary);
  throw new ApiError(400, 50035, { message: `Invalid Form Body: Content-Type "${type}" is not understood` });
}

export class Rest {
  #sockets = new Set();

  constructor(discord) {
    this.discord = discord;
    this.server = createServer((request, reply) => {
      this.#serve(request, reply);
    });
    this.server.keepAliveTimeout = 30_000;
    this.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  async listen(port) {
    await new Promise((done, failed) => {
      this.server.once('error', failed).listen(port, '127.0.0.1', done);
    });
    this.url = `http://127.0.0.1:${this.server.address().port}/api/v10`;
  }

  async close() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => {
      this.server.close(done);
    });
  }

  /// Cuts every open connection, as a network does.
  dropConnections() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #serve(request, reply) {
    const url = new URL(request.url, 'http://double');
    const call = {
      at: this.discord.clock.now(),
      method: request.method,
      path: url.pathname.replace(/^\/api\/v10/, ''),
      version: /^\/api\/v10\//.test(url.pathname),
      query: url.searchParams,
      headers: request.headers,
      raw: Buffer.alloc(0),
      body: undefined,
      files: [],
      route: null,
      params: {},
      status: null,
      fault: null,
    };
    this.discord.ledger.request(call);
    reply.on('close', () => {
      call.isAnswered = reply.writableFinished;
    });
    try {
      call.raw = await read(request);
      await this.#answer(call, reply);
    } catch (error) {
      if (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return; // the client went away
      this.discord.problem(`the double failed: ${error.stack}`, call);
      this.#send(call, reply, { status: 500, text: '{"message":"the double failed","code":0}' });
    }
  }

  async #answer(call, reply) {
    this.#route(call);
    const fault = this.discord.faults.meet(call);
    call.fault = fault;
    if (fault && fault.when === 'before' && (await this.#suffer(fault, call, reply))) return;
    const result = await this.#process(call);
    if (fault && fault.when === 'after' && (await this.#suffer(fault, call, reply, result))) return;
    if (fault && ['garbled', 'truncated'].includes(fault.kind)) {
      this.#spoil(fault, call, reply, result);
      return;
    }
    this.#send(call, reply, result);
  }

  /// True where the fault was the whole answer.
  async #suffer(fault, call, reply) {
    switch (fault.kind) {
      case 'delay':
        await pause(fault.ms);
        return false;
      case 'hang':
        call.status = 'hang';
        return true;
      case 'reset':
        call.status = 'reset';
        reply.socket?.resetAndDestroy?.() ?? reply.destroy();
        return true;
      case 'status':
      case 'limited':
        this.#send(call, reply, faultReply(fault));
        return true;
      default:
        return false;
    }
  }

  #spoil(fault, call, reply, { text }) {
    if (fault.kind === 'garbled') {
      this.#send(call, reply, {
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        text: fault.body ?? '{"id": "12',
      });
      return;
    }
    call.status = 'truncated';
    reply.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
    reply.write(text.slice(0, text.length / 2));
    setImmediate(() => reply.destroy());
  }

  #route(call) {
    for (const route of routes) {
      const match = route.method === call.method && route.pattern.exec(call.path);
      if (!match) continue;
      call.spec = route;
      call.route = route.template;
      for (const [name, value] of Object.entries(match.groups ?? {}))
        call.params[name] = decodeURIComponent(value);
      return;
    }
  }

  async #process(call) {
    const { discord } = this;
    const headers = {};
    try {
      if (discord.limits.bannedUntil > discord.clock.now()) {
        return {
          status: 429,
          headers: { 'Content-Type': 'text/html', 'Retry-After': '3600' },
          text: '<html>You are being blocked from accessing our API temporarily</html>',
        };
      }
      if (!/^DiscordBot \([^\s,]+,? [^)]+\)/.test(call.headers['user-agent'] ?? ''))
        throw new ApiError(403, 40333);
      if (!call.spec || !call.version) throw new ApiError(404, 0, { message: '404: Not Found' });
      this.#authorize(call);
      this.#limit(call, headers);
      if (call.spec.body) {
        Object.assign(call, parseBody(call));
        this.#holdAgainstDescription(call);
      }
      const { status = 200, body } = (await call.spec.work(discord, call)) ?? { status: 204 };
      this.#holdAnswer(call, status, body);
      return { status, headers, text: body === undefined ? '' : JSON.stringify(body) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return this.#refusal(call, error, headers);
    }
  }

  #refusal(call, { status, body, limited }, headers) {
    if (status === 401 || status === 403 || (status === 429 && limited.scope !== 'shared'))
      this.discord.limits.countInvalid();
    if (!call.spec || body.code === 50035 || body.code === 50109 || body.code === 50006) {
      this.discord.problem(`refused ${status} ${JSON.stringify(body)}`, call);
    }
    if (limited) {
      Object.assign(headers, {
        'Retry-After': String(Math.ceil(limited.retryAfter)),
        'X-RateLimit-Scope': limited.scope,
      });
      if (limited.global) headers['X-RateLimit-Global'] = 'true';
    }
    return { status, headers, text: JSON.stringify(body) };
  }

  #authorize(call) {
    const given = call.headers.authorization;
    if (call.spec.auth === 'url') {
      if (given !== undefined)
        this.discord.problem('the bot token was sent to a URL that carries its own', call);
      return;
    }
    if (given !== `Bot ${this.discord.token}`) throw new ApiError(401, 0);
  }

  #limit(call, headers) {
    const { limits } = this.discord;
    const refused = (limited) => {
      const error = new ApiError(429, limited.code ?? 0, { message: 'You are being rate limited.' });
      error.body = {
        message: 'You are being rate limited.',
        retry_after: limited.retryAfter,
        global: limited.global,
        ...(limited.code ? { code: limited.code } : {}),
      };
      error.limited = limited;
      this.discord.ledger.limited(call, limited);
      throw error;
    };
    this.discord.ledger.checkPatience(call);
    const global = call.spec.auth === 'url' ? null : limits.takeGlobal();
    if (global) refused(global);
    for (const [name, major] of call.spec.buckets(this.discord, call)) {
      const limited = limits.take(name, major);
      if (!limits.limits[name].isHidden) Object.assign(headers, limits.headers(name, major));
      if (limited) refused(limited);
    }
  }

  #holdAgainstDescription(call) {
    const wrong = this.discord.openapi?.request(call.method, call.route, call.body);
    if (wrong) this.discord.problem(`not what Discord's OpenAPI description takes: ${wrong}`, call);
  }

  #holdAnswer(call, status, body) {
    if (body === undefined || !this.discord.openapi || !this.discord.checksItself) return;
    const wrong = this.discord.openapi.response(
      call.method,
      call.route,
      status,
      JSON.parse(JSON.stringify(body)),
    );
    if (wrong) this.discord.ownMistakes.push(`${call.method} ${call.route} ${status}: ${wrong}`);
  }

  #send(call, reply, { status, headers = {}, text = '' }) {
    call.status = status;
    call.reply = text;
    const own = { Via: '1.1 google', ...(text ? { 'Content-Type': 'application/json' } : {}), ...headers };
    if (status !== 204) own['Content-Length'] = Buffer.byteLength(text);
    if (!reply.destroyed) reply.writeHead(status, own).end(text);
    this.discord.ledger.answered(call);
  }
}
