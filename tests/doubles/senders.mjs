// Deliveries as GitLab, Jenkins, CircleCI, Docker Hub and registries send them: headers, content types and proofs,
// each made here from the service's documentation, not by the program. Payloads are the samples of src/services.
//
// It leaves out: retries, the services' own APIs, Jenkins' other modes (XML, TCP, UDP).
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { delivery as githubDelivery } from './github.mjs';

const services = new URL('../../src/services/', import.meta.url);

/// A copy of src/services/<service>/samples/<name>.json, changed by `change`.
export function sample(service, name, change = () => {}) {
  const payload = JSON.parse(readFileSync(new URL(`${service}/samples/${name}.json`, services), 'utf8'));
  change(payload);
  return payload;
}

const hmac = (secret, text, form) => createHmac('sha256', secret).update(text).digest(form);

/// GitLab, "Webhooks": the secret token as it is; with `signed`, the newer signature instead (Standard Webhooks).
function gitlab(payload, { secret, event = 'Pipeline Hook', signed = false }) {
  const body = JSON.stringify(payload);
  const id = randomUUID();
  const timestamp = String(Math.floor(Date.now() / 1000));
  return {
    body,
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'GitLab/17.5.1-ee',
      'X-Gitlab-Event': event,
      'X-Gitlab-Instance': 'https://gitlab.example.com',
      'X-Gitlab-Webhook-UUID': randomUUID(),
      'X-Gitlab-Event-UUID': randomUUID(),
      'Idempotency-Key': id,
      ...(signed
        ? {
            'webhook-id': id,
            'webhook-timestamp': timestamp,
            'webhook-signature': `v1,${hmac(secret, `${id}.${timestamp}.${body}`, 'base64')}`,
          }
        : { 'X-Gitlab-Token': secret }),
    },
  };
}

/// CircleCI, "Webhooks": v1 beside versions that are yet to come.
function circleci(payload, { secret }) {
  const body = JSON.stringify(payload);
  return {
    body,
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'CircleCI-Webhook/1.0',
      'circleci-event-type': payload.type,
      'circleci-signature': `v1=${hmac(secret, body, 'hex')},v2=abc`,
    },
  };
}

/// Jenkins' plugins sign nothing: the secret ends the URL, or is the password in it.
function jenkins(payload, { secret, basic = false }) {
  const type = payload.type ? { 'X-Event-Type': payload.type, Referrer: 'https://jenkins.example.org/' } : {};
  return {
    body: JSON.stringify(payload),
    path: basic ? '' : `/${secret}`,
    headers: {
      'Content-Type': 'application/json;charset=UTF-8',
      'User-Agent': 'Java/17.0.12',
      ...type,
      ...(basic ? { Authorization: `Basic ${Buffer.from(`hook:${secret}`).toString('base64')}` } : {}),
    },
  };
}

/// Docker Hub: the secret ends the URL. A registry of one's own may send a header instead.
function docker(payload, { secret }) {
  const isRegistry = Array.isArray(payload.events);
  return {
    body: JSON.stringify(payload),
    path: isRegistry ? '' : `/${secret}`,
    headers: isRegistry
      ? {
          'Content-Type': 'application/vnd.docker.distribution.events.v2+json',
          'User-Agent': 'Go-http-client/1.1',
          Authorization: `Bearer ${secret}`,
        }
      : { 'Content-Type': 'application/json', 'User-Agent': 'python-requests/2.32.3' },
  };
}

const github = (payload, { secret, event }) => githubDelivery(event, payload, { secret });

const senders = { circleci, docker, github, gitlab, jenkins };

/// Sends `payload` to the endpoint's `url` as `sender` does; the answer's { status, text }.
export async function send(sender, url, payload, options) {
  const { body, headers, path = '' } = await senders[sender](payload, options);
  const reply = await fetch(url + path, { method: 'POST', headers, body });
  return { status: reply.status, text: await reply.text() };
}
