// The zone of this computer: taken where nobody chose one yet, and offered where times are shown in another one.
const offer = document.querySelector('#zone_offer');

/** A zone as this browser calls it, whatever name was written; undefined for one that it does not know. */
function named(timeZone) {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

if (offer !== null) {
  const [own, shown] = [named(undefined), named(offer.dataset.zone)];
  if (own !== undefined && own !== shown && localStorage.getItem('zone-kept') !== own) {
    offer.elements.timeZone.value = own;
    offer.elements.back.value = location.pathname + location.search;
    for (const place of offer.querySelectorAll('[data-own-zone]')) place.textContent = own.replaceAll('_', ' ');
    offer.querySelector('[data-keep]').addEventListener('click', () => {
      localStorage.setItem('zone-kept', own);
      offer.hidden = true;
    });
    if ('first' in offer.dataset) offer.submit();
    else offer.hidden = false;
  }
}
