const FIRST = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Ken', 'Radia', 'Tim'];
const LAST = ['Moreau', 'Okafor', 'Lindqvist', 'Tanaka'];
const DEPARTMENTS = ['Engineering', 'Sales', 'People', 'Finance'];
/** Reserved for examples (RFC 2606): nobody can ever get mail there. */
const DOMAINS = ['example.com', 'example.org', 'example.net'];

export interface DemoPerson {
  firstName: string;
  lastName: string;
  email: string;
  embedded: { department: string };
}

/** Forty people who do not exist. */
export function demoPeople(): DemoPerson[] {
  return LAST.flatMap((lastName, row) =>
    FIRST.map((firstName, column) => ({
      firstName,
      lastName,
      email: `${firstName}.${lastName}@${DOMAINS[(row + column) % DOMAINS.length]}`.toLowerCase(),
      embedded: { department: DEPARTMENTS[(row * 3 + column) % DEPARTMENTS.length]! },
    })),
  );
}
