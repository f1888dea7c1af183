// What HTML cannot do. Everything hangs on data- attributes, listed in views/shared/README.md.
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;

function showTheme(theme) {
  if (theme === 'auto') delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const button of all('[data-theme-toggle]')) one('[data-theme-name]', button).textContent = button.dataset[theme];
}

function nextTheme() {
  const themes = ['auto', 'light', 'dark'];
  const theme = themes[(themes.indexOf(root.dataset.theme ?? 'auto') + 1) % themes.length];
  localStorage.setItem('theme', theme);
  showTheme(theme);
}

async function copy(button) {
  const source = one(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  const label = one('span', button) ?? button;
  const before = label.textContent;
  label.textContent = button.dataset.copied;
  setTimeout(() => (label.textContent = before), 2000);
}

function toast(text) {
  const box = document.createElement('div');
  box.className = 'flash flash--error';
  box.textContent = text;
  one('#toasts')?.append(box);
  setTimeout(() => box.remove(), 10_000);
}

/** Asks in the page's own dialog; the form goes on its way only after a yes. */
function confirmThen(form, submitter) {
  const dialog = one('#confirm');
  const { confirm, confirmTitle, confirmButton } = form.dataset;
  const [title, yes] = [one('[data-confirm-title]', dialog), one('[data-confirm-button]', dialog)];
  title.textContent = confirmTitle ?? title.dataset.default;
  one('[data-confirm-text]', dialog).textContent = confirm;
  yes.textContent = confirmButton ?? yes.dataset.default;
  yes.classList.toggle('btn--danger', 'danger' in form.dataset);
  dialog.returnValue = '';
  dialog.onclose = () => {
    if (dialog.returnValue !== 'yes') return;
    form.dataset.confirmed = '';
    form.requestSubmit(submitter);
  };
  dialog.showModal();
}

let unsaved = null;

document.addEventListener('click', ({ target }) => {
  for (const menu of all('details.menu[open]')) if (!menu.contains(target)) menu.open = false;
  if (target.matches('dialog')) target.close();
  const { dialog, close, copy: source, dismiss, themeToggle } = target.closest('button')?.dataset ?? {};
  if (dialog) {
    target.closest('details.menu')?.removeAttribute('open');
    one(dialog).showModal();
  }
  if (close !== undefined) target.closest('dialog').close();
  if (source) void copy(target.closest('button'));
  if (dismiss !== undefined) target.closest('.flash').remove();
  if (themeToggle !== undefined) nextTheme();
});

function submitted(event) {
  const { target: form, submitter } = event;
  if (form.dataset.confirm && form.dataset.confirmed === undefined) {
    event.preventDefault();
    event.stopImmediatePropagation();
    confirmThen(form, submitter);
    return;
  }
  delete form.dataset.confirmed;
  if (form === unsaved) unsaved = null;
  if (form.method !== 'post' || form.matches('[hx-post], [data-again]')) return;
  // A double click must not send twice: the second one finds the form already on its way.
  if (form.ariaBusy === 'true') event.preventDefault();
  form.ariaBusy = 'true';
  if (submitter) submitter.ariaBusy = 'true';
}

document.addEventListener('submit', submitted, true);
window.addEventListener('pageshow', () => {
  for (const busy of all('form[aria-busy], .btn[aria-busy]')) busy.ariaBusy = null;
});

document.addEventListener('input', ({ target }) => (unsaved = target.closest('form[data-guard]') ?? unsaved));
document.addEventListener('kept', ({ target }) => target === unsaved && (unsaved = null));
window.addEventListener('beforeunload', (event) => unsaved?.isConnected && event.preventDefault());

function countChecked(group) {
  const boxes = all(`input[name="${group}"]`);
  const count = boxes.filter((box) => box.checked).length;
  for (const bar of all(`[data-bulk="${group}"]`)) {
    bar.hidden = count === 0;
    one('[data-bulk-count]', bar).textContent = count.toLocaleString();
  }
  for (const head of all(`[data-check-all="${group}"]`)) {
    head.checked = count > 0 && count === boxes.length;
    head.indeterminate = count > 0 && count < boxes.length;
  }
}

document.addEventListener('change', ({ target }) => {
  const { checkAll, submit } = target.dataset;
  if (submit !== undefined) target.form.requestSubmit();
  if (checkAll) for (const box of all(`input[name="${checkAll}"]`)) box.checked = target.checked;
  if (target.type === 'checkbox') countChecked(checkAll ?? target.name);
});

document.addEventListener('focusin', ({ target }) => target.matches('[data-select]') && target.select());

function closeMenu() {
  const menu = one('details.menu[open]');
  menu?.removeAttribute('open');
  if (menu) one('summary', menu).focus();
}

document.addEventListener('keydown', (event) => {
  const typing = event.target.matches('input, textarea, select, [contenteditable]');
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
  else if (event.key === 'Escape') closeMenu();
  else if (event.key === '/' && !typing) {
    event.preventDefault();
    one('[data-search], input[type=search]')?.focus();
  } else if (event.key === '?' && !typing && !one('dialog[open]')) one('#shortcuts')?.showModal();
});

// Live figures are read out at most every ten seconds, and only when they changed.
let announced = one('[data-announce]')?.textContent;
setInterval(() => {
  const now = one('[data-announce]')?.textContent;
  if (now && now !== announced) one('#announcer').textContent = announced = now;
}, 10_000);

function faulted({ detail, target }) {
  const status = detail.ctx?.response?.status ?? 0;
  if ((status === 0 || status >= 500) && !target.closest?.('[data-quiet]')) toast(document.body.dataset.failed);
}

for (const fault of ['htmx:error', 'htmx:response:error']) document.addEventListener(fault, faulted);
// What is new and wants to be read first gets the focus once; it is never taken from whoever types meanwhile.
function focusNews() {
  const news = one('[data-focus]');
  news?.removeAttribute('data-focus');
  news?.focus();
}
document.addEventListener('htmx:after:swap', focusNews);
focusNews();
showTheme(root.dataset.theme ?? 'auto');
