// The steps of writing a mail: which one is looked at, and the button that leads to the next.
const bar = document.querySelector('.compose__bar');
const parts = [...document.querySelectorAll('[data-step]')];
const compose = document.querySelector('#compose');
let isPinned = false;

function showStep(at) {
  for (const next of bar.querySelectorAll('[data-next-of]')) {
    next.hidden = next.dataset.nextOf !== at && !(next.matches('button') && ['check', 'send'].includes(at));
  }
  for (const item of document.querySelectorAll('#steps [data-of]')) {
    item.ariaCurrent = item.dataset.of === at ? 'step' : null;
  }
}

/** The last step that begins above the middle of the screen; at the end of the page the last one. */
function inView() {
  const isAtEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2 && scrollY > 0;
  const begun = parts.filter((part) => part.getBoundingClientRect().top < innerHeight * 0.4);
  return ((isAtEnd ? parts : begun).at(-1) ?? parts[0]).dataset.step;
}

function goTo(at) {
  const part = document.querySelector(`#step_${at}`);
  if (!part) return;
  if (part.matches('details')) part.open = true;
  part.scrollIntoView();
  isPinned = true;
  showStep(at);
}

function followHash() {
  const [, at] = /^#step_(\w+)$/.exec(location.hash) ?? [];
  if (at) goTo(at);
}

addEventListener('hashchange', followHash);
document.addEventListener('click', ({ target }) => {
  const link = target.closest('a[href^="#step_"]');
  // The same place again is no change of the address.
  if (link?.hash === location.hash) followHash();
});
for (const moved of ['wheel', 'touchmove', 'keydown'])
  addEventListener(moved, () => (isPinned = false), { passive: true });
addEventListener('scroll', () => isPinned || showStep(inView()), { passive: true });

// What was changed after the check is not what was checked: it is checked again before it goes.
compose.addEventListener('input', () => {
  const again = bar.isConnected ? document.querySelector('[data-again]') : null;
  if (!again) return;
  again.hidden = false;
  again.classList.add('btn--primary');
  for (const send of document.querySelectorAll('button[form="send"], [data-blocked]')) send.remove();
});
// A message that was folded away is drawn when it is opened.
for (const part of parts) {
  part.addEventListener('toggle', () => part.open && window.drawPreview?.());
}

const { start } = document.querySelector('#steps').dataset;
showStep(start);
if (location.hash) followHash();
else if (start !== 'to' && document.querySelector('#compose_bar')) goTo(start);
