// A double of a Docker engine as far as builds are heard of: /_ping, /events (silent), images, and BuildKit's control
// API over gRPC, behind POST /grpc or as HTTP/2 from the first byte. What it says is made field by field as
// moby/buildkit's api/services/control/control.proto documents it.
//
// It leaves out: containers, everything else of BuildKit, compression, TLS.
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { rm } from 'node:fs/promises';

function varint(number) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(number));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}
const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, value) => {
  const inside = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(inside.length), inside]);
};
const none = Buffer.alloc(0);
const entry = ([key, value]) => Buffer.concat([bytes(1, key), bytes(2, value)]);
const entries = (field, map = {}) => Buffer.concat(Object.entries(map).map((each) => bytes(field, entry(each))));
const time = (field, ms) =>
  ms ? bytes(field, Buffer.concat([number(1, Math.floor(ms / 1000)), number(2, (ms % 1000) * 1e6)])) : none;

/// BuildHistoryRecord.
function record({ ref, attributes, names = [], response, error, created, completed, steps = [0, 0, 0], unknown }) {
  return Buffer.concat([
    bytes(1, ref),
    bytes(2, 'dockerfile.v0'),
    entries(3, attributes),
    names.length ? bytes(4, Buffer.concat([bytes(1, 'image'), entries(2, { name: names.join(',') })])) : none,
    error ? bytes(5, Buffer.concat([number(1, error.code), bytes(2, error.message)])) : none,
    time(6, created),
    time(7, completed),
    entries(9, response),
    number(12, 3), // Generation
    number(15, steps[2]),
    number(16, steps[0]),
    number(17, steps[1]),
    unknown ? bytes(4000, unknown) : none,
  ]);
}
export const started = (build) =>
  Buffer.concat([number(1, 0), bytes(2, record({ ...build, completed: 0, error: null }))]);
export const complete = (build) => Buffer.concat([number(1, 1), bytes(2, record(build))]);

/// StatusResponse: a step with its name, its error where it failed, and pieces of what it printed.
export function status({ digest, name, error, prints = [] }) {
  const step = Buffer.concat([bytes(1, digest), bytes(3, name), error ? bytes(7, error) : none]);
  const log = (text) => bytes(3, Buffer.concat([bytes(1, digest), number(3, 1), bytes(4, text)]));
  return Buffer.concat([bytes(1, step), ...prints.map(log)]);
}

