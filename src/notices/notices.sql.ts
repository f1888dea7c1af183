/**
 * Whether somebody may still see what a notice is about. `n` and `e` are a notice and its event; the parameters say whether
 * the person administers the brand, and whether they may see distributions at all.
 */
export function visible(administers: string, sees: string): string {
  return `CASE WHEN e.kind = 'ownLimits' THEN ${sees} WHEN e.distribution_id IS NULL THEN ${administers} ELSE ${sees} AND EXISTS (
    SELECT FROM distributions d JOIN surveys s ON s.brand_id = d.brand_id AND s.id = d.survey_id
    WHERE d.brand_id = e.brand_id AND d.id = e.distribution_id AND d.deleted_at IS NULL AND s.deleted_at IS NULL
      AND (${administers} OR s.owner_id = n.user_id OR EXISTS (SELECT FROM survey_shares h
        WHERE h.brand_id = s.brand_id AND h.survey_id = s.id AND h.user_id = n.user_id AND h.can_distribute))) END`;
}
