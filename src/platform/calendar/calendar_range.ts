/** PostgreSQL, JavaScript and the calendars of other programs write these years alike; beyond them each has its own way. */
const [FIRST, AFTER_LAST] = [Date.UTC(1900, 0), Date.UTC(10_000, 0)];

/** Whether an instant that somebody wrote can be kept, added to and written out again. */
export function isInCalendar(at: Date): boolean {
  return at.getTime() >= FIRST && at.getTime() < AFTER_LAST;
}

/** Whether a text is a day as forms send one (`2027-02-28`), and there is such a day: 30 February is none. */
export function isCalendarDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isInCalendar(at) && at.toISOString().startsWith(text);
}

export const CALENDAR_WORDS = 'the year must lie between 1900 and 9999';
