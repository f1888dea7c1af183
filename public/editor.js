// Rich text over a textarea. The textarea stays the field: its HTML is what is sent, and without this script it is edited
// itself. HTML that rich text would destroy stays in the HTML view.
const KEPT = {
  ...{ P: [], DIV: [], BR: [], STRONG: [], B: [], EM: [], I: [], DEL: [], S: [], H1: [], BLOCKQUOTE: [], PRE: [] },
  ...{ UL: [], OL: [], LI: [], A: ['href'], IMG: ['src', 'alt', 'width', 'height'] },
};
const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const MOST_BYTES = 2_000_000;
const nonce = document.currentScript.nonce;

// Trix writes a style element of its own, and the page's policy wants to see the nonce.
const policy = document.createElement('meta');
Object.assign(policy, { name: 'trix-csp-nonce', content: nonce });
document.head.append(policy);

const parsed = (html) => new DOMParser().parseFromString(html, 'text/html').body;

/** Whether rich text can hold everything that stands in the HTML. */
function fits(html) {
  if (/<!--|<!doctype|<(html|head|body|style|script|title|meta|link)[\s>]/i.test(html)) return false;
  return [...parsed(html).querySelectorAll('*')].every((one) => {
    const attributes = KEPT[one.tagName];
    return attributes !== undefined && [...one.attributes].every(({ name }) => attributes.includes(name));
  });
}

/** Our paragraphs as Trix knows them: one block with line breaks; pictures and placeholders as attachments. */
function forTrix(html, chips) {
  const body = parsed(html.replaceAll(/>\s+</g, (between) => (between.includes('\n') ? '><' : '> <')));
  for (const image of body.querySelectorAll('img')) {
    const figure = document.createElement('figure');
    const { src, alt } = image;
    const [width, height] = [image.getAttribute('width'), image.getAttribute('height')].map(Number);
    figure.dataset.trixAttachment = JSON.stringify({ contentType: 'image', url: src, width, height });
    figure.dataset.trixAttributes = JSON.stringify({ caption: alt });
    image.replaceWith(figure);
  }
  for (const first of [...body.querySelectorAll('p')]) {
    if (first.previousElementSibling?.dataset.joined === undefined) {
      const block = document.createElement('div');
      block.dataset.joined = '';
      first.before(block);
    }
    const block = first.previousElementSibling;
    if (block.childNodes.length > 0) block.append(document.createElement('br'), document.createElement('br'));
    block.append(...first.childNodes);
    first.remove();
  }
  for (const block of body.querySelectorAll('[data-joined]')) delete block.dataset.joined;
  chips.intoFigures(body);
  return body.innerHTML;
}

/** What Trix wrote, as mails have it: paragraphs, codes of placeholders, and plain images with a description. */
function fromTrix(html, chips) {
  const body = parsed(html);
  // Trix marks what is chosen while a dialog is open.
  for (const mark of body.querySelectorAll('mark')) mark.replaceWith(...mark.childNodes);
  for (const link of body.querySelectorAll('a[href]')) {
    link.setAttribute('href', chips.address(link.getAttribute('href')));
  }
  for (const figure of body.querySelectorAll('figure')) {
    const code = chips.codeIn(figure);
    if (code !== undefined) {
      figure.replaceWith(code);
      continue;
    }
    const { url, width, height } = JSON.parse(figure.dataset.trixAttachment ?? '{}');
    const { caption = '' } = JSON.parse(figure.dataset.trixAttributes ?? '{}');
    const image = document.createElement('img');
    if (!/^https?:/.test(url ?? '')) figure.remove();
    Object.assign(image, { src: url, alt: caption });
    if (width > 0) image.setAttribute('width', Math.min(width, 552));
    if (width > 0 && height > 0) image.setAttribute('height', Math.round(height * Math.min(1, 552 / width)));
    figure.replaceWith(image);
  }
  for (const block of body.querySelectorAll('div')) block.replaceWith(...paragraphs(block));
  for (const comment of body.querySelectorAll('[data-trix-cursor-target]')) comment.remove();
  return body.innerHTML.replaceAll(/<!--.*?-->/g, '').replaceAll(/<\/(p|h1|ul|ol|blockquote|pre)>(?=<)/g, '</$1>\n');
}

/** Two line breaks end a paragraph. */
function paragraphs(block) {
  const made = [document.createElement('p')];
  for (const node of [...block.childNodes]) {
    const last = made.at(-1);
    if (node.nodeName === 'BR' && last.lastChild?.nodeName === 'BR') {
      last.lastChild.remove();
      made.push(document.createElement('p'));
    } else last.append(node);
  }
  return made.filter((one) => one.childNodes.length > 0);
}

class Editor {
  constructor(box) {
    this.box = box;
    this.area = box.querySelector('textarea');
    this.words = box.dataset;
    this.chips = new window.MailChips(JSON.parse(box.dataset.names ?? '{}'));
    this.build();
    this.area.addEventListener('input', (event) => event.isTrusted && this.offer());
    this.show(fits(this.area.value));
  }

  build() {
    const id = this.area.id;
    this.views = document.createElement('fieldset');
    this.views.className = 'seg editor__views';
    const legend = Object.assign(document.createElement('legend'), { className: 'sr', textContent: this.words.label });
    const [rich, html] = ['rich', 'html'].map((view) => this.choice(view, `${id}_view`));
    this.views.append(legend, rich, html);
    this.hint = Object.assign(document.createElement('p'), { className: 'field__help editor__hint', role: 'status' });
    this.area.closest('.field__group').before(this.views);
    this.views.after(this.hint);
    this.views.addEventListener('change', ({ target }) => this.show(target.value === 'rich'));
  }

