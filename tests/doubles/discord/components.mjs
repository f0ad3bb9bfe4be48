// Message components: action rows with buttons and selects (legacy), and the layout types that need
// IS_COMPONENTS_V2. Modals are left out, as interactions are.
import { codePoints } from './errors.mjs';

const isUrl = (text, schemes) => {
  try {
    return schemes.includes(new URL(text).protocol);
  } catch {
    return false;
  }
};

const keysOf = {
  1: ['components'],
  2: ['style', 'label', 'emoji', 'custom_id', 'url', 'disabled', 'sku_id'],
  3: ['custom_id', 'options', 'placeholder', 'min_values', 'max_values', 'disabled'],
  9: ['components', 'accessory'],
  10: ['content'],
  11: ['media', 'description', 'spoiler'],
  12: ['items'],
  13: ['file', 'spoiler'],
  14: ['divider', 'spacing'],
  17: ['components', 'accent_color', 'spoiler'],
};
for (const type of [5, 6, 7, 8]) {
  keysOf[type] = [
    'custom_id',
    'placeholder',
    'min_values',
    'max_values',
    'disabled',
    'default_values',
    'channel_types',
  ];
}
const selects = [3, 5, 6, 7, 8];
const allowedIn = { legacy: [1], v2: [1, 9, 10, 12, 13, 14, 17], 17: [1, 9, 10, 12, 13, 14], 9: [10] };

class Checker {
  total = 0;
  textLength = 0;
  customIds = new Set();

  constructor(form) {
    this.form = form;
  }

  text(path, value, least, most) {
    if (typeof value !== 'string')
      return this.form.wrong(path, 'BASE_TYPE_REQUIRED', 'This field is required');
    const length = codePoints(value);
    return (
      (length >= least && length <= most) ||
      this.form.wrong(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${least} and ${most} in length.`)
    );
  }

  list(path, components, allowed) {
    if (!Array.isArray(components)) return this.form.wrong(path, 'LIST_TYPE_CONVERT', 'Must be a list.');
    components.forEach((component, i) => this.one([...path, i], component, allowed));
    return true;
  }

  one(path, c, allowed) {
    this.total += 1;
    if (c === null || typeof c !== 'object' || !allowed.includes(c.type)) {
      return this.form.wrong(
        [...path, 'type'],
        'BASE_TYPE_CHOICES',
        `Value must be one of {${allowed.join(', ')}}.`,
      );
    }
    for (const key of Object.keys(c)) {
      if (!['type', 'id', ...keysOf[c.type]].includes(key)) {
        this.form.wrong(
          [...path, key],
          'UNKNOWN_KEY',
          'The double refuses keys that Discord does not document.',
        );
      }
    }
    this.customId(path, c);
    this[`type${selects.includes(c.type) ? 'Select' : c.type}`]?.(path, c);
    return true;
  }

  customId(path, c) {
    if (c.custom_id === undefined) return;
    this.text([...path, 'custom_id'], c.custom_id, 1, 100);
    if (this.customIds.has(c.custom_id)) {
      this.form.wrong(
        [...path, 'custom_id'],
        'COMPONENT_CUSTOM_ID_DUPLICATED',
        'Component custom id cannot be duplicated',
      );
    }
    this.customIds.add(c.custom_id);
  }

  type1(path, row) {
    if (!this.list([...path, 'components'], row.components, [2, ...selects])) return;
    const hasSelect = row.components.some((c) => selects.includes(c?.type));
    const most = hasSelect ? 1 : 5;
    if (row.components.length < 1 || row.components.length > most) {
      this.form.wrong(
        [...path, 'components'],
        'BASE_TYPE_BAD_LENGTH',
        `Must be between 1 and ${most} in length.`,
      );
    }
  }

  type2(path, button) {
    if (![1, 2, 3, 4, 5].includes(button.style)) {
      this.form.wrong([...path, 'style'], 'BASE_TYPE_CHOICES', 'Value must be one of {1, 2, 3, 4, 5}.');
    }
    if (button.label === undefined && button.emoji === undefined) {
      this.form.wrong(path, 'BUTTON_COMPONENT_INVALID_LABEL', 'A button needs a label or an emoji');
    }
    if (button.label !== undefined) this.text([...path, 'label'], button.label, 1, 80);
    const isLink = button.style === 5;
    if (isLink !== (button.url !== undefined) || isLink === (button.custom_id !== undefined)) {
      this.form.wrong(
        path,
        'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
        'A link button has a url, others a custom id',
      );
    }
    if (button.url !== undefined) {
      this.text([...path, 'url'], button.url, 1, 512);
      if (!isUrl(button.url, ['http:', 'https:', 'discord:'])) {
        this.form.wrong([...path, 'url'], 'URL_TYPE_INVALID_URL', 'Not a well formed URL.');
      }
    }
  }

  typeSelect(path, select) {
    if (select.custom_id === undefined)
      this.form.wrong([...path, 'custom_id'], 'BASE_TYPE_REQUIRED', 'This field is required');
    if (select.placeholder !== undefined) this.text([...path, 'placeholder'], select.placeholder, 0, 150);
    if (select.type !== 3) return;
    if (!Array.isArray(select.options) || select.options.length < 1 || select.options.length > 25) {
      this.form.wrong([...path, 'options'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 25 in length.');
      return;
    }
    select.options.forEach((option, i) => {
      this.text([...path, 'options', i, 'label'], option.label, 1, 100);
      this.text([...path, 'options', i, 'value'], option.value, 1, 100);
    });
  }

  type9(path, section) {
    this.list([...path, 'components'], section.components, allowedIn[9]);
    this.one([...path, 'accessory'], section.accessory, [2, 11]);
  }

  type10(path, text) {
    this.text([...path, 'content'], text.content, 1, 4000);
    this.textLength += codePoints(String(text.content));
  }

  type17(path, container) {
    this.list([...path, 'components'], container.components, allowedIn[17]);
  }
}

/// Writes into `form` what is wrong with `components`, a message's list.
export function checkComponents(form, components, isV2) {
  const checker = new Checker(form);
  if (!checker.list(['components'], components, isV2 ? allowedIn.v2 : allowedIn.legacy)) return;
  if (!isV2 && components.length > 5) {
    form.wrong(['components'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 0 and 5 in length.');
  }
  if (checker.total > 40)
    form.wrong(['components'], 'COMPONENT_MAX_TOTAL', 'At most 40 components in total.');
  if (checker.textLength > 4000)
    form.wrong(['components'], 'COMPONENT_TEXT_LENGTH', 'At most 4000 characters of text.');
}
