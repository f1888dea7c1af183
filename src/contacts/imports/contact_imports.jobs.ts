import { job } from '../../platform/queue/jobs.js';

export const runImport = job<{ brandId: string; importId: string }>('contacts.run-import');
