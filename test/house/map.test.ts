import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { OWNERS } from './table_owners.js';

const MAP = readFileSync('docs/map.md', 'utf8');
/** Who may use whom, as the boundaries say it. */
const MAY_USE = [
  ...readFileSync('.dependency-cruiser.mjs', 'utf8')
    .split('const DOORS')[0]!
    .matchAll(/^  (\w+): \[([^\]]*)\]/gm),
].map(([, room = '', uses = '']) => ({ room, uses: [...uses.matchAll(/\w+/g)].map(([name]) => name) }));
const STEP = /^ ?(\d+) (\w+) +(\S+\.ts)/gm;

/** The text below a heading that begins so. */
function section(heading: string): string {
  return MAP.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
}

/** The items of the list of tables, each with the rows that it goes on over. */
function tablesOf(room: string): string[] {
  const [, item = ''] = section('Tables').split(`- **${room}**: `);
  return [...(item.split('\n- ')[0] ?? '').matchAll(/`([a-z_]+)`/g)].map(([, table = '']) => table);
}

describe('the map', () => {
  it('shows every room once, and where to start reading it', () => {
    const lines = [...section('Rooms').matchAll(/^.{11}([a-z]+) +.* (\S+\.ts)$/gm)];
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(lines.map(([, room]) => room!).sort()).toEqual(folders.map(({ name }) => name).sort());
    expect(lines.filter(([, room, file]) => !file!.startsWith(`${room}/`) || !existsSync(`src/${file}`))).toEqual([]);
  });

  it('shows a room above all that it uses', () => {
    const order = [...section('Rooms').matchAll(/^.{11}([a-z]+) +.*\.ts$/gm)].map(([, room]) => room!);
    expect(MAY_USE.map(({ room }) => room).sort()).toEqual([...order].sort());
    const upwards = MAY_USE.flatMap(({ room, uses }) =>
      uses.filter((used) => order.indexOf(used) < order.indexOf(room)).map((used) => `${room} ${used}`),
    );
    expect(upwards).toEqual([]);
  });

  it('lists the tables of each owner', () => {
    const rooms = [...section('Tables').matchAll(/^- \*\*([a-z]+)\*\*/gm)].map(([, room]) => room!);
    const shown = Object.fromEntries(rooms.map((room) => [room, tablesOf(room).sort()]));
    expect(shown).toEqual(
      Object.fromEntries(Object.entries(OWNERS).map(([room, tables]) => [room, [...tables].sort()])),
    );
  });

  it.each(['The way of a mail', 'The way of an answer'])(
    '%s goes step by step through functions that there are',
    (way) => {
      const text = section(way);
      const steps = [...text.matchAll(STEP)].map(([, number, name = '', file = '']) => ({ number, name, file }));
      expect(steps.map(({ number }) => number)).toEqual(steps.map((_, place) => String(place + 1)));
      expect(text.split('\n')[0]).toBe(`${way}: ${steps.length} steps`);
      const gone = steps.filter(
        ({ name, file }) =>
          !existsSync(`src/${file}`) || !new RegExp(`\\b${name}\\b`).test(readFileSync(`src/${file}`, 'utf8')),
      );
      expect(gone).toEqual([]);
    },
  );
});
