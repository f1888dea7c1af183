/**
 * One page of people, by name. The place to go on is found again by the last person shown, so that names with any
 * letters in them never travel in addresses. A brand has some hundred people; the sort is not worth an index.
 */
export const PEOPLE = `
  SELECT u.id, u.email, u.first_name AS "firstName", u.last_name AS "lastName", u.status,
         u.last_login_at AS "lastLoginAt", u.expires_at AS "expiresAt", t.name AS "typeName",
         (SELECT count(*)::int FROM permission_overrides o WHERE o.brand_id = u.brand_id AND o.user_id = u.id) AS overrides
  FROM users u JOIN user_types t ON t.brand_id = u.brand_id AND t.id = u.user_type_id
  WHERE ($1 = '' OR position(lower($1) IN lower(u.first_name || ' ' || u.last_name || ' ' || u.email)) > 0)
    AND ($2 = 'all' OR u.status = $2)
    AND ($3::bigint IS NULL OR (lower(u.last_name), lower(u.first_name), u.id) >
         (SELECT lower(p.last_name), lower(p.first_name), p.id FROM users p WHERE p.id = $3))
  ORDER BY lower(u.last_name), lower(u.first_name), u.id LIMIT $4`;

export const STATUS_COUNTS = `
  SELECT status, count(*)::int AS count FROM users
  WHERE $1 = '' OR position(lower($1) IN lower(first_name || ' ' || last_name || ' ' || email)) > 0 GROUP BY status`;
