// What HTML cannot do. Everything hangs on data- attributes, listed in views/shared/README.md.
const one = (selector, root = document) => root.querySelector(selector);
const closest = (event, selector) => event.target.closest?.(selector);

const themes = ['auto', 'light', 'dark'];

function showTheme(theme) {
  for (const button of document.querySelectorAll('[data-theme-toggle]')) {
    one('[data-theme-name]', button).textContent = button.dataset[theme];
  }
}

function nextTheme() {
  const theme = themes[(themes.indexOf(document.documentElement.dataset.theme ?? 'auto') + 1) % themes.length];
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
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
  const yes = one('[data-confirm-button]', dialog);
  if (confirmTitle) one('[data-confirm-title]', dialog).textContent = confirmTitle;
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

document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const button = closest(event, '[data-dialog], [data-close], [data-copy], [data-dismiss], [data-theme-toggle]');
  if (!button) {
    if (event.target.matches?.('dialog.dialog')) event.target.close();
  } else if (button.dataset.dialog) {
    button.closest('details.menu')?.removeAttribute('open');
    one(button.dataset.dialog).showModal();
  } else if ('close' in button.dataset) button.closest('dialog').close();
  else if (button.dataset.copy) void copy(button);
  else if ('dismiss' in button.dataset) button.closest('.flash').remove();
  else nextTheme();
});

document.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if (form.dataset.confirm && !('confirmed' in form.dataset)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      confirmThen(form, event.submitter);
      return;
    }
    delete form.dataset.confirmed;
    if (form === unsaved) unsaved = null;
    if (form.method !== 'post' || form.matches('[hx-post], [data-again]')) return;
    // A double click must not send twice; the second submit finds the form already on its way.
    if (form.ariaBusy === 'true') event.preventDefault();
    form.ariaBusy = 'true';
    if (event.submitter) event.submitter.ariaBusy = 'true';
  },
  true,
);

window.addEventListener('pageshow', () => {
  for (const busy of document.querySelectorAll('form[aria-busy], .btn[aria-busy]')) busy.ariaBusy = null;
});

document.addEventListener('input', (event) => {
  unsaved = closest(event, 'form[data-guard]') ?? unsaved;
});

window.addEventListener('beforeunload', (event) => {
  if (unsaved?.isConnected) event.preventDefault();
});

function countChecked(group) {
  const boxes = [...document.querySelectorAll(`input[name="${group}"]`)];
  const checked = boxes.filter((box) => box.checked).length;
  for (const bar of document.querySelectorAll(`[data-bulk="${group}"]`)) {
    bar.hidden = checked === 0;
    one('[data-bulk-count]', bar).textContent = checked.toLocaleString();
  }
  const all = one(`[data-check-all="${group}"]`);
  if (all)
    Object.assign(all, {
      checked: checked > 0 && checked === boxes.length,
      indeterminate: checked > 0 && checked < boxes.length,
    });
}

document.addEventListener('change', (event) => {
  const { checkAll, submit } = event.target.dataset;
  if (submit !== undefined) event.target.form.requestSubmit();
  if (checkAll)
    for (const box of document.querySelectorAll(`input[name="${checkAll}"]`)) box.checked = event.target.checked;
  if (event.target.type === 'checkbox') countChecked(checkAll ?? event.target.name);
});

document.addEventListener('focusin', (event) => {
  if (event.target.matches('[data-select]')) event.target.select();
});

document.addEventListener('keydown', (event) => {
  const typing = event.target.matches('input, textarea, select, [contenteditable]');
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
  else if (event.key === 'Escape') {
    const menu = one('details.menu[open]');
    menu?.removeAttribute('open');
    if (menu) one('summary', menu).focus();
  } else if (!typing && event.key === '/') {
    event.preventDefault();
    one('[data-search], input[type=search]')?.focus();
  } else if (!typing && event.key === '?' && !one('dialog[open]')) one('#shortcuts')?.showModal();
});

/** Live figures are read out at most every ten seconds, and only when they changed. */
let announced = one('[data-announce]')?.textContent;
setInterval(() => {
  const now = one('[data-announce]')?.textContent;
  if (now && now !== announced) one('#announcer').textContent = announced = now;
}, 10_000);

for (const name of ['htmx:error', 'htmx:response:error']) {
  document.addEventListener(name, (event) => {
    const status = event.detail.ctx?.response?.status ?? 0;
    if (status === 0 || status >= 500) toast(document.body.dataset.failed);
  });
}
document.addEventListener('htmx:after:swap', () => one('.errors[data-focus]')?.focus());

one('[data-focus]')?.focus();
for (const avatar of document.querySelectorAll('[data-initials]')) {
  const initials = avatar.dataset.initials
    .trim()
    .split(/\s+/u)
    .slice(0, 2)
    .map((word) => [...word][0])
    .join('');
  if (initials) avatar.textContent = initials;
}
showTheme(document.documentElement.dataset.theme ?? 'auto');
