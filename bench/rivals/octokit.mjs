// Octokit's own receiver: checks the signature, parses, stores nothing.
import { createServer } from 'node:http';
import { Webhooks, createNodeMiddleware } from '@octokit/webhooks';

const webhooks = new Webhooks({ secret: process.env.BENCH_SECRET });
webhooks.onAny(() => {});
const middleware = createNodeMiddleware(webhooks, { path: '/webhook/github/hook_001' });
createServer((request, response) => middleware(request, response)).listen(Number(process.env.BENCH_PORT), '127.0.0.1');
