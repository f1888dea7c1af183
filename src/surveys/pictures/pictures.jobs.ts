import { job } from '../../platform/queue/jobs.js';

export const fetchPictures = job<{ brandId: string }>('surveys.fetch-pictures', 2);
