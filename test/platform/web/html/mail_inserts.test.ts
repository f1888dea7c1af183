import { readableHeading } from '../../../../src/platform/web/html/mail_inserts.js';

const say = (key: string): string => ({ 'insert.FirstName': 'First name' })[key] ?? key;

describe('a subject that stands for its mail', () => {
  it.each([
    ['Welcome, ${m://FirstName}!', 'Welcome, (First name)!'],
    ['Welcome, ${m://FirstName?d=friend}!', 'Welcome, (First name)!'],
    ['${e://Field/Team}: your turn', '(Team): your turn'],
    ['Nothing ${to fill', 'Nothing ${to fill'],
  ])('says what %j is filled with, not by which code', (written, shown) => {
    expect(readableHeading(written, say)).toBe(shown);
  });
});
