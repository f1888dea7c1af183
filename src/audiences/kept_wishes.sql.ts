/**
 * Opt-outs that the contact and its membership on the distribution's list do not show, for message `m` of distribution
 * `d`: of the brand by the address (`kept.at`), which may be an older one of the contact; of the lists that the segment
 * of the distribution, or of its invitation, drew on (`drawn.at`).
 */
export const KEPT_WISHES = `
  LEFT JOIN opt_outs kept ON kept.brand_id = m.brand_id AND kept.list_id = 0 AND kept.person_hash = suppression_hash(m.address)
  LEFT JOIN LATERAL (SELECT min(off.opted_out_at) AS at FROM distributions i
    JOIN contact_list_members off ON off.brand_id = i.brand_id AND off.list_id = ANY (i.drew_on) AND off.contact_id = m.contact_id
    WHERE i.brand_id = d.brand_id AND i.id = coalesce(d.parent_id, d.id)) drawn ON true`;
