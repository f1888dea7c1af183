/**
 * Whether a contact has finished a survey: a response says so, or, where answers are anonymous, the session that knows no
 * answers. The two are asked apart so that each goes by its own index.
 */
export function hasFinished(brandId: string, contactId: string, surveyId: string): string {
  return `(EXISTS (SELECT FROM responses r WHERE r.brand_id = ${brandId} AND r.contact_id = ${contactId}
      AND r.survey_id = ${surveyId} AND r.finished)
    OR EXISTS (SELECT FROM sessions p WHERE p.brand_id = ${brandId} AND p.contact_id = ${contactId}
      AND p.survey_id = ${surveyId} AND p.is_anonymous AND p.state = 'finished'))`;
}
