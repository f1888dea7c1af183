// Writing a mail: what the list adds to the menu "Insert", and a preview that follows what is written.
const form = document.querySelector('#compose');
const box = document.querySelector('#preview');
const DELAY = 700;
let timer;
let round = 0;

/** Buttons that lead to a page of its own open a dialog where there is a script. */
function openDialogs() {
  for (const button of document.querySelectorAll('button[data-dialog][name=go]')) button.type = 'button';
}

/** The list's own fields come with the checks and belong into the menu. */
function fillMenus() {
  for (const place of document.querySelectorAll('[data-from]')) {
    place.replaceChildren(document.querySelector(place.dataset.from)?.content.cloneNode(true) ?? '');
  }
  const people = document.querySelector('#list_samples');
  const select = document.querySelector('#field_sample');
  // Not while somebody chooses: the list would close under the hand.
  if (people && document.activeElement !== select) select.replaceChildren(people.content.cloneNode(true));
}

/** Only what is looked at is drawn. */
function preview() {
  for (const view of box.querySelectorAll('[data-as]')) if (view.checkVisibility()) draw(view);
}

/**
 * The form's words, posted into a new frame beside the old one, which goes when the new one is there: nothing flickers,
 * and the history of the browser does not grow with each letter.
 */
function draw(view) {
  const old = view.querySelector('iframe:last-of-type');
  const frame = old.cloneNode();
  frame.name = `preview_${(round += 1)}`;
  frame.classList.add('preview__next');
  old.after(frame);
  frame.addEventListener('load', () => {
    for (const before of [...view.querySelectorAll('iframe')]) {
      if (before === frame) break;
      before.remove();
    }
    frame.classList.remove('preview__next');
  });
  const post = document.createElement('form');
  Object.assign(post, { method: 'post', action: box.dataset.preview, target: frame.name, hidden: true });
  const words = new FormData(form);
  words.set('as', view.dataset.as);
  for (const [name, value] of words) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    post.append(input);
  }
  document.body.append(post);
  HTMLFormElement.prototype.submit.call(post);
  post.remove();
}

function count() {
  for (const output of document.querySelectorAll('[data-length-of]')) {
    output.textContent = String(document.querySelector(output.dataset.lengthOf).value.length);
  }
}

// What was typed after the request had left is not kept by it.
let typed = 0;
let sent = 0;
form.addEventListener('input', () => (typed += 1));
document.addEventListener(
  'htmx:before:request',
  ({ target }) => ['autosave', 'new_list_form'].includes(target.id) && (sent = typed),
);
document.addEventListener('htmx:after:request', ({ target, detail }) => {
  const isKept = ['autosave', 'new_list_form'].includes(target.id) && detail.ctx.response.status === 200;
  if (isKept && typed === sent) form.dispatchEvent(new Event('kept', { bubbles: true }));
});

// A button keeps all that stands in the form. What an autosave brought behind it would be old: it would be refused, and
// its author told of a change that nobody else made. The form is busy until another page, or this one, is shown again.
form.addEventListener('submit', () => document.querySelector('#autosave')?.dispatchEvent(new Event('htmx:abort')));
document.addEventListener('htmx:before:request', (event) => {
  if (event.target.id === 'autosave' && form.ariaBusy === 'true') event.preventDefault();
});

/** A new list is in the menu and chosen: its dialog goes, and what is said of the mail follows. */
document.addEventListener('htmx:finally:request', ({ target, detail }) => {
  if (target.id !== 'new_list_form' || detail.ctx.response?.status !== 200) return;
  target.closest('dialog').close();
  openDialogs();
  const menu = document.querySelector('#field_list');
  menu.focus();
  menu.dispatchEvent(new Event('change', { bubbles: true }));
  preview();
});

form.addEventListener('input', () => {
  count();
  clearTimeout(timer);
  timer = setTimeout(preview, DELAY);
});
document.addEventListener('htmx:after:swap', fillMenus);

// What a button changed is not kept yet: leaving asks first.
if ('changed' in form.dataset) form.dispatchEvent(new Event('input', { bubbles: true }));
openDialogs();
fillMenus();
count();
preview();
window.drawPreview = preview;
