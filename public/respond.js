// The pages work without this: it mirrors sliders, adds up constant sums and moves the focus to errors.
for (const range of document.querySelectorAll('input[type=range][data-for]')) {
  const field = document.getElementById(range.dataset.for);
  range.hidden = false;
  const say = () =>
    field.value ? range.removeAttribute('aria-valuetext') : range.setAttribute('aria-valuetext', range.dataset.open);
  const take = () => {
    field.value = range.value;
    say();
  };
  if (field.value) range.value = field.value;
  say();
  range.addEventListener('input', take);
  range.addEventListener('click', take); // also where the hidden thumb stands already
  field.addEventListener('input', () => {
    if (field.value) range.value = field.value;
    say();
  });
}

// A first look at numbers of any script, for the total only; the server reads them for good.
const valueOf = (digit) => {
  let before = 0;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(digit.codePointAt(0) - before - 1))) before += 1;
  return before % 10;
};
const numberIn = (text, mark) => {
  const plain = text
    .replace(/\p{Nd}/gu, valueOf)
    .replace(/[\s\p{Cf}'’٬]/gu, '')
    .replace(/^[−－]/, '-')
    .replace(/[，．٫]/g, (other) => ({ '，': ',', '．': '.', '٫': mark })[other]);
  const group = mark === ',' ? /\.(?=\d{3}(?!\d))/g : /,(?=\d{3}(?!\d))/g;
  return Number(plain.replace(group, '').replace(',', '.')) || 0;
};

const figuresOf = (language) => {
  try {
    return new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
  } catch {
    return new Intl.NumberFormat('en', { maximumFractionDigits: 6 }); // a language that only the survey's author knows
  }
};

for (const sum of document.querySelectorAll('[data-sum]')) {
  const out = sum.querySelector('[data-sum-total]');
  const goal = Number(sum.dataset.sum);
  const figures = figuresOf(document.documentElement.lang);
  const add = () => {
    let total = 0;
    for (const field of sum.querySelectorAll('.rows__row > .input:last-child'))
      total += numberIn(field.value, sum.dataset.mark);
    total = Math.round(total * 1e6) / 1e6;
    out.value = figures.format(total);
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
