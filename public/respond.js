// The pages work without this: it mirrors sliders, adds up constant sums and moves the focus to errors.
for (const range of document.querySelectorAll('input[type=range][data-for]')) {
  const field = document.getElementById(range.dataset.for);
  range.hidden = false;
  if (field.value) range.value = field.value;
  range.addEventListener('input', () => (field.value = range.value));
  field.addEventListener('input', () => (range.value = field.value));
}

for (const sum of document.querySelectorAll('[data-sum]')) {
  const out = sum.querySelector('[data-sum-total]');
  const goal = Number(sum.dataset.sum);
  const add = () => {
    let total = 0;
    for (const field of sum.querySelectorAll('input[type=number]')) total += Number(field.value) || 0;
    out.value = Math.round(total * 1e6) / 1e6;
    out.classList.toggle('is-right', total === goal);
  };
  sum.addEventListener('input', add);
  add();
}

// Writing into "Other" chooses it.
document.addEventListener('input', ({ target }) => {
  const choice = target.dataset?.chooses && document.getElementById(target.dataset.chooses);
  if (choice && target.value) choice.checked = true;
});

document.querySelector('[data-focus]')?.focus();
document.querySelector('[data-print]')?.addEventListener('click', () => window.print());