  choice(value, name) {
    const label = document.createElement('label');
    // No name of the form's: nothing of this is sent.
    const input = Object.assign(document.createElement('input'), { type: 'radio', value, name });
    input.setAttribute('form', '');
    label.append(input, this.words[value]);
    this[`${value}Choice`] = input;
    return label;
  }

  /** Rich text is offered as soon as nothing would be lost. */
  offer() {
    const isFit = fits(this.area.value);
    this.richChoice.disabled = !isFit;
    this.say(isFit ? '' : this.words.hint);
  }

  say(text) {
    this.hint.textContent = text;
  }

  show(wantsRich) {
    this.offer();
    const isRich = wantsRich && !this.richChoice.disabled;
    (isRich ? this.richChoice : this.htmlChoice).checked = true;
    this.trix?.remove();
    this.bar?.remove();
    this.input?.remove();
    this.chip?.box.remove();
    this.trix = undefined;
    this.area.hidden = isRich;
    if (isRich) this.open();
  }

  open() {
    const id = `${this.area.id}_trix`;
    this.bar = Object.assign(document.createElement('trix-toolbar'), { id: `${id}_bar` });
    this.input = Object.assign(document.createElement('input'), {
      type: 'hidden',
      id,
      value: forTrix(this.area.value, this.chips),
    });
    this.trix = document.createElement('trix-editor');
    for (const [name, value] of Object.entries({ input: id, toolbar: this.bar.id, 'aria-label': this.words.label }))
      this.trix.setAttribute(name, value);
    this.trix.className = 'editor__text';
    this.chip = new window.ChipWords(this.chips, this.words, `${id}_chip`);
    this.area.after(this.input, this.bar, this.trix, this.chip.box);
    // The toolbar is filled when Trix has begun.
    this.trix.addEventListener('trix-initialize', () => this.linkDialog());
    this.linkDialog();
    this.bar.querySelector('[data-trix-action=attachFiles]')?.setAttribute('title', this.words.attach);
    // Trix has read the text by now; it says `trix-initialize` a frame later, and people may type before.
    let before = this.input.value;
    this.trix.addEventListener('trix-change', () => {
      if (this.input.value !== before) this.write((before = this.input.value));
    });
    this.trix.addEventListener('trix-file-accept', (event) => this.accept(event));
    this.trix.addEventListener('trix-selection-change', () => this.chip.follow(this.trix));
    this.trix.addEventListener('trix-paste', () => this.chips.take(this.trix.editor));
    this.trix.addEventListener('keyup', ({ key }) => key === '}' && this.chips.take(this.trix.editor));
  }

  /** Addresses may be placeholders: they are chosen there, and the field takes more than what browsers call an address. */
  linkDialog() {
    const field = this.bar.querySelector('[data-trix-dialog=href] [data-trix-input]');
    const set = this.bar.querySelector('[data-trix-dialog=href] [data-trix-method=setAttribute]');
    if (!field || !set || field.type === 'text') return;
    field.type = 'text';
    field.inputMode = 'url';
    set.addEventListener('click', () => (field.value = this.chips.address(field.value)), true);
    for (const name of ['l://SurveyURL', 'l://OptOutURL']) {
      const words = {
        className: 'trix-button trix-button--dialog',
        textContent: this.chips.names[`href ${name}`] ?? name,
      };
      const button = Object.assign(document.createElement('button'), { type: 'button', ...words });
      button.addEventListener('click', () => {
        field.value = `\${${name}}`;
        set.click();
        this.chips.take(this.trix.editor);
      });
      set.parentElement.append(button);
    }
  }

  /** Puts a placeholder, or any text, where the cursor stands. */
  insert(text) {
    this.trix.editor.recordUndoEntry('Placeholder');
    this.trix.editor.insertString(text);
    this.chips.take(this.trix.editor);
    this.trix.focus();
  }

  write(html) {
    this.area.value = fromTrix(html, this.chips);
    this.area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** Trix would show the file itself at once; ours is shown when it has an address. */
  accept(event) {
    event.preventDefault();
    const { type, size } = event.file;
    const isPicture = PICTURES.includes(type) && size <= MOST_BYTES && this.words.upload !== undefined;
    this.say(isPicture ? '' : this.words.refused);
    if (isPicture) void this.upload(event.file);
  }

  async upload(file) {
    const body = new FormData();
    body.append('file', file);
    const token = document.querySelector('input[name=_csrf]').value;
    try {
      const answer = await fetch(this.words.upload, { method: 'POST', body, headers: { 'X-CSRF-Token': token } });
      if (!answer.ok) throw new Error(String(answer.status));
      const picture = { contentType: 'image', ...(await answer.json()) };
      this.trix.editor.insertAttachment(new window.Trix.Attachment(picture));
    } catch {
      this.say(this.words.failed);
    }
  }
}

/** @returns the editor of a textarea, where rich text is open */
window.richTextOf = (area) => {
  const editor = area.closest('[data-editor]')?.editorOf;
  return editor?.trix ? editor : undefined;
};

/** The menu "Insert": where the cursor stands, so that undo takes it back. */
document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-insert]');
  if (!button) return;
  button.closest('details').open = false;
  const field = document.querySelector(button.dataset.insert);
  const rich = window.richTextOf(field);
  if (rich) {
    rich.insert(button.dataset.text);
    return;
  }
  field.focus();
  if (!document.execCommand('insertText', false, button.dataset.text)) {
    field.setRangeText(button.dataset.text, field.selectionStart, field.selectionEnd, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
});

// After Trix, which comes behind this script and is deferred, too.
document.addEventListener('DOMContentLoaded', () => {
  // Its own mark is a style in the text, which the page's policy forbids.
  window.Trix.config.textAttributes.frozen = { tagName: 'mark' };
  for (const box of document.querySelectorAll('[data-editor]')) box.editorOf = new Editor(box);
});
