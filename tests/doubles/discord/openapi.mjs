// Discord's published OpenAPI description, where HOOKLINE_DISCORD_OPENAPI names it: every request body is held
// against it, and what this double answers where a test asks for that.
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/// RFC 6902, as far as the file's overlay needs it: add and replace.
function applyOverlay(document) {
  for (const { op, path, value } of document['x-docs-overlay'] ?? []) {
    const steps = path
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = steps.pop();
    const target = steps.reduce((node, step) => node[step], document);
    if (Array.isArray(target) && op === 'add')
      target.splice(last === '-' ? target.length : Number(last), 0, value);
    else target[last] = value;
  }
}

const pointer = (...steps) =>
  steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

export class OpenApi {
  #checks = new Map();

  static #loaded = new Map();

  /// One for each file and process: reading it and compiling its schemas takes about a second, in which nothing
  /// else happens. What most requests need is compiled here, before anybody waits.
  static load(path = process.env.HOOKLINE_DISCORD_OPENAPI) {
    if (!path) return null;
    if (!OpenApi.#loaded.has(path)) {
      const loaded = new OpenApi(JSON.parse(readFileSync(path, 'utf8')));
      loaded.request('POST', '/channels/{channel_id}/messages', {});
      loaded.request('PATCH', '/channels/{channel_id}/messages/{message_id}', {});
      loaded.request('POST', '/webhooks/{webhook_id}/{webhook_token}', {});
      loaded.request('POST', '/users/@me/channels', {});
      OpenApi.#loaded.set(path, loaded);
    }
    return OpenApi.#loaded.get(path);
  }

  constructor(document) {
    applyOverlay(document);
    this.document = document;
    this.ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
    addFormats(this.ajv);
    this.ajv.addFormat('snowflake', /^(0|[1-9][0-9]*)$/);
    for (const name of ['nonce', 'uint32', 'binary']) this.ajv.addFormat(name, true);
    this.ajv.addSchema(document, 'discord');
  }

  #check(where) {
    if (!this.#checks.has(where)) this.#checks.set(where, this.ajv.compile({ $ref: `discord#/${where}` }));
    return this.#checks.get(where);
  }

  /// '' where `body` is what the operation takes (or the description does not have it), else what is wrong.
  request(method, template, body) {
    return this.#hold(this.document.paths[template]?.[method.toLowerCase()]?.requestBody, body, [
      'paths',
      template,
      method.toLowerCase(),
      'requestBody',
    ]);
  }

  response(method, template, status, body) {
    return this.#hold(this.document.paths[template]?.[method.toLowerCase()]?.responses?.[status], body, [
      'paths',
      template,
      method.toLowerCase(),
      'responses',
      String(status),
    ]);
  }

  #hold(part, body, steps) {
    if (!part?.content?.['application/json']) return '';
    const check = this.#check(pointer(...steps, 'content', 'application/json', 'schema'));
    return check(body) ? '' : this.ajv.errorsText(check.errors, { dataVar: 'body' });
  }
}
