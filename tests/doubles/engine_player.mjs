// A double of an engine of a version that Debian does not have: it plays a stream that was recorded, and answers what
// it is asked about containers and images. Refuses as the original refuses: a version that it does not speak, what is
// not there. Leaves out builds (buildkit.mjs) and everything that changes something.
import http from 'node:http';
import { rm } from 'node:fs/promises';

export class EnginePlayer {
  containers = {}; // by id: what inspecting tells
  images = {};
  logs = {}; // by id: frames
  asked = [];
  #readers = new Set();

  /// kind: { api, minimum, server, contentType, separator, podman }
  constructor(folder, kind) {
    Object.assign(this, { folder, kind, path: `${folder}/engine.sock`, host: `unix://${folder}/engine.sock` });
  }

  start() {
    this.server = http.createServer((request, reply) => this.#answer(request, reply));
    return new Promise((done) => this.server.listen(this.path, done));
  }
  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    await rm(this.path, { force: true });
  }
  get readers() {
    return this.#readers.size;
  }
  /// One event, in this version's framing, in two pieces.
  says(event) {
    const text = `${this.kind.separator ?? ''}${JSON.stringify(event)}\n`;
    const half = Math.floor(text.length / 2);
    for (const reader of this.#readers) {
      reader.write(text.slice(0, half));
      reader.write(text.slice(half));
    }
  }

  #answer(request, reply) {
    this.asked.push(`${request.method} ${request.url}`);
    const { api, minimum, server, podman, contentType } = this.kind;
    const json = (status, value) => reply.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    if (request.url === '/_ping') {
      const headers = { 'Api-Version': api, Server: server, Ostype: 'linux' };
      return reply.writeHead(200, podman ? { ...headers, 'Libpod-Api-Version': podman } : headers).end('OK');
    }
    const [, version, target] = /^\/v1\.(\d+)(\/.*)$/.exec(request.url) ?? [];
    if (!target) return json(404, { message: 'page not found' });
    const [newest, oldest] = [api, minimum].map((each) => Number(each.split('.')[1]));
    if (Number(version) > newest)
      return json(400, { message: `client version 1.${version} is too new. Maximum supported API version is ${api}` });
    if (Number(version) < oldest)
      return json(400, { message: `client version 1.${version} is too old. Minimum supported API version is ${minimum}` });
    if (request.method !== 'GET') return json(405, { message: 'method not allowed' });
    if (target.startsWith('/events?')) {
      reply.writeHead(200, { 'Content-Type': contentType });
      reply.flushHeaders();
      this.#readers.add(reply);
      reply.on('close', () => this.#readers.delete(reply));
      return undefined;
    }
    if (target === '/containers/json?all=1')
      return json(200, Object.entries(this.containers).map(([Id, { State }]) => ({ Id, State: State.Status })));
    const [, kind, id, what] = /^\/(containers|images)\/([^/?]+)\/(json|logs)/.exec(decodeURIComponent(target)) ?? [];
    const known = this[kind]?.[id];
    if (!known) return json(404, { message: `No such ${kind === 'images' ? 'image' : 'container'}: ${id}` });
    if (what === 'json') return json(200, known);
    const type = known.Config?.Tty ? 'application/vnd.docker.raw-stream' : 'application/vnd.docker.multiplexed-stream';
    return reply.writeHead(200, { 'Content-Type': type }).end(this.logs[id] ?? '');
  }
}

/// A frame of a log: stream 1 is standard output, 2 the errors (Docker Engine API, "Attach to a container").
export function frame(stream, text) {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}
