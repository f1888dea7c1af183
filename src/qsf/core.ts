import type { Question } from '../engine/questions/question.schema.js';

/** What all types of questions have. */
export type Core = Pick<Question, 'id' | 'exportTag' | 'text' | 'label' | 'required' | 'displayLogic' | 'importId'>;
