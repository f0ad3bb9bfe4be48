"""The stack that a Python team would build this on: signature checked, one row and one commit per delivery."""
import hashlib
import hmac
import json
import os
import sqlite3

from fastapi import FastAPI, Request, Response

app = FastAPI()
secret = os.environ['BENCH_SECRET'].encode()
database = sqlite3.connect(os.environ['BENCH_DATABASE'], isolation_level=None, check_same_thread=False)
database.execute('PRAGMA journal_mode=WAL')
database.execute('PRAGMA synchronous=FULL')
database.execute('CREATE TABLE IF NOT EXISTS webhook_events (id INTEGER PRIMARY KEY, delivery TEXT UNIQUE, '
                 'event_type TEXT, payload TEXT, received_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)')


@app.post('/webhook/github/{hook}', status_code=202)
async def receive(hook: str, request: Request):
    body = await request.body()
    proof = 'sha256=' + hmac.new(secret, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(proof, request.headers.get('X-Hub-Signature-256', '')):
        return Response(status_code=401)
    json.loads(body)
    row = database.execute('INSERT OR IGNORE INTO webhook_events (delivery, event_type, payload) VALUES (?, ?, ?)',
                           (request.headers['X-GitHub-Delivery'], request.headers['X-GitHub-Event'], body.decode()))
    return {'event': row.lastrowid}
