// What Discord takes as a message ("Create Message", "Execute Webhook", "Embed"), lengths counted in code
// points. Stricter than Discord in one thing: a key that is not documented is an error.
import { checkComponents } from './components.mjs';
import { ApiError, Form, codePoints } from './errors.mjs';

export const flagBits = { SUPPRESS_EMBEDS: 4, SUPPRESS_NOTIFICATIONS: 4096, IS_COMPONENTS_V2: 32768 };

const shared = ['content', 'embeds', 'allowed_mentions', 'components', 'flags', 'attachments'];
const kinds = {
  create: { keys: [...shared, 'nonce', 'enforce_nonce', 'tts', 'message_reference', 'sticker_ids', 'poll'] },
  edit: { keys: shared, isEdit: true },
  webhook: { keys: [...shared, 'tts', 'username', 'avatar_url', 'thread_name', 'applied_tags', 'poll'] },
  webhookEdit: { keys: shared.filter((key) => key !== 'flags').concat('flags'), isEdit: true },
  forum: { keys: [...shared, 'sticker_ids'] },
};

const isSnowflake = (value) => typeof value === 'string' && /^(0|[1-9][0-9]{0,19})$/.test(value);
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

class Checker {
  sum = 0;

  constructor(form) {
    this.form = form;
  }

