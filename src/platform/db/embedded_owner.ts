import pg from 'pg';
import { type Access, OWNER, superuserUrl } from './embedded_access.js';

/** Roles that units of work run under; the owner is their member and may not make roles. */
const ROLES = ['canvass_app', 'canvass_finder'];

/** Versions before this role connected as the superuser: what it made is handed over, once. */
const HAND_OVER = `DO $$
  DECLARE made record;
  BEGIN
    FOR made IN
      SELECT format('ALTER TABLE %s OWNER TO ${OWNER}', c.oid::regclass) AS statement
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
         AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
         -- The sequence of a column goes with its table.
         AND NOT (c.relkind = 'S' AND EXISTS (
           SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')))
      UNION ALL
      SELECT format('ALTER ROUTINE %s OWNER TO ${OWNER}', p.oid::regprocedure)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE n.nspname = 'public' AND p.proowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
    LOOP
      EXECUTE made.statement;
    END LOOP;
  END $$`;

/** Makes the role that the product connects as, the database's owner; all of it may be there already. */
export async function ensureOwner(access: Access): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl(access) });
  await client.connect();
  try {
    await client.query('BEGIN');
    for (const role of [...ROLES.map((name) => `${name} NOLOGIN`), `${OWNER} LOGIN`]) {
      const [name = ''] = role.split(' ');
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
      if (rowCount === 0) await client.query(`CREATE ROLE ${role}`);
    }
    await client.query(`ALTER ROLE ${OWNER} PASSWORD ${client.escapeLiteral(access.ownerPassword)}`);
    await client.query(`GRANT ${ROLES.join(', ')} TO ${OWNER}`);
    await client.query(`ALTER DATABASE postgres OWNER TO ${OWNER}`);
    await client.query(HAND_OVER);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
