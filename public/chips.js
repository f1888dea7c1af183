// Placeholders as people see them in rich text: "First name" instead of its code. The code is what is kept.
const CODE = /\$\{\w{1,10}:\/\/(?:[^}$]|\$(?!\{)){0,300}\}/;
const CODES = new RegExp(CODE, 'g');
const KIND = 'application/vnd.canvass.placeholder';
/** What an address was meant to be when a placeholder was typed behind "http://", or encoded on the way. */
const MEANT =
  /^(?:[a-z]+:\/*)?\s*(?:\$|%24)?\s*(?:\{|%7b)\s*l(?::|%3a)?(?:\/|%2f)*\s*(survey|opt\s*out)\s*(?:link|url)[^}]*?(?:\}|%7d)?\s*$/i;

class MailChips {
  /** @param names words for codes: `{"m://FirstName": "First name"}` */
  constructor(names) {
    this.names = names;
  }

  /** Scheme and path, and the words behind `?d=`. */
  read(code) {
    const inner = code.slice(2, -1);
    const at = inner.search(/[?&]d=/);
    return at === -1 ? { name: inner, words: '' } : { name: inner.slice(0, at), words: inner.slice(at + 3) };
  }

  /** Fields have words for where they are empty, links words to click on; addresses and dates have none. */
  takesWords(code) {
    return /^(?:m|e|q):\/\/|^l:\/\/\w+Link\b/.test(this.read(code).name);
  }

  withWords(code, words) {
    const { name } = this.read(code);
    const clean = words.replaceAll(/[{}]/g, '').trim();
    return clean === '' ? `\${${name}}` : `\${${name}?d=${clean}}`;
  }

  attachment(code) {
    return { contentType: KIND, code, content: this.html(code) };
  }

  html(code) {
    const { name, words } = this.read(code);
    const isLink = name.startsWith('l://');
    const chip = document.createElement('span');
    chip.className = isLink && name.includes('SurveyLink') ? 'mail-chip mail-chip--button' : 'mail-chip';
    const shown = this.names[name] ?? name.replace(/^\w+:\/\/(?:Field\/)?/, '');
    chip.textContent = isLink && words ? words : words ? `${shown} (${words})` : shown;
    return chip.outerHTML;
  }

  /** Codes that stand in texts become attachments; those in addresses stay. */
  intoFigures(body) {
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (CODE.test(walker.currentNode.data)) texts.push(walker.currentNode);
    for (const text of texts) {
      let from = 0;
      const pieces = [];
      for (const { 0: code, index } of text.data.matchAll(CODES)) {
        const figure = document.createElement('figure');
        figure.dataset.trixAttachment = JSON.stringify(this.attachment(code));
        pieces.push(text.data.slice(from, index), figure);
        from = index + code.length;
      }
      text.replaceWith(...pieces.filter((piece) => piece !== ''), text.data.slice(from));
    }
  }

  /** The code of an attachment; undefined for a picture. */
  codeIn(figure) {
    const { contentType, code } = JSON.parse(figure.dataset.trixAttachment ?? '{}');
    return contentType === KIND && CODE.test(code ?? '') ? code : undefined;
  }

  /** What was typed or pasted as code becomes a chip; the cursor stays where it was. */
  take(editor) {
    for (let round = 0; round < 200; round += 1) {
      const found = CODE.exec(editor.getDocument().toString());
      if (!found) return;
      const [code] = found;
      const end = found.index + code.length;
      const [cursor] = editor.getSelectedRange();
      editor.recordUndoEntry('Placeholder');
      editor.setSelectedRange([found.index, end]);
      editor.insertAttachment(new window.Trix.Attachment(this.attachment(code)));
      if (cursor < found.index || cursor > end)
        editor.setSelectedRange(cursor < end ? cursor : cursor - code.length + 1);
    }
  }

  /** The address of a link as it was meant. */
  address(href) {
    const [, which] = MEANT.exec(href.trim()) ?? [];
    if (which) return which.toLowerCase() === 'survey' ? '${l://SurveyURL}' : '${l://OptOutURL}';
    return /^(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]|$)/i.test(href) ? `https://${href}` : href;
  }
}

/** The words of the chip that is chosen, in a field below the text. */
class ChipWords {
  constructor(chips, words, id) {
    this.chips = chips;
    this.box = Object.assign(document.createElement('p'), { className: 'editor__chip', hidden: true });
    this.label = Object.assign(document.createElement('label'), { htmlFor: id });
    this.input = Object.assign(document.createElement('input'), {
      id,
      className: 'input input--short',
      maxLength: 200,
    });
    this.input.setAttribute('form', '');
    this.words = words;
    this.box.append(this.label, ' ', this.input);
    this.input.addEventListener('input', (event) => {
      event.stopPropagation();
      this.change();
    });
  }

  /** Follows the selection: one chip and nothing else. */
  follow(trix) {
    if (document.activeElement === this.input) return;
    const [from, to] = trix.editor.getSelectedRange() ?? [];
    const chosen = to - from === 1 ? trix.editor.getSelectedDocument().getAttachments()[0] : undefined;
    const code = chosen?.getAttribute('code');
    this.chosen = code && this.chips.takesWords(code) ? { trix, attachment: chosen, id: chosen.id } : undefined;
    this.box.hidden = this.chosen === undefined;
    if (!this.chosen) return;
    const { name, words } = this.chips.read(code);
    this.label.textContent = name.startsWith('l://') ? this.words.linkwords : this.words.missing;
    this.input.value = words;
  }

  change() {
    const { trix, id } = this.chosen;
    const attachment = trix.editor
      .getDocument()
      .getAttachments()
      .find((one) => one.id === id);
    if (!attachment) return;
    const code = this.chips.withWords(attachment.getAttribute('code'), this.input.value);
    attachment.setAttributes(this.chips.attachment(code));
  }
}

Object.assign(window, { MailChips, ChipWords });