  keys(path, object, known) {
    if (object === null || typeof object !== 'object' || Array.isArray(object)) {
      return this.form.wrong(path, 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
    }
    for (const key of Object.keys(object)) {
      if (!known.includes(key)) {
        this.form.wrong(
          [...path, key],
          'UNKNOWN_KEY',
          'The double refuses keys that Discord does not document.',
        );
      }
    }
    return true;
  }

  text(path, value, most, { isRequired = false, isCounted = false } = {}) {
    if (value === undefined || value === null) {
      return !isRequired || this.form.wrong(path, 'BASE_TYPE_REQUIRED', 'This field is required');
    }
    if (typeof value !== 'string')
      return this.form.wrong(path, 'STRING_TYPE_CONVERT', 'Could not interpret value as string.');
    if (loneSurrogate.test(value))
      return this.form.wrong(path, 'STRING_TYPE_CONVERT', 'Half of a surrogate pair.');
    const trimmed = value.trim();
    if (isRequired && trimmed === '')
      return this.form.wrong(path, 'BASE_TYPE_REQUIRED', 'This field is required');
    const length = codePoints(trimmed);
    if (isCounted) this.sum += length;
    return (
      length <= most || this.form.wrong(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`)
    );
  }

  url(path, value, { attachments = false, isRequired = false } = {}) {
    if (value === undefined || value === null) {
      return !isRequired || this.form.wrong(path, 'BASE_TYPE_REQUIRED', 'This field is required');
    }
    if (!this.text(path, value, 2048)) return false;
    let scheme = '';
    try {
      scheme = new URL(value).protocol;
    } catch {
      /* stays empty: refused below */
    }
    if (
      !/\s/.test(value) &&
      (scheme === 'http:' || scheme === 'https:' || (attachments && scheme === 'attachment:'))
    )
      return true;
    return this.form.wrong(path, 'URL_TYPE_INVALID_URL', 'Not a well formed URL.');
  }

  list(path, value, most, each) {
    if (value === undefined || value === null) return;
    if (!Array.isArray(value)) {
      this.form.wrong(path, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
      return;
    }
    if (value.length > most)
      this.form.wrong(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`);
    value.forEach((item, i) => each([...path, i], item));
  }

  embed(path, embed) {
    if (
      !this.keys(path, embed, [
        'type',
        'title',
        'description',
        'url',
        'timestamp',
        'color',
        'footer',
        'image',
        'thumbnail',
        'author',
        'fields',
        'provider',
        'video',
      ])
    )
      return;
    if (
      !['title', 'description', 'footer', 'image', 'thumbnail', 'author', 'fields'].some(
        (key) => embed[key]?.length !== 0 && embed[key] !== undefined && embed[key] !== null,
      )
    ) {
      this.form.wrong(path, 'BASE_TYPE_REQUIRED', 'An embed that shows nothing.');
    }
    if (embed.title !== undefined)
      this.text([...path, 'title'], embed.title, 256, { isCounted: true, isRequired: true });
    if (embed.description !== undefined) {
      this.text([...path, 'description'], embed.description, 4096, { isCounted: true, isRequired: true });
    }
    this.url([...path, 'url'], embed.url);
    if (
      embed.timestamp !== undefined &&
      embed.timestamp !== null &&
      (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(embed.timestamp) ||
        Number.isNaN(Date.parse(embed.timestamp)))
    ) {
      this.form.wrong([...path, 'timestamp'], 'DATE_TIME_TYPE_PARSE', 'Could not parse. Should be ISO8601.');
    }
    if (
      embed.color !== undefined &&
      embed.color !== null &&
      !(Number.isInteger(embed.color) && embed.color >= 0 && embed.color <= 0xffffff)
    ) {
      this.form.wrong([...path, 'color'], 'NUMBER_TYPE_MAX', 'int value should be between 0 and 16777215.');
    }
    this.embedParts(path, embed);
  }

  embedParts(path, embed) {
    const { footer, author } = embed;
    if (footer && this.keys([...path, 'footer'], footer, ['text', 'icon_url', 'proxy_icon_url'])) {
      this.text([...path, 'footer', 'text'], footer.text, 2048, { isCounted: true, isRequired: true });
      this.url([...path, 'footer', 'icon_url'], footer.icon_url, { attachments: true });
    }
    if (author && this.keys([...path, 'author'], author, ['name', 'url', 'icon_url', 'proxy_icon_url'])) {
      this.text([...path, 'author', 'name'], author.name, 256, { isCounted: true, isRequired: true });
      this.url([...path, 'author', 'url'], author.url);
      this.url([...path, 'author', 'icon_url'], author.icon_url, { attachments: true });
    }
    for (const key of ['image', 'thumbnail']) {
      if (embed[key] && this.keys([...path, key], embed[key], ['url', 'proxy_url', 'height', 'width'])) {
        this.url([...path, key, 'url'], embed[key].url, { attachments: true, isRequired: true });
      }
    }
    this.list([...path, 'fields'], embed.fields, 25, (at, field) => {
      if (!this.keys(at, field, ['name', 'value', 'inline'])) return;
      this.text([...at, 'name'], field.name, 256, { isCounted: true, isRequired: true });
      this.text([...at, 'value'], field.value, 1024, { isCounted: true, isRequired: true });
      if (field.inline !== undefined && typeof field.inline !== 'boolean') {
        this.form.wrong([...at, 'inline'], 'BOOLEAN_TYPE_CONVERT', 'Must be either true or false.');
      }
    });
  }

  allowedMentions(mentions) {
    const path = ['allowed_mentions'];
    if (
      mentions === undefined ||
      mentions === null ||
      !this.keys(path, mentions, ['parse', 'users', 'roles', 'replied_user'])
    )
      return;
    const { parse = [] } = mentions;
    this.list([...path, 'parse'], parse, 3, (at, word) => {
      if (!['users', 'roles', 'everyone'].includes(word))
        this.form.wrong(at, 'BASE_TYPE_CHOICES', "Value must be one of ('everyone', 'roles', 'users').");
    });
    for (const key of ['users', 'roles']) {
      this.list([...path, key], mentions[key], 100, (at, id) => {
        if (!isSnowflake(id)) this.form.wrong(at, 'NUMBER_TYPE_COERCE', `Value "${id}" is not snowflake.`);
      });
      if (mentions[key]?.length > 0 && Array.isArray(parse) && parse.includes(key)) {
        this.form.wrong(
          path,
          'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
          `parse:["${key}"] and ${key}: [ids...] are mutually exclusive.`,
        );
      }
    }
    if (mentions.replied_user !== undefined && typeof mentions.replied_user !== 'boolean') {
      this.form.wrong([...path, 'replied_user'], 'BOOLEAN_TYPE_CONVERT', 'Must be either true or false.');
    }
  }
}

function checkFlags(form, body, kind, current) {
  const { flags } = body;
  if (flags === undefined || flags === null) return;
  const settable = kind === 'forum' ? 4 | 4096 : 4 | 4096 | 32768;
  if (!Number.isInteger(flags) || (flags & ~(settable | (current?.flags ?? 0))) !== 0) {
    form.wrong(
      ['flags'],
      'BASE_TYPE_CHOICES',
      'Only SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS and IS_COMPONENTS_V2 can be set.',
    );
  }
  if (current && current.flags & flagBits.IS_COMPONENTS_V2 && !(flags & flagBits.IS_COMPONENTS_V2)) {
    form.wrong(
      ['flags'],
      'MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG',
      'The components v2 flag cannot be removed.',
    );
  }
}

function checkV2(form, body) {
  for (const [key, empty] of [
    ['content', (v) => !v],
    ['embeds', (v) => !v || v.length === 0],
    ['sticker_ids', (v) => !v || v.length === 0],
    ['poll', (v) => !v],
  ]) {
    if (!empty(body[key])) {
      form.wrong(
        [key],
        'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
        'Not together with IS_COMPONENTS_V2.',
      );
    }
  }
}

function checkCreateOnly(form, check, body) {
  const { nonce } = body;
  if (
    nonce !== undefined &&
    nonce !== null &&
    !(Number.isSafeInteger(nonce) || (typeof nonce === 'string' && codePoints(nonce) <= 25))
  ) {
    form.wrong(['nonce'], 'NONCE_TYPE_TOO_LONG', 'Nonce must be 25 or fewer in length.');
  }
  const reference = body.message_reference;
  if (
    reference &&
    check.keys(['message_reference'], reference, [
      'type',
      'message_id',
      'channel_id',
      'guild_id',
      'fail_if_not_exists',
    ]) &&
    !isSnowflake(reference.message_id)
  ) {
    form.wrong(['message_reference', 'message_id'], 'BASE_TYPE_REQUIRED', 'This field is required');
  }
  if (body.sticker_ids?.length || body.poll)
    form.wrong([], 'LEFT_OUT', 'The double has no stickers and no polls.');
}

function checkWebhookOnly(form, check, body) {
  const { username } = body;
  if (
    username !== undefined &&
    username !== null &&
    check.text(['username'], username, 80, { isRequired: true })
  ) {
    checkWebhookName(form, ['username'], username);
  }
  check.url(['avatar_url'], body.avatar_url);
  if (body.thread_name !== undefined)
    check.text(['thread_name'], body.thread_name, 100, { isRequired: true });
}

export function checkWebhookName(form, path, name) {
  for (const word of ['clyde', 'discord']) {
    if (name.toLowerCase().includes(word))
      form.wrong(path, 'USERNAME_INVALID_CONTAINS', `Username cannot contain "${word}"`);
  }
  if (/here|everyone/i.test(name))
    form.wrong(path, 'USERNAME_INVALID', 'Username cannot be "here" or "everyone"');
}

/// Throws Discord's answer where it would refuse `body`. `current`: the message's data, for an edit.
/// `files`: the uploaded parts. `takesUnknownKeys`: as Discord does.
export function checkMessage(kind, body, { current = null, files = [], takesUnknownKeys = false } = {}) {
  const form = new Form({ takesUnknownKeys });
  const check = new Checker(form);
  if (!check.keys([], body, kinds[kind].keys)) form.reject();
  check.text(['content'], body.content, 2000);
  check.list(['embeds'], body.embeds, 10, (path, embed) => check.embed(path, embed));
  if (check.sum > 6000)
    form.wrong(['embeds'], 'MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000');
  check.allowedMentions(body.allowed_mentions);
  checkFlags(form, body, kind, current);
  const flags = body.flags ?? current?.flags ?? 0;
  const isV2 = (flags & flagBits.IS_COMPONENTS_V2) !== 0;
  if (isV2) checkV2(form, body);
  if (body.components) checkComponents(form, body.components, isV2);
  if (kind === 'create') checkCreateOnly(form, check, body);
  if (kind === 'webhook') checkWebhookOnly(form, check, body);
  for (const key of ['tts', 'enforce_nonce']) {
    if (body[key] !== undefined && typeof body[key] !== 'boolean')
      form.wrong([key], 'BOOLEAN_TYPE_CONVERT', 'Must be either true or false.');
  }
  checkFiles(form, check, body, files);
  form.reject();
  const shown = {
    ...(current ?? {}),
    ...Object.fromEntries(Object.entries(body).filter(([, v]) => v !== undefined)),
  };
  const isEmpty =
    !shown.content?.trim() &&
    !shown.embeds?.length &&
    !shown.components?.length &&
    files.length === 0 &&
    !shown.attachments?.length;
  if (isEmpty) throw new ApiError(400, 50006);
}

function checkFiles(form, check, body, files) {
  check.list(['attachments'], body.attachments, 10, (path, attachment) => {
    if (
      !check.keys(path, attachment, [
        'id',
        'filename',
        'description',
        'is_spoiler',
        'title',
        'duration_secs',
        'waveform',
      ])
    )
      return;
    check.text([...path, 'description'], attachment.description, 1024);
    if (!isSnowflake(String(attachment.id)))
      form.wrong([...path, 'id'], 'BASE_TYPE_REQUIRED', 'This field is required');
  });
  if (files.length > 10) form.wrong([], 'MAX_ATTACHMENTS', 'At most 10 files.');
  const named = new Set((body.attachments ?? []).map((a) => `files[${a.id}]`));
  for (const { part } of files) {
    if (!/^files\[\d\]$/.test(part))
      form.wrong([part], 'UNKNOWN_KEY', 'Parts are named files[0] to files[9].');
    else if (body.attachments && !named.has(part))
      form.wrong(['attachments'], 'ATTACHMENT_NOT_FOUND', `${part} is not listed.`);
  }
}
