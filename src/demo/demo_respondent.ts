/** What the people of the demo say; one entry is taken by the person's number. */
const ANSWERS: Record<string, string[]> = {
  QID2: ['1', '2', '2', '1', '3', '2', '4', '1'],
  QID3_1: ['4', '5', '4', '3', '5', '4', '2', '5'],
  QID3_2: ['5', '4', '3', '3', '4', '2', '1', '4'],
  QID3_3: ['5', '5', '4', '4', '3', '5', '2', '5'],
  QID4: ['1', '4', '2', '1', '3', '4', '6', '1'],
  QID5: ['9', '8', '10', '7', '6', '9', '2', '10'],
  QID6: ['My laptop came in the third week.'],
  QID7: [
    '',
    'Fewer forms on the first morning.',
    '',
    'A lunch with the whole team.',
    '',
    'A map of the building.',
    'A working badge.',
    '',
  ],
};

const HIDDEN = /name="page" value="([^"]*)"/;
const NAMES = /name="(QID\w+)"/g;
const PAGES_AT_MOST = 8;

/**
 * Walks one link over HTTP as a browser without scripts would, page by page.
 * @param pages stops after so many pages, like somebody who was called away
 */
export async function answer(link: string, person: number, pages = PAGES_AT_MOST): Promise<void> {
  let address = link;
  let cookie = '';
  for (let page = 0; page < pages; page += 1) {
    const shown = await fetch(address, { headers: { cookie } });
    const html = await shown.text();
    const key = HIDDEN.exec(html)?.[1];
    if (key === undefined) {
      return;
    }
    const fields = said(html, person);
    fields.set('page', key);
    const sent = await fetch(address, { method: 'POST', body: fields, redirect: 'manual', headers: { cookie } });
    const next = new URL(sent.headers.get('location') ?? link, address);
    if (next.pathname !== new URL(link).pathname) {
      return; // the end page has an address of its own
    }
    address = next.href;
    cookie = sent.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
  }
}

/** What this person says to the questions of a page. */
function said(html: string, person: number): URLSearchParams {
  const names = new Set([...html.matchAll(NAMES)].map(([, name]) => name!));
  const answers = [...names].map((name): [string, string] => [
    name,
    ANSWERS[name]?.[person % ANSWERS[name].length] ?? '',
  ]);
  return new URLSearchParams([...answers, ['go', 'next']]);
}
