// Discord's error bodies ("Opcodes and Status Codes"), and the tree that names every wrong field of a body.
const texts = {
  0: '401: Unauthorized',
  10003: 'Unknown Channel',
  10004: 'Unknown Guild',
  10007: 'Unknown Member',
  10008: 'Unknown Message',
  10013: 'Unknown User',
  10015: 'Unknown Webhook',
  40033: 'This message has already been crossposted.',
  30007: 'Maximum number of webhooks reached (15)',
  40333: 'internal network error',
  50001: 'Missing Access',
  50005: 'Cannot edit a message authored by another user',
  50006: 'Cannot send an empty message',
  50007: 'Cannot send messages to this user',
  50008: 'Cannot send messages in a non-text channel',
  50013: 'Missing Permissions',
  50024: 'Cannot execute action on this channel type',
  50027: 'Invalid Webhook Token',
  50035: 'Invalid Form Body',
  50083: 'Thread is archived',
  50109: 'The request body contains invalid JSON.',
  160002: 'Cannot reply without permission to read message history',
  160004: 'A thread has already been created for this message',
  160005: 'Thread is locked',
  220001: 'Webhooks posted to forum channels must have a thread_name or thread_id',
  220002: 'Webhooks posted to forum channels cannot have both a thread_name and thread_id',
  220003: 'Webhooks can only create threads in forum channels',
  30046: 'Maximum number of edits to messages older than 1 hour reached. Try again later',
  40067: 'A tag is required to create a forum post in this channel',
  40058: 'Cannot message this thread until after the post author has sent an initial message.',
};

export class ApiError extends Error {
  constructor(status, code, { message = texts[code] ?? 'General error', errors } = {}) {
    super(`${status} ${message} (${code})`);
    this.status = status;
    this.body = { message, code, ...(errors ? { errors } : {}) };
  }
}

/// Collects what is wrong with a body; `reject()` throws Discord's answer if anything is.
export class Form {
  tree = {};
  isWrong = false;

  constructor({ takesUnknownKeys = false } = {}) {
    this.takesUnknownKeys = takesUnknownKeys;
  }

  wrong(path, code, message) {
    if (code === 'UNKNOWN_KEY' && this.takesUnknownKeys) return true;
    this.isWrong = true;
    let node = this.tree;
    for (const step of path) node = node[step] ??= {};
    (node._errors ??= []).push({ code, message });
    return false;
  }

  reject() {
    if (this.isWrong) throw new ApiError(400, 50035, { errors: this.tree });
  }
}

export const codePoints = (text) => [...text].length;