function frame(message) {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

export class BuildKitEngine {
  api = '1.47';
  grpc = 101; // or what POST /grpc is answered with
  speaksHttp2 = false; // without /grpc
  method = 0; // the gRPC status of every call; 0: it is carried out
  remembers = []; // builds that are over
  running = []; // builds that are not
  logs = new Map(); // ref → messages of its status
  images = new Map(); // id → what inspecting it tells
  isStalled = false; // calls are taken, and nothing is said
  asked = []; // "1.1 GET /_ping", "grpc ListenBuildHistory 0", …
  #listeners = new Set();
  #sockets = new Set();

  constructor(folder) {
    this.folder = folder;
    this.path = `${folder}/engine.sock`;
    this.host = `unix://${this.path}`;
  }

  get listening() {
    return this.#listeners.size;
  }

  async start() {
    this.http1 = http.createServer((request, reply) => this.#answer(request, reply));
    this.http2 = http2.createServer();
    this.http2.on('stream', (stream, headers) => this.#call(stream, headers));
    this.http2.on('sessionError', () => {});
    await this.#listen(this.http1, `${this.folder}/1.sock`);
    await this.#listen(this.http2, `${this.folder}/2.sock`);
    this.front = net.createServer((socket) => this.#accept(socket));
    await this.#listen(this.front, this.path);
  }

  /// Everybody's connection breaks; nobody can connect until start().
  async stop() {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of [this.front, this.http1, this.http2]) {
      server.closeAllConnections?.();
      await new Promise((done) => server.close(done));
    }
    await rm(this.path, { force: true });
  }

  /// To whoever listens, and remembered.
  starts(build) {
    this.running.push(build);
    this.says(started(build));
  }
  ends(build) {
    this.running = this.running.filter((each) => each.ref !== build.ref);
    this.remembers.push(build);
    this.says(complete(build));
  }
  says(message) {
    for (const stream of this.#listeners) stream.write(frame(message));
  }
  /// Bytes as they are, in pieces of `size`.
  saysRaw(message, size = message.length) {
    for (const stream of this.#listeners)
      for (let at = 0; at < message.length; at += size) stream.write(message.subarray(at, at + size));
  }
  /// The connections of those who listen for builds alone.
  cut() {
    for (const stream of this.#listeners) stream.session.destroy();
  }

  #listen(server, path) {
    return new Promise((done) => server.listen(path, done));
  }

  #accept(socket) {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    socket.once('readable', () => {
      const first = socket.read();
      if (!first) return;
      const text = first.toString('latin1');
      if (text.startsWith('PRI ') && this.speaksHttp2) {
        this.#pass(socket, first, 2);
      } else if (text.startsWith('POST /grpc ') && this.grpc === 101) {
        this.asked.push('1.1 POST /grpc');
        if (!/\r\nConnection: Upgrade\r\n/i.test(text) || !/\r\nUpgrade: h2c\r\n/i.test(text)) throw new Error(text);
        socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
        this.#pass(socket, first.subarray(first.indexOf('\r\n\r\n') + 4), 2);
      } else {
        this.#pass(socket, first, 1);
      }
    });
  }

  #pass(socket, first, version) {
    const inner = net.connect(`${this.folder}/${version}.sock`);
    this.#sockets.add(inner);
    inner.on('error', () => socket.destroy());
    inner.on('close', () => {
      this.#sockets.delete(inner);
      socket.destroy();
    });
    socket.on('close', () => inner.destroy());
    if (first.length) inner.write(first);
    socket.pipe(inner);
    inner.pipe(socket);
  }

  #answer(request, reply) {
    this.asked.push(`1.1 ${request.method} ${request.url}`);
    const image = /^\/v[\d.]+\/images\/(.+)\/json$/.exec(request.url)?.[1];
    if (request.url === '/_ping') {
      reply.writeHead(200, { 'Api-Version': this.api, Server: 'Docker/27.3.1 (linux)' }).end('OK');
    } else if (/^\/v[\d.]+\/events\?/.test(request.url)) {
      reply.writeHead(200, { 'Content-Type': 'application/json' }).flushHeaders();
    } else if (image && this.images.has(decodeURIComponent(image))) {
      reply.end(JSON.stringify(this.images.get(decodeURIComponent(image))));
    } else {
      reply.writeHead(request.url === '/grpc' ? this.grpc : 404).end('{"message":"page not found"}');
    }
  }

  async #call(stream, headers) {
    stream.on('error', () => {});
    let body = Buffer.alloc(0);
    for await (const chunk of stream) body = Buffer.concat([body, chunk]);
    const name = headers[':path'].replace('/moby.buildkit.v1.Control/', '');
    this.asked.push(`grpc ${name} ${body.subarray(5).toString('hex')}`);
    if (this.isStalled) return;
    if (headers['content-type'] !== 'application/grpc' || headers.te !== 'trailers') throw new Error('no gRPC');
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    const end = (code, message = '') => {
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(code), 'grpc-message': message }));
      stream.end();
    };
    if (this.method !== 0) return end(this.method, 'unknown method ListenBuildHistory');
    if (name === 'Status') {
      for (const each of this.logs.get(body.subarray(7).toString()) ?? []) stream.write(frame(each));
      return end(0);
    }
    for (const each of this.running) stream.write(frame(started(each)));
    for (const each of this.remembers) stream.write(frame(complete(each)));
    if (body.subarray(5).toString('hex') === '1801') return end(0);
    this.#listeners.add(stream);
    stream.on('close', () => this.#listeners.delete(stream));
  }
}
